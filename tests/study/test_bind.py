"""A book whose text is the same stays as it was printed; whatever else differs, it is printed."""

import pytest

from digital_diplomacy import steps
from footnoted import edition


@pytest.fixture
def bind(tmp_path, monkeypatch):
    """Bind the paper of a text: how often it has been printed."""
    printed = []

    def of(text):
        made = (text, {"a.svg": b"<svg/>"}) if text else None
        monkeypatch.setattr(edition, "bound", lambda book, notebooks: made)
        steps.bind(tmp_path, tmp_path / "paper.pdf")
        return len(printed)

    monkeypatch.setattr(edition, "typst_source", lambda *made: made)
    monkeypatch.setattr(edition, "print_pdf", lambda text, *more:
                        (printed.append(text), text.encode())[1])
    return of


def test_a_book_of_the_same_text_stays(bind, tmp_path):
    assert [bind("one"), bind("one"), bind("other"), bind("other")] == [1, 1, 2, 2]
    assert (tmp_path / "paper.pdf").read_bytes() == b"other"


@pytest.mark.parametrize("file", ["paper.pdf", "paper.printed", "requirements.lock"])
def test_what_was_garbled_or_of_other_code_is_printed_anew(bind, tmp_path, file):
    bind("one")
    (tmp_path / file).write_bytes(b"\xff\xfe")
    assert bind("one") == 2
    assert (tmp_path / "paper.pdf").read_bytes() == b"one"
    assert bind("one") == 2


def test_a_book_without_a_cell_is_empty(bind, tmp_path):
    assert [bind(""), bind(""), bind("one")] == [0, 0, 1]


def test_other_settings_print_it_anew(bind, monkeypatch):
    bind("one")
    monkeypatch.setattr(steps.running, "settings", lambda: {"author": "Another"})
    assert bind("one") == 2
