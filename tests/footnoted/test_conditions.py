"""Links that carry their own condition: the grammar, what is judged, what is refused."""

import by_hand as hand
import pytest

from footnoted import edition, links
from footnoted.conditions import literal, parsed
from footnoted.links import slug

YEARS = ["2008", "2010", "2012", "2014"]
RIPE = {"HIL": [40.0, 50.0, 60.0, 70.0], "VAL": [30.0, 45.0, None, 75.0]}


def row(orchard, year):
    return f"{orchard}/{year}/ripe/diary"


def share(orchard, year, value):
    if value is None:
        return hand.cell("–")
    return hand.cell(f"{value:.1f}", f"{value:.1f} %", [row(orchard, year)], value=value) | {
        "low": value - 0.05, "high": value + 0.05, "unit": "%"}


def rank(value, year):
    return hand.cell(str(value), f"{value}th", [row("HIL", year)], value=float(value)) | {
        "low": float(value), "high": float(value), "unit": "rank"}


def path():
    """A table of four years: two shares, a rank, words."""
    cells = [[*(share(orchard, year, RIPE[orchard][i]) for orchard in RIPE), rank(9 - i, year),
              hand.cell("early", align="left")] for i, year in enumerate(YEARS)]
    every = [one for line in cells for c in line for one in c["rows"]]
    return hand.table("path", cells=cells, index=YEARS, row_keys=YEARS, rows=every,
                      origin={one: f"origin of {one}" for one in every},
                      columns=["Hillside", "Valley", "Rank", "World median"],
                      column_keys=["HIL", "VAL", "rank", "remark"],
                      sides=["right", "right", "right", "left"])


def notebook(prose, metadata=None, **more):
    nb = hand.notebook(f"## Who?\n\n{prose}", table=path(), **more)
    nb.metadata |= metadata or {}
    return nb


def target(text):
    return links.find_target(links.record(notebook(""), "02-hillside"), text)


def state(text):
    return target(text).bundle["state"]


@pytest.mark.parametrize("text, expected", [
    ("path/2008/HIL>path/2008/VAL", "true"), ("path/2008/hil<path/2008/val", "false"),
    ("path/2014/hillside<path/2014/valley", "true"), ("path/2012/hil>path/2012/val", "undecided"),
    ("path/2010/hil=50%", "true"), ("path/2010/hil=50", "true"), ("path/2010/hil≠50", "false"),
    ("path/2010/hil>50", "undecided"),           # rounded: 49.95 to 50.05
    ("path/2010/hil>49.95", "undecided"), ("path/2010/hil>49.9", "true"),
    ("gap>3", "true"), ("gap<3.5", "false"), ("3<gap", "true"), ("gap>−1.5", "true"),
    ("path/*/hil>39", "true"), ("path/*/hil>45", "false"), ("path/*/val>20", "undecided"),
    ("path/2008..2010/hil>path/2008..2010/val", "true"), ("path/*/hil>path/*/val", "false"),
    ("path/2008..2012/hil>path/2008..2012/val", "undecided"),
    ("path/2008..2010/hil>path/2008..2012/val", "undecided"),   # 2012 has no match
    ("path/2014..2008/hil>0", "undecided"),                     # an empty range
    ("path/2010..2014/hil>path/2008/hil", "true"), ("path/2014/rank<path/2008/rank", "true"),
])
def test_states(text, expected):
    assert state(text) == expected


def test_a_year_beside_a_day():
    year = hand.number("founded", text="2021") | {"value": 2021.0, "low": 2021.0, "high": 2021.0,
                                                  "unit": "year"}
    rec = links.record(notebook("", number=year), "x")
    states = [links.find_target(rec, f"founded<{day}").bundle["state"]
              for day in ("2022-07-01", "2021-07-01", "2020-07-01")]
    assert states == ["true", "undecided", "false"]


