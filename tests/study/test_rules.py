"""The rules of the ledger, each on numbers worked by hand."""

import pytest

from digital_diplomacy.claims import rules
from digital_diplomacy.claims.rules import Dated
from footnoted.number import Number


def number(value, unit="%", printed="", country="KAZ", year="2023"):
    return Number(value, unit, printed=printed, rows=(f"{country}/{year}/internet_use/new",))


KAZ, UZB = "Internet use, Kazakhstan, 2023: ", "Internet use, Uzbekistan, 2023: "
ONLINE = number(90.9, printed="90.9")
USERS = number(17.3e6, "persons", printed="17.3")
NEAR, FAR = number(90.8588, year="2021"), number(92.8785)
BEFORE = Dated("2001", "a first programme", ("a",))
AFTER = Dated("2017-01-31", "an address", ("b",))


@pytest.mark.parametrize("rule, given, result, how", [
    ("same", dict(printed=ONLINE, found=NEAR), "agrees",
     "printed 90.9 %; the source has 90.9 % (2021)"),
    ("same", dict(printed=ONLINE, found=FAR), "differs",
     "printed 90.9 %; the source has 92.9 % (2023)"),
    ("same", dict(printed=number(28, "rank"), found=number(27, "rank", year="2022")), "differs",
     "printed 28th; the source has 27th (2022)"),
    ("counted", dict(printed=Number(5, "directions"), items=Number(5)), "agrees",
     "printed 5; found 5"),
    ("counted", dict(printed=Number(5, "directions"), items=Number(4)), "differs",
     "printed 5; found 4"),
    # 17.3 ÷ 19.62 is 88.2 %, of 19.03 it is 90.9 %
    ("divided", dict(printed=ONLINE, part=Number(17.3e6, "persons", printed="17.3"),
                     wholes=[Number(19.62e6, "persons")]), "differs",
     "17.3 million ÷ 19.6 million = 88.2 %, beside 90.9 % (2023)"),
    # 87.3 to 88.2 % lie 2.7 from 90.9 and 0.9 from each other; 88.2 to 89.9 % differ by more than
    # the point that parts them from it
    ("divided", dict(printed=ONLINE, part=Number(17.3e6, "persons", printed="17.3"),
                     wholes=[Number(19.62e6, "persons"), Number(19.82e6, "persons")]), "differs",
     "17.3 million ÷ 19.6 to 19.8 million = 87.3 to 88.2 %, beside 90.9 % (2023)"),
    ("divided", dict(printed=ONLINE, part=Number(17.3e6, "persons", printed="17.3"),
                     wholes=[Number(19.62e6, "persons"), Number(19.25e6, "persons")]), "undecided",
     "17.3 million ÷ 19.3 to 19.6 million = 88.2 to 89.9 %, beside 90.9 % (2023)"),
    ("divided", dict(printed=ONLINE, part=Number(17.3e6, "persons", printed="17.3"),
                     wholes=[Number(19.03e6, "persons"), Number(19.82e6, "persons")]), "agrees",
     "17.3 million ÷ 19 to 19.8 million = 87.3 to 90.9 %, beside 90.9 % (2023)"),
    ("divided", dict(printed=Number(91.2, "per 100 people", printed="91.2"),
                   part=Number(31.84e6, "connections", printed="31.84"),
                     wholes=[Number(34.9e6, "persons")]), "agrees",
     "31.8 million ÷ 34.9 million = 91.2 per 100 people, beside 91.2 per 100 people"),
    ("same_digits", dict(printed=Number(11.85e6, "accounts", printed="11.85"),
                         found=Number(11.85)), "agrees",
     "printed 11.9 million; the source's digits are 11.85"),
    ("same_digits", dict(printed=Number(11.86e6, "accounts", printed="11.86"),
                         found=Number(11.85)), "differs",
     "printed 11.9 million; the source's digits are 11.85"),
    # 90.924 % of 19,000,988 are 17.276 million; 92.8785 % of 20.33 million are 18.88 million
    ("count_in_year", dict(printed=USERS, shares=[number(90.924, year="2021"), FAR],
                           wholes=[number(19_000_988, "persons", year="2021"),
                                   number(20.33e6, "persons")]), "wrong date",
     "17.3 million equals the share of 2021 times a population: 90.9 % × 19 million; of 2 years "
     "no other fits"),
    # 92 % of 18.8 million are 17.296 million: no year is told from the other
    ("count_in_year", dict(printed=USERS, shares=[number(90.924, year="2021"),
                                                  number(92, year="2020"), FAR],
                           wholes=[number(19_000_988, "persons", year="2021"),
                                   number(18.8e6, "persons", year="2020"),
                                   number(20.33e6, "persons")]), "undecided",
     "17.3 million equals the share of 2020 and 2021 times a population: 90.9 % × 19 million"),
    ("count_in_year", dict(printed=USERS, shares=[number(90.924)],
                           wholes=[number(19_000_988, "persons")]), "right",
     "17.3 million is the count of 2023"),
    ("count_in_year", dict(printed=USERS, shares=[number(90.924, year="2021"), number(90.92)],
                           wholes=[number(19_000_988, "persons", year="2021"),
                                   number(19e6, "persons")]), "right",
     "17.3 million is the count of 2023"),
    ("count_in_year", dict(printed=USERS, shares=[FAR], wholes=[number(20.33e6, "persons")]),
     "undecided", "no year's share and population give it"),
    ("count_in_year", dict(printed=USERS, shares=[number(90.924, year="2021")],
                           wholes=[number(19_000_988, "persons")]), "undecided",
     "no year's share and population give it"),
    # 89.01 % of 35.65 million less 71.1 % of 33.59 million are 7.85 million
    ("grown", dict(printed=Number(8.84e6, "persons", printed="8.84"),
                   shares=[number(71.1, year="2020"), number(89.01)],
                   wholes=[number(33.59e6, "persons", year="2020"),
                           number(35.65e6, "persons")]), "differs",
     "printed 8.84 million; 31.7 million (2023) − 23.9 million (2020) = 7.85 million"),
    # 26.7 less 23 to less 16.4 million are 3.7 to 10.3 million
    ("grown_between", dict(printed=Number(8.84e6, "persons"), last=Number(26.7e6, "subscriptions"),
                           before=Number(16.4e6, "subscriptions"),
                           after=Number(23e6, "subscriptions")), "agrees",
     "printed 8.84 million; 26.7 million, less 23 million to 16.4 million"),
    ("grown_between", dict(printed=Number(10.4e6, "persons"), last=Number(26.7e6, "subscriptions"),
                           before=Number(16.4e6, "subscriptions"),
                           after=Number(23e6, "subscriptions")), "differs",
     "printed 10.4 million; 26.7 million, less 23 million to 16.4 million"),
    ("grown", dict(printed=Number(7.85e6, "persons", printed="7.85"),
                   shares=[number(71.1, year="2020"), number(89.01)],
                   wholes=[number(33.59e6, "persons", year="2020"),
                           number(35.65e6, "persons")]), "agrees",
     "printed 7.85 million; 31.7 million (2023) − 23.9 million (2020) = 7.85 million"),
    ("existed", dict(events=[BEFORE, AFTER], by=Dated("2023", "")), "agrees",
     "2001: a first programme; 2017-01-31: an address; by 2023"),
    ("existed", dict(events=[BEFORE, AFTER], by=Dated("2016", "")), "differs",
     "2017-01-31: an address; not by 2016"),
    ("existed", dict(events=[AFTER], by=Dated("2017-01-31", "")), "agrees",
     "2017-01-31: an address; by 2017-01-31"),
    ("existed", dict(events=[AFTER], by=Dated("2017", "")), "agrees",
     "2017-01-31: an address; by 2017"),
    ("nth", dict(printed=Number(6), first=Dated("2014", ""), held=Dated("2019-06-13", "")),
     "agrees", "printed 6; yearly from 2014, that of 2019-06-13 is the 6th"),
    ("nth", dict(printed=Number(5), first=Dated("2014", ""), held=Dated("2019-06-13", "")),
     "differs", "printed 5; yearly from 2014, that of 2019-06-13 is the 6th"),
    ("in_event", dict(printed=AFTER, stated=Dated("2017-12-04", "a meeting"), others=[AFTER]),
     "wrong name", "2017-01-31 is the date of another event: an address"),
    ("in_event", dict(printed=AFTER, stated=Dated("2017-01", "a meeting"), others=[BEFORE]),
     "right", "2017-01: a meeting"),
    ("in_event", dict(printed=AFTER, stated=Dated("2018", "a meeting"), others=[BEFORE]),
     "undecided", "no event found has the date 2017-01-31"),
    ("on_page", dict(printed=Number(232, "page"), pages=Number(217)), "wrong citation",
     "page 232 is cited; the work has 217 pages"),
    ("on_page", dict(printed=Number(50, "page"), pages=Number(50)), "right",
     "page 50 is cited; the work has 50 pages"),
    ("more", dict(left=FAR, right=number(89.0, country="UZB")), "agrees",
     f"{KAZ}92.9 % against {UZB}89.0 %"),
    ("more", dict(left=number(89.0, country="UZB"), right=FAR), "differs",
     f"{UZB}89.0 % against {KAZ}92.9 %"),
    ("more", dict(left=number(93, printed="93"), right=FAR), "undecided",
     f"{KAZ}93.0 % against {KAZ}92.9 %"),
    ("more", dict(left=Number(2, rows=ONLINE.rows, decimals=0), right=Number(0, decimals=0)),
     "agrees", "2 against 0"),
    ("more", dict(left=number(90, year="2021") + FAR, right=FAR), "agrees",
     f"{KAZ}182.9 % against {KAZ}92.9 %"),
    ("leading", dict(leaders=[FAR],
                     others=[number(89.0, country="UZB"), number(80, country="KGZ")]),
     "agrees", f"{KAZ}92.9 %, above {UZB}89.0 %; Internet use, Kyrgyzstan, 2023: 80.0 %"),
    ("leading", dict(leaders=[number(89.0, country="UZB")],
                     others=[FAR, number(80, country="KGZ")]),
     "differs", f"{UZB}89.0 %, not above {KAZ}92.9 %"),
    ("leading", dict(leaders=[FAR, number(89.0, country="UZB")],
                     others=[number(80, country="KGZ")]), "agrees",
     f"{KAZ}92.9 %; {UZB}89.0 %, above Internet use, Kyrgyzstan, 2023: 80.0 %"),
    ("leading", dict(leaders=[FAR, number(95, country="UZB")],
                     others=[number(93, printed="93", country="KGZ")]), "undecided",
     f"{KAZ}92.9 %, not above Internet use, Kyrgyzstan, 2023: 93.0 %"),
    ("leading", dict(leaders=[FAR, number(89.0, country="UZB")],
                     others=[number(93, printed="93", country="KGZ")]), "differs",
     f"{UZB}89.0 %, not above Internet use, Kyrgyzstan, 2023: 93.0 %"),
    ("between", dict(printed=Number(28, "rank"), low=Number(1), high=Number(193)), "agrees",
     "28 from 1 to 193"),
    ("between", dict(printed=Number(194, "rank"), low=Number(1), high=Number(193)), "differs",
     "194 from 1 to 193"),
    ("same_date", dict(printed=AFTER, found=Dated("2017-01", "a month")), "agrees",
     "printed 2017-01-31; a month: 2017-01"),
    ("same_date", dict(printed=AFTER, found=Dated("2017-12-12", "a resolution")), "differs",
     "printed 2017-01-31; a resolution: 2017-12-12"),
    ("earliest", dict(first=AFTER, others=[BEFORE]), "differs",
     "2001: a first programme, before 2017-01-31"),
    ("earliest", dict(first=Dated("2017", ""), others=[AFTER]), "agrees",
     "none of 1 known dates lies before 2017"),
    ("in_year", dict(printed=ONLINE, series=[NEAR, FAR]), "wrong date",
     "90.9 % is the value of 2021; that of 2023 is 92.9 %"),
    ("in_year", dict(printed=ONLINE, series=[number(90.9)]), "right",
     "90.9 % is the value of 2023"),
    ("in_year", dict(printed=ONLINE, series=[FAR]), "undecided", "no year's value agrees"),
    ("in_year", dict(printed=ONLINE, series=[NEAR]), "undecided", "no value of 2023 is held"),
    ("in_year", dict(printed=number(90.9, printed="90.9", year=""), series=[NEAR, FAR]), "right",
     "90.9 % is the value of 2021"),
    ("on_subject", dict(claimed="egdi", cited="internet_use"), "wrong citation",
     "the claim is about egdi; what it cites is about internet_use"),
    ("on_subject", dict(claimed="egdi", cited="egdi"), "right",
     "the claim is about egdi; what it cites is about egdi"),
])
def test_rule(real, rule, given, result, how):
    found = rules.RULES[rule](**given)
    assert (found.result, found.how) == (result, how)


