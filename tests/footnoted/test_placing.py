"""Figures and tables at the top of a next page: which move, and how few layouts tell it."""

import json
from types import SimpleNamespace

import pytest
import typst

from footnoted import edition
from footnoted.edition import placing, writers


def measured(key, page, left, need, top=None):
    """What a layout says of one, on pages of 700 points of which 80 may stay white."""
    return {"key": key, "page": page, "left": left, "need": need, "top": top, "gap": 80,
            "height": 700}


def test_what_fits_again_goes_back_alone_and_returns_but_once():
    stands = [measured(key, 1, 500, 100, top=2) for key in "ab"]
    assert placing.first_wrong(stands, {"a", "b"}, set()) == ["a"]
    assert placing.first_wrong(stands, {"a", "b"}, {"a"}) == ["b"]


def test_what_leaves_little_white_goes_over_with_the_text():
    stands = [measured("a", 1, 79, 300), measured("b", 2, 81, 300)]
    assert placing.first_wrong(stands, set(), set()) == ["b"]


def test_one_at_the_top_of_its_own_page_is_judged_as_if_it_stood_in_the_text():
    stood, = placing.without_own_tops([measured("a", 3, 100, 300)], {"a": 3})
    assert stood["left"] == 100 + 300 + placing.CLEAR
    assert placing.first_wrong([stood], {"a"}, set()) == ["a"]


def test_the_text_between_is_counted_without_what_stands_in_it():
    """By hand: 500 points of text; then 300 that go over to page 2, and 90.6 points of text."""
    stands = [measured("a", 1, 200, 300), measured("b", 2, 300, 100)]
    assert placing.texts_between(stands) == pytest.approx([500, 90.6])


def test_all_that_follow_are_foreseen_from_one_layout():
    """By hand: a moves to page 2, so that the text comes up: b, 50.6 points of text below it, would
    stand on page 1 before a, and moves as well; c stands 290.6 points of text below them, on page 3
    since page 2 has 26.4 left."""
    stands = [measured("a", 1, 200, 300), measured("b", 2, 340, 340), measured("c", 3, 400, 90)]
    found = placing.foreseen(stands, set(), ["a"], set())
    assert found == {"a", "b"}


def settled(folder, monkeypatch, text):
    """(what stands at the top of a next page, how many layouts it took, options of typst)."""
    folder.mkdir()
    options, asked, real = edition.typst_folder(folder, text, {}), [], typst.Compiler

    def counted(**given):
        compiler = real(**given)
        return SimpleNamespace(compile=compiler.compile, query=lambda label, **more: (
            asked.append(label) or compiler.query(label, **more)))

    with monkeypatch.context() as patched:
        patched.setattr(typst, "Compiler", counted)
        placing.settle(options)
    return (folder / "late").read_text().split(), asked.count("<near>"), options


def test_a_long_text_is_settled_in_fewer_layouts_than_one_for_each(tmp_path, monkeypatch):
    lines = "\n\n".join(f"#lorem({60 + 37 * n % 90})\n#near(\"k{n}\", rect(height: "
                        f"{80 + 53 * n % 200}pt))" for n in range(60))
    text = edition.typst_text([writers._raw("typst", lines)], "Many")
    late, layouts, options = settled(tmp_path / "ours", monkeypatch, text)
    monkeypatch.setattr(placing, "foreseen", lambda stands, moved, wrong, returned:
                        moved ^ set(wrong))
    one_by_one, more, _ = settled(tmp_path / "plain", monkeypatch, text)
    assert len(late) > 5 and layouts < more, (late, layouts, one_by_one, more)
    compiler = typst.Compiler(**options)
    stands, tops = (json.loads(compiler.query(label, field="value"))
                    for label in ("<near>", "<top>"))
    assert len(stands) == 60 and {one["key"] for one in tops} == set(late)
    stands = placing.without_own_tops(stands, {one["key"]: one["page"] for one in tops})
    assert not [one["key"] for one in stands
                if one["need"] > one["left"] > one["gap"] and not one["top"]]