def test_what_a_comparison_rests_on_and_says():
    found = target("path/2008..2010/HIL>path/2008..2010/VAL")
    assert found.kind == "finding" and found.text == "40.0 % > 30.0 %; 50.0 % > 45.0 %"
    assert found.rows == (row("HIL", 2008), row("HIL", 2010), row("VAL", 2008), row("VAL", 2010))
    assert found.bundle["origin"][row("VAL", 2010)] == "origin of VAL/2010/ripe/diary"
    assert found.anchor == "from-path-2008-2010-hil-above-path-2008-2010-val"
    assert target("path/*/hil>45").text == "40.0 % > 45 %"      # the pair that decides


@pytest.mark.parametrize("text, says", [
    ("path/2018/hil>1", "no cells of table #path answer to it; '2018': did you mean '20"),
    ("path/2010/hill>1", "did you mean 'hil'"),
    ("path/2010/xyz>1", "its columns: hil, val, rank, remark"),
    ("pathh/2010/hil>1", "nothing has this id: did you mean 'path'?"),
    ("path/2018..2010/hil>1", "table #path has no row 2018: did you mean '20"),
    ("path>1", "a table: name a cell of it"), ("ahead>1", "is a finding: it has no value"),
    ("path/*>1", "a range of rows is written TABLE/FIRST..LAST/COLUMN"),
    ("gap/*/x>1", "a range of rows is written"),
    ("path/2010/remark>1", "holds words: “early”"),
    ("path/2010/hil>path/2010/rank", "50.0 % and 8th have different units"),
    ("path/2010/hil>path/2008/val", "share neither year nor subject"),
    ("path/2010/hil>", "is no comparison of two sides"), (">1", "is no comparison of two sides"),
    ("path/2010/hil>>1", "is no comparison"), ("1<path/2010/hil<2", "is no comparison"),
    ("gap>2021-13-01", "no day of the calendar"),
])
def test_what_is_refused(text, says):
    with pytest.raises(LookupError) as caught:
        target(text)
    assert says in str(caught.value)


def test_the_values_refused_are_named_as_printed():
    with pytest.raises(LookupError, match=r"^its sides cannot be compared: 50\.0 % and 8th"):
        target("path/2010/hil>path/2010/rank")


def test_a_value_that_forgot_its_rows_is_told():
    untraced = notebook("[above three](#gap>3)", number=hand.number(rows=[], untraced=True))
    (line,) = links.problems(untraced, "x")
    assert "forgotten its rows" in line


@pytest.mark.parametrize("prose", [
    "[ahead of Valley](#path/2008/HIL>path/2008/VAL)",
    "[in every year](#path/2008..2010/HIL>path/2008..2010/VAL)",
    "[above two fifths](#path/*/HIL>39)", "[fewer than 10](#path/*/rank<10)",
    "[the same](#path/2010/HIL=50%)", "[never below](#path/*/HIL>39)",
    "[ahead of](#path/2014/rank<path/2008/rank)", "[first](#path/2008/VAL<path/2008/HIL)"])
def test_true_conditions_build(prose):
    nb = notebook(prose)
    assert links.problems(nb, "x") == []
    page = edition.html(nb, "x")
    assert 'class="finding true"' in page and "Holds: " in page


@pytest.mark.parametrize("prose, says", [
    ("[ahead](#path/2014/HIL>path/2014/VAL)", "does not hold: 70.0 % > 75.0 %"),
    ("[ahead](#path/2014/rank>path/2008/rank)", "; of two ranks the smaller is ahead ("),
    ("[ahead](#path/2012/HIL>path/2012/VAL)", "is undecided: 60.0 % > –"),
    ("[behind](#path/2008/HIL>path/2008/VAL)", "says the opposite of its condition"),
    ("[behind](#path/2014/rank<path/2008/rank)", "says the opposite of its condition"),
    ("[higher](#path/2008/VAL<path/2008/HIL)", "says the opposite"),
    ("[behind](#wrong)", "says the opposite"),
    ("[more](#path/2008/HIL>1x)", "has no target"),
])
def test_conditions_that_stop_a_build(prose, says):
    (line,) = links.problems(notebook(prose, finding=hand.finding("wrong")), "x")
    assert says in line and "under “Who?”, cell prose" in line