def test_every_rule_is_tried_with_two_of_its_results():
    tried = [(rule, result) for rule, _, result, _ in test_rule.pytestmark[0].args[1]]
    assert {rule: len({one for name, one in tried if name == rule}) > 1
            for rule in rules.RULES} == dict.fromkeys(rules.RULES, True)


def test_rows_of_all_inputs_are_kept_once(real):
    assert rules.same(ONLINE, FAR).rows == ONLINE.rows
    assert rules.earliest(AFTER, [BEFORE]).rows == ("b", "a")


@pytest.mark.parametrize("rule, given", [
    ("same", dict(printed=ONLINE, found=Number(5, "persons"))),
    ("more", dict(left=ONLINE, right=Number(5, "index"))),
    ("leading", dict(leaders=[ONLINE], others=[FAR, Number(5, "index")])),
    ("divided", dict(printed=Number(5, "index"), part=Number(1, "persons"),
                     wholes=[Number(2, "persons")])),
    ("more", dict(left=ONLINE, right=Number(5, rows=ONLINE.rows))),
    ("grown", dict(printed=Number(5, "%"), shares=[ONLINE, ONLINE],
                   wholes=[Number(1e6, "persons"), Number(2e6, "persons")])),
    ("in_year", dict(printed=ONLINE, series=[Number(5, "index")]))])
