"""What can hardly be true: seeded errors that stand in value and printed text alike."""

import pandas as pd
import pytest
from conftest import REPOSITORY

from digital_diplomacy import data, plausibility
from digital_diplomacy.validation import faults


@pytest.fixture(scope="module")
def world():
    """The study's observations as the rules see them; a test works on a copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DD_DATA", str(REPOSITORY / "data"))
        frame = data.observations()
        allowed, lines = plausibility.expected(frame["row"])
        assert lines == []
        yield frame, allowed


def suspects(world, **changes):
    """Rule and rows of all suspicions that are not expected, after a change of values by row."""
    frame, allowed = world
    frame = frame.assign(value=frame["value"].where(
        ~frame["row"].isin(changes), frame["row"].map(changes)).astype(float))
    rows = plausibility.in_series(frame)
    return {(name, *(frame.at[i, "row"] for i in (one.row, one.other) if i is not None))
            for name, rule in plausibility.RULES.items() for one in rule(rows)
            if (name, frame.at[one.row, "row"]) not in allowed}


def test_nothing_of_today_is_suspected_and_nothing_expected_is_idle(world):
    frame, allowed = world
    rows = plausibility.in_series(frame)
    found = {(name, frame.at[one.row, "row"]) for name, rule in plausibility.RULES.items()
             for one in rule(rows)}
    assert found <= allowed
    idle = [(one["rule"], one["row"]) for one in data.read("expected").to_dict("records")
            if "*" not in one["row"] and (one["rule"], one["row"]) not in found]
    assert idle == []


BROADBAND = "fixed_broadband/gapminder_broadband_subscribers_per_100_people"
ERRORS = [  # a row, what is typed there, the rule that sees it
    ("KAZ/2022/egdi_rank/undesa_egdi_2022", 82, "rank"),
    ("KAZ/2022/egdi_rank/undesa_egdi_2022", 29, "rank"),
    ("UZB/2020/egdi/undesa_egdi_2020", 0.6656, "parts"),
    ("UZB/2020/egdi/undesa_egdi_2020", 0.6666, "parts"),
    ("TJK/2005/egdi/undesa_egdi_2005", 0.03346, "parts"),  # whose part is missing and counts as 0
    ("KAZ/2022/population/wdi_2025_sp_pop_totl", 200346090, "step"),
    ("KAZ/2022/population/wdi_2025_sp_pop_totl", 200346090, "vintage"),
    ("KAZ/2022/population/wdi_2025_sp_pop_totl", 19743603, "repeat"),
    ("UZB/2023/population/wdi_2025_sp_pop_totl", 3565289, "step"),  # the newest of its series
    ("UZB/2019/internet_use/gapminder_internet_users", 74.0, "vintage"),
    (f"KAZ/2015/{BROADBAND}", 1.30, "step"),
    ("KAZ/2015/gdp_per_capita/wdi_2025_ny_gdp_pcap_cd", 105100, ""),  # the first is held to none
    ("KAZ/2018/gdp_per_capita/wdi_2025_ny_gdp_pcap_cd", 981.2, "step"),
    ("KAZ/2020/secure_servers/wdi_secure_servers", 318.409955, "step"),
    ("KAZ/2021-02-08/social_media_users/memo98_2021", 95e6, "people"),
    ("KAZ/2021-02-08/social_media_users/memo98_2021", 95e6, "share"),
    ("UZB/2022/internet_users/daryo_2024_speed", 3.1e6, "share"),
    ("KAZ/2018-08-03/facebook_audience_low/fb_census_2018", 18.5e6, "most"),
    ("KAZ/2017/embassies_abroad/inform_2017_missions", 570, "most"),
    ("UZB/2023-09-30/mobile_speed/trend_2023_speed", 236.3, "jump"),
    ("UZB/2024/egdi_rank/mygov_2024_egdi", 36, "vintage"),
]


@pytest.mark.parametrize("row, typed, rule", ERRORS)
def test_an_error_alike_in_value_and_printed_is_suspected(world, row, typed, rule):
    found = suspects(world, **{row: typed})
    assert any(name == rule and row in rows for name, *rows in found) if rule else not found


def test_a_wrong_part_is_told_at_its_index(world):
    assert suspects(world, **{"UZB/2020/osi/undesa_egdi_2020": 0.7284}) == {
        ("parts", "UZB/2020/egdi/undesa_egdi_2020")}


def test_what_only_gave_way_to_a_wrong_rank_is_not_told(world):
    score = suspects(world, **{"KAZ/2022/egdi/undesa_egdi_2022": 0.6828})
    assert [one for one in score if one[0] == "rank"] == [(
        "rank", "KAZ/2022/egdi_rank/undesa_egdi_2022", "KAZ/2022/egdi/undesa_egdi_2022")]


def test_values_of_neighbours_exchanged_are_told_both(world):
    kaz, ken = "KAZ/2022/egdi/undesa_egdi_2022", "KEN/2022/egdi/undesa_egdi_2022"
    values = world[0].set_index("row")["value"]
    found = suspects(world, **{kaz: values[ken], ken: values[kaz]})
    assert {("parts", kaz), ("parts", ken)} <= found


# in the small study

def test_a_line_names_row_other_row_and_rule_and_a_reason_lets_it_pass(study):
    study.set("observations", 8, value="9.23", printed="9.23")
    row, other = "KAZ/2023/internet_use/old", "KAZ/2023/internet_use/new"
    assert faults() == [
        f"observations.csv line 8, value: 9.23 of {row} does not go with 92.9 of another source, "
        f"{other}: a row of data/corrections.csv, or if it is right vintage,{row},reason in "
        "data/expected.csv"]
    study.write("expected", [["vintage", row, "the older one was a misprint"]])
    study.describe(*data.tables())
    assert faults() == []
    study.write("expected", [["vintage", "KAZ/*/internet_use/old", "all of them"]])
    assert faults() == []


def test_an_expected_row_that_is_no_observation_is_told(study):
    study.write("expected", [["step", "KAZ/2O23/internet_use/new", "a reason"]])
    study.describe(*data.tables())
    assert faults() == ["expected.csv line 2, row: no observation 'KAZ/2O23/internet_use/new': "
                        "mend it, or delete the row"]


def test_the_rules_are_those_that_the_table_allows(real):
    [field] = [field for field in data.schemas()["expected"]["fields"] if field["name"] == "rule"]
    assert field["constraints"]["enum"] == list(plausibility.RULES)


@pytest.mark.parametrize("rule", plausibility.RULES)
def test_no_rule_falls_over_an_empty_table(small, rule):
    rows = plausibility.in_series(data.observations())
    assert list(plausibility.RULES[rule](rows[:0])) == []
    assert isinstance(rows, pd.DataFrame)