def test_operators_survive_the_forms_that_editors_write():
    for written in ("path/2010/HIL%3Epath/2010/VAL", "path/2010/HIL>path/2010/VAL"):
        assert links.problems(notebook(f"[ahead]({'#' + written})"), "x") == []
    assert links.problems(notebook("[apart](#path/2010/HIL%E2%89%A0path/2010/VAL)"), "x") == []


def test_a_condition_of_another_chapter():
    other = edition.chapter(notebook(""), "01-other")
    front = edition.front_matter("# T\n\n[ahead](01-other.ipynb#path/2008/HIL>path/2008/VAL)",
                                 [other])
    edition.compose([front])
    front = edition.front_matter("# T\n\n[ahead](01-other.ipynb#path/2014/HIL>path/2014/VAL)",
                                 [other])
    with pytest.raises(Exception, match="does not hold"):
        edition.compose([front])


def test_parsed_and_literal():
    assert parsed("a/b/c=d") == ("a/b/c", "=", "d") and parsed("a/b/c") is None
    assert literal("a") is None and literal("0.667").decimals == 3
    assert (literal("50%").unit, float(literal("−0.5"))) == ("%", -0.5)
    assert slug("North/East") == "north-east"


# numerals without a link -------------------------------------------------------------------------

@pytest.mark.parametrize("prose, found", [
    ("It stood 12th with 97.5 % in 2019.", ["12th", "97.5 %"]),
    ("On 31 January 2017, p. 27, pp. 31 and 32, Figures 2 and 5, chapter 4, table 3.", []),
    ("It says “about 90 %” and `97.5 %`, [3.9 points](#gap), [@smith2004, p. 12].", []),
    ("2.3 million users, 41,564 rows", ["2.3 million", "41,564"]),
    ("1. First of 18 people.\n2. UP-5400", []),
    ("## In 2.5 steps\n\n<!-- 2.5 -->", []),
])
def test_numerals_that_look_like_data_need_a_link(prose, found):
    lines = links.unlinked_numerals(notebook(prose), data=True)
    assert [line.split("'")[1] for line in lines] == found
    assert links.problems(notebook(prose), "x") == [f"x, {line}" for line in lines]


def test_smaller_numerals_are_told_to_the_writer_only():
    assert [line.split("'")[1] for line in links.unlinked_numerals(notebook("18 people"))] == ["18"]


# the argument ------------------------------------------------------------------------------------

FOR = {"footnoted": {"argument": {"orchard": "HIL", "year": 2023}, "title": "An orchard",
                     "about": "orchard"}}


def argued(metadata=FOR, **more):
    """A chapter with a block (the table) and an argument (its title, a number, a paragraph)."""
    nb = notebook("[50.0 %](#path/2010/HIL) in the block.", metadata, **more)
    nb.cells[0].metadata["tags"] = ["argument"]
    held = {one.id: one for one in nb.cells}
    held["number"].metadata["tags"] = ["argument"]
    argument = hand.text("## Argued\n\nHillside is [ahead](#path/2008/HIL>path/2008/VAL) by "
                         "[3.9 points](#gap).", "argued")
    argument.metadata["tags"] = ["argument"]
    nb.cells.insert(-1, argument)
    return nb


def test_an_argument_is_printed_for_its_own_parameters():
    page = edition.html(argued(), "x")
    assert "Argued" in page and "Run with" not in page and ">Hillside</h1>" in page


def test_an_argument_is_left_out_for_others():
    nb = hand.other_year(argued())
    page = edition.html(nb, "x")
    assert "Argued" not in page and "3.9 points" not in page and "in the block" in page
    assert ("Run with year = 2015. Its argument, written for orchard = HIL, year = 2023, is left "
            "out.") in page
    assert ">An orchard: HIL</h1>" in page or ">An orchard: Hillside</h1>" in page
    assert links.problems(nb, "x") == []