def test_no_rule_compares_two_units(real, rule, given):
    with pytest.raises(ValueError, match="units differ"):
        rules.RULES[rule](**given)


def test_a_number_of_several_years_is_told_without_one():
    assert rules.with_year(FAR) == "92.9 % (2023)"
    assert rules.with_year(FAR - NEAR) == "2.0 points"


@pytest.mark.parametrize("rule, given, brief", [
    ("existed", dict(events=[AFTER._replace(label="Talk"), BEFORE], by=Dated("2023", "")),
     "2017-01-31: Talk, and 1 more"),
    ("existed", dict(events=[AFTER, BEFORE], by=Dated("2016", "")), "2017-01-31: an address"),
    ("leading", dict(leaders=[FAR], others=[number(89.0, country="UZB")]),
     f"{KAZ}92.9 %, above {UZB}89.0 %"),
    ("leading", dict(leaders=[FAR, number(89.0, country="UZB")],
                     others=[number(80, country="KGZ")]),
     f"the least of 2: {UZB}89.0 %, above Internet use, Kyrgyzstan, 2023: 80.0 %"),
    ("leading", dict(leaders=[FAR, number(79, country="UZB")],
                     others=[number(80, country="KGZ")]),
     f"the least of 2: {UZB}79.0 %, not above Internet use, Kyrgyzstan, 2023: 80.0 %"),
    ("on_subject", dict(claimed="egdi", cited="internet use"),
     "what it cites is about internet use")])
def test_long_words_of_a_rule_have_a_brief_form(real, rule, given, brief):
    assert rules.RULES[rule](**given).brief == brief