def test_a_reader_may_change_the_parameters_cell_itself():
    nb = argued()
    next(one for one in nb.cells if one.id == "parameters").source = 'orchard = "VAL"\nyear = 2023'
    assert "Argued" not in edition.html(nb, "x")


def test_a_contradiction_in_an_argument_that_is_left_out_stops_nothing():
    nb = argued()
    nb.cells[-2].source += " [behind](#path/2014/HIL>path/2014/VAL)"
    assert links.problems(nb, "x") != []
    assert links.problems(hand.other_year(nb), "x") == []


def test_a_block_does_not_lean_on_the_argument():
    nb = argued()
    nb.cells.insert(-1, hand.text("[above one](#gap>1) in the block.", "leaning"))
    (line,) = links.problems(nb, "x")
    assert "cell leaning: “above one” leads into the argument" in line


# results of another notebook ---------------------------------------------------------------------

def two(orchard_study, prose):
    """A chapter whose prose links to another, which has run."""
    runs = orchard_study / "build" / "executed"
    runs.mkdir(parents=True)
    hand.save(notebook("[50.0 %](#path/2010/HIL)"), runs / "S1-x.ipynb")
    for name in ("S1-x", "02-hillside"):
        hand.save(notebook(prose), orchard_study / "notebooks" / f"{name}.ipynb")
    return notebook(prose)


def test_a_link_to_another_notebooks_result_is_judged_and_filled(orchard_study):
    nb = two(orchard_study, "[50.0 %](S1-x.ipynb#path/2010/HIL), "
                            "[ahead](S1-x.ipynb#path/2008/HIL>path/2008/VAL), "
                            "[its table](S1-x.ipynb#path), [S1](S1-x.ipynb)")
    page = edition.html(nb, "02-hillside")
    assert 'href="#S1-x-from-path-2-1"' in page and 'id="S1-x-from-path-2-1"' in page
    assert 'class="finding true"' in page and 'href="S1-x.html#path">its table' in page
    assert edition.pdf(nb, "02-hillside").startswith(b"%PDF")


@pytest.mark.parametrize("prose, says", [
    ("[51.0 %](S1-x.ipynb#path/2010/HIL)", 'is now "50.0 %"'),
    ("[ahead](S1-x.ipynb#path/2014/HIL>path/2014/VAL)", "does not hold"),
    ("[x](S1-x.ipynb#pathh/2014/HIL)", "did you mean 'path'"),
    ("[x](S2-y.ipynb#path)", "there is no notebook 'S2-y'"),
    ("[x](S2-y.ipynb)", "there is no notebook 'S2-y'")])
def test_a_link_to_another_notebook_that_is_wrong_is_refused(orchard_study, prose, says):
    nb = two(orchard_study, prose)
    with pytest.raises(Exception, match="Not published") as caught:
        edition.html(nb, "02-hillside")
    assert says in str(caught.value) and "cell prose" in str(caught.value)


def test_numbers_of_another_notebook_are_synced(orchard_study):
    nb = two(orchard_study, "[51.0 %](S1-x.ipynb#path/2010/HIL)")
    new, changes, _ = edition.sync(nb, nb, "02-hillside", edition.records(nb))
    assert len(changes) == 1
    assert any("[50.0 %](S1-x.ipynb#path/2010/HIL)" in cell.source for cell in new.cells)


def test_a_block_does_not_lean_on_another_notebook(orchard_study):
    two(orchard_study, "x")
    nb = argued()
    nb.cells.insert(-1, hand.text("[50.0 %](S1-x.ipynb#path/2010/HIL)", "leaning"))
    (other,) = edition.records(nb).values()
    assert links.problems(nb, "x", {"S1-x": other}) == []  # it holds for any parameters
    (line,) = links.problems(nb, "x", {"S1-x": other._replace(argued=True)})
    assert "leads into S1-x, which other parameters do not follow" in line
    del nb.metadata["footnoted"]["argument"]  # what leaves nothing out has no block that could lean
    assert links.problems(nb, "x", {"S1-x": other._replace(argued=True)}) == []
