"""Raw file → rows: the traps of each family, on small files written here; the rebuild on RAW."""

import csv
import hashlib
import os
from decimal import Decimal
from pathlib import Path

import pytest

from digital_diplomacy import sources
from digital_diplomacy.sources import raw
from digital_diplomacy.sources.states import KnownStates

DATA = Path(__file__).parents[2] / "data"
HEAD = ("Survey Year,Country Name,E-Government Rank,E-Government Index,E-Participation Index,"
        "Online Service Index,Human Capital Index,Telecommunication Infrastructure Index\n")
CODES = {"KAZ": ("KZ", "Kazakhstan"), "UZB": ("UZ", "Uzbekistan"), "TJK": ("TJ", "Tajikistan"),
         "NAM": ("NA", "Namibia"), "ALB": ("AL", "Albania"), "AND": ("AD", "Andorra")}
KNOWN = KnownStates({code: {"country": code, "iso2": iso2, "name": name}
               for code, (iso2, name) in CODES.items()},
              {name: code for code, (_, name) in CODES.items()},
              {("TJK", "2018"): Decimal(40_000), ("TJK", "2019"): Decimal(40_000)})


def table(source, text, mark=""):
    """A raw file of this source as the reader gets it."""
    return raw.parse(source, f"{source}.csv", (mark + text).encode())


def rows(made, **wanted):
    """The observations with these cells, as a list."""
    return [row for row in made if isinstance(row, dict)
            and all(row[name] == value for name, value in wanted.items())]


def faults(made):
    return [str(item) for item in made if isinstance(item, raw.Fault)]


def by_age(columns, separator=","):
    """A census file: `columns` maps head to 48 cells."""
    lines = [separator.join(["", *columns])]
    for place, age in enumerate(sources.AGES):
        lines.append(separator.join([age, *(cells[place] for cells in columns.values())]))
    return "\r\n".join(lines) + "\r\n"


# Cells

@pytest.mark.parametrize("text, value", [
    ("0.86280", "0.8628"), ("146", "146"), (" 92.8785 ", "92.8785"), ("0.0", "0"),
    ("3.8e+07", "38000000"), ("170000.0", "170000"), ("100", "100")])
def test_a_printed_number_becomes_its_plain_decimal(text, value):
    assert sources.canonical_number(text) == value


@pytest.mark.parametrize("text", ["1,234", "inf", "nan", "NA", "", "45K", "0x1", "٣", "1_000"])
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(ValueError):
        sources.canonical_number(text)


@pytest.mark.parametrize("text, ends", [
    ("45K–50K", (45_000, 50_000)), ("45K-50K", (45_000, 50_000)), ("1K-1.5K", (1000, 1500)),
    ("900K–1M", (900_000, 1_000_000)), ("3.5M–4M", (3_500_000, 4_000_000))])
def test_a_range_of_accounts_has_two_ends(text, ends):
    assert sources.span(text) == ends


@pytest.mark.parametrize("text", ["0", "0.0", " 0 "])
def test_a_range_of_0_is_no_figure(text):
    assert sources.span(text) is None


@pytest.mark.parametrize("text", ["45K", "45–50", "", "45K—50K", "50000", "-1"])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ValueError):
        sources.span(text)


# Tables

def test_a_mark_and_windows_line_ends_are_no_part_of_the_cells():
    made = table("unu_egov_countries", "COUNTRY CODE;COMMON NAME\r\nNAM;Namibia\r\n", "\ufeff")
    assert made.columns == ("COUNTRY CODE", "COMMON NAME")
    assert made.rows == [{"COUNTRY CODE": "NAM", "COMMON NAME": "Namibia"}]


def test_a_row_with_too_many_or_too_few_cells_is_refused_with_its_line():
    with pytest.raises(sources.RawError, match=r"line 2.*\n.*line 4"):
        table("gapminder_geo", "a,b\n1\n1,2\n1,2,3\n")


def test_a_file_that_is_not_utf8_is_refused_with_the_line():
    with pytest.raises(sources.RawError, match="a.csv line 2: not UTF-8"):
        raw.parse("gapminder_geo", "a.csv", "a,b\nc,Ж".encode("cp1251"))


# UN DESA

def survey(year, *lines):
    return list(sources.egdi(table(f"undesa_egdi_{year}", HEAD + "".join(
        f"{year},{line}\n" for line in lines)), KNOWN))


def test_survey_names_lose_their_last_blank_and_numbers_keep_their_zeros():
    [row] = rows(survey(2022, '"Kazakhstan ",28,0.86280,0.80680,0.93440,0.90210,0.75200'),
                 indicator="egdi")
    assert (row["country"], row["value"], row["printed"]) == ("KAZ", "0.8628", "0.86280")
    assert row["locator"] == "row Kazakhstan, column E-Government Index"
    assert (row["year"], row["kind"], row["status"], row["missing"]) == ("2022", "printed", "", "")


def test_survey_index_of_0_is_not_assessed_and_takes_rank_and_parts_with_it():
    made = rows(survey(2003, '"Uzbekistan ",174,0.00000,0.00000,0.00000,0.91000,0.05276'))
    assert len(made) == 6
    assert {row["value"] for row in made} == {""}
    assert {row["status"] for row in made} == {"not assessed"}
    assert {row["indicator"]: row["printed"] for row in made}["egdi_rank"] == "174"


def test_survey_blank_rank_is_not_yet_a_member():
    made = rows(survey(2003, "Namibia,,0.00000,0.00000,0.00000,0.00000,0.00000"))
    assert {row["missing"] for row in made} == {"not yet a UN member"}
    assert not any(row["value"] for row in made)


def test_survey_zero_of_an_assessed_state_is_true_but_for_human_capital_up_to_2005():
    cells = '"Andorra ",100,0.20000,0.00000,0.00000,0.00000,0.00000'
    early = {row["indicator"]: row for row in rows(survey(2005, cells))}
    late = {row["indicator"]: row for row in rows(survey(2012, cells))}
    assert [early[name]["value"] for name in ("epi", "osi", "tii", "hci")] == ["0", "0", "0", ""]
    assert early["hci"]["status"] == "missing component" and early["hci"]["printed"] == "0.00000"
    assert late["hci"]["value"] == "0" and late["hci"]["status"] == ""


def test_survey_index_above_1_is_out_of_range_and_a_rank_is_not():
    made = survey(2003, '"Namibia ",90,0.30000,0.10000,0.10000,1.42200,0.20000')
    assert [row["indicator"] for row in rows(made, status="out of range")] == ["hci"]
    assert rows(made, indicator="hci")[0]["value"] == "1.422"


def test_survey_of_2024_has_shorter_names_and_a_region():
    text = ("Survey Year,Country,Rank,E_Index,E_Participation,Online_Service,Human_Capital,"
            "Tele_Infra,Region\r\n2024,Uzbekistan ,63,0.79990,0.69860,0.76480,0.78720,0.84770,"
            "Asia\r\n")
    made = list(sources.egdi(table("undesa_egdi_2024", text), KNOWN))
    assert [row["value"] for row in rows(made, indicator="egdi_rank")] == ["63"]
    assert len(made) == 6


def test_survey_says_all_faults_at_once_with_row_column_and_value():
    made = faults(survey(2022, "Kazakstan,28,0.8,0.8,0.8,0.8,0.8",
                         'Uzbekistan,69,0.7,"0,6",x,0.8,0.7'))
    assert len(made) == 3
    assert "line 2, column Country Name: 'Kazakstan'" in made[0]
    assert "row Uzbekistan, column E-Participation Index: '0,6'" in made[1]
    assert "row Uzbekistan, column Online Service Index: 'x'" in made[2]


# Gapminder

INTERNET = "geo,time,internet_users\n"


def internet(text):
    return list(sources.READERS["gapminder_internet_users"](
        table("gapminder_internet_users", INTERNET + text), KNOWN))


def test_gapminder_drops_other_places_and_what_is_before_1990():
    made = rows(internet("kaz,1989,0\nkaz,2023,92.8785\nhos,2023,1\nnam,2023,64.4\n"), missing="")
    assert [(row["country"], row["printed"]) for row in made] == [("KAZ", "92.8785"),
                                                                  ("NAM", "64.4")]
    assert made[0]["locator"] == "row kaz, 2023"


def test_gapminder_says_what_is_missing_for_the_five_states_only():
    made = rows(internet("kaz,2000,0.7\nkaz,2002,1.7\nnam,2000,1.6\n"), value="")
    assert {row["country"] for row in made} == {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    assert [row["year"] for row in rows(made, country="KAZ")] == ["2001"]
    assert made[0]["missing"].startswith("not published")


@pytest.mark.parametrize("line, status", [
    ("tjk,2009,10.07", ""), ("tjk,2010,11.55", "modelled"), ("tjk,2017,21.96", "modelled"),
    ("uzb,2018,55.2", ""), ("uzb,2019,70.4", "step"), ("kaz,2019,81.8776", "")])
def test_gapminder_marks_interpolated_years_and_the_step(line, status):
    assert rows(internet(line + "\n"), missing="")[0]["status"] == status


def test_gapminder_marks_no_mobile_subscriptions():
    made = list(sources.READERS["gapminder_cell_phones_per_100_people"](table(
        "gapminder_cell_phones_per_100_people",
        "geo,time,cell_phones_per_100_people\ntjk,2012,81.5\n"), KNOWN))
    assert rows(made, country="TJK", year="2012")[0]["status"] == ""


@pytest.mark.parametrize("line, said", [
    ("kaz,2023,inf", "'inf'"), ("kaz,2023,", "''"), ("kaz,MMXX,1", "column time: 'MMXX'")])
def test_gapminder_cells_that_are_no_numbers_are_faults(line, said):
    assert [said in fault for fault in faults(internet(line + "\n"))] == [True]


# World Bank

LONG = '"country"|"iso2c"|"iso3c"|"year"|"SP.POP.TOTL"\r\n'


def test_population_2024_keeps_namibia_and_drops_aggregates_and_the_unpublished_year():
    made = list(sources.READERS["wdi_2024_sp_pop_totl"](table("wdi_2024_sp_pop_totl", LONG + (
        '"Africa Eastern and Southern"|"ZH"|"AFE"|2022|720859132\r\n'
        '"Namibia"|"NA"|"NAM"|2023|NA\r\n"Namibia"|"NA"|"NAM"|2022|2567012\r\n'
        '"Kazakhstan"|"KZ"|"KAZ"|2023|NA\r\n"Kazakhstan"|"KZ"|"KAZ"|2022|NA\r\n')), KNOWN))
    assert [(row["country"], row["year"], row["value"], row["missing"]) for row in made] == [
        ("NAM", "2022", "2567012", ""), ("KAZ", "2022", "", "not published")]


def test_population_printed_with_an_exponent_is_rounded():
    [row] = sources.READERS["wdi_2024_sp_pop_totl"](table(
        "wdi_2024_sp_pop_totl", LONG + '"Namibia"|"NA"|"NAM"|2022|3.8e+07\r\n'), KNOWN)
    assert (row["printed"], row["value"], row["status"]) == ("3.8e+07", "38000000", "rounded")


def test_population_2025_has_a_column_a_year_and_blank_is_missing():
    made = list(sources.READERS["wdi_2025_sp_pop_totl"](table(
        "wdi_2025_sp_pop_totl", "Country Name,Country Code,Indicator Name,Indicator Code,2015,2016"
        '\nKazakhstan,KAZ,"Population, total",SP.POP.TOTL,17900000,\n', "\ufeff"), KNOWN))
    assert [(row["year"], row["value"], row["missing"]) for row in made] == [
        ("2015", "17900000", ""), ("2016", "", "not published")]


def test_an_older_vintage_keeps_the_five_states_only_and_blank_is_missing():
    text = ("country|iso2c|iso3c|year|IT.NET.BBND.P2|Topic\r\nNamibia|NA|NAM|2022|3|NAM\r\n"
            "Kazakhstan|KZ|KAZ|2023||KAZ\r\nKazakhstan|KZ|KAZ|2022|15.35467732|KAZ\r\n"
            "Uzbekistan|UZ|UZB|2022||UZB\r\n")
    made = list(sources.READERS["wdi_2024_it_net_bbnd_p2"](
        table("wdi_2024_it_net_bbnd_p2", text), KNOWN))
    assert [(row["country"], row["year"], row["value"], row["missing"]) for row in made] == [
        ("KAZ", "2022", "15.35467732", ""), ("UZB", "2022", "", "not published")]


def test_our_world_in_data_keeps_the_five_states_from_1990():
    text = ("Entity;Code;Year;Individuals using the Internet (% of population)\r\n"
            "World;OWID_WRL;2022;63\r\nKazakhstan;KAZ;1989;0\r\nKazakhstan;KAZ;2022;92.2969\r\n"
            "Namibia;NAM;2022;62.2\r\n")
    [row] = sources.our_world(table("owid_internet_2025", text), KNOWN)
    assert (row["country"], row["year"], row["printed"]) == ("KAZ", "2022", "92.2969")
    assert row["locator"] == "row KAZ, 2022"


def test_passports_count_pairs_of_members_that_need_nothing_beforehand():
    text = ("Passport,Destination,Requirement\nKAZ,UZB,30\nKAZ,TJK,visa free\n"
            "KAZ,NAM,visa on arrival\nKAZ,ALB,e-visa\nKAZ,AND,covid ban\nKAZ,KAZ,-1\n"
            "KAZ,HKG,14\nUZB,KAZ,eta\n")
    made = list(sources.passports(table("passport_index_20221221", text), KNOWN))
    assert {(row["indicator"], row["country"], row["value"]) for row in made if row["value"] != "0"
            } == {("passport_mobility", "KAZ", "3"), ("passport_openness", "UZB", "1"),
                  ("passport_openness", "TJK", "1"), ("passport_openness", "NAM", "1")}
    assert {(row["date"], row["kind"]) for row in made} == {("2022-12-21", "computed")}
    assert rows(made, country="UZB", indicator="passport_mobility")[0]["value"] == "0"


# Audiences


def facebook(**columns):
    return list(sources.facebook(table("fb_census_2018", by_age(columns)), KNOWN))


def test_facebook_sums_both_ends_over_the_ages():
    made = facebook(KZ=["45K–50K"] * 24 + ["1M-1.5M"] * 24)
    low, high = (rows(made, country="KAZ", indicator=f"facebook_audience_{end}")[0]
                 for end in ("low", "high"))
    assert (low["value"], high["value"]) == ("25080000", "37200000")
    assert (low["kind"], low["printed"], low["status"]) == ("computed", "", "")
    assert low["date"] == "2018-08-03" and "48 of 48 ages" in low["locator"]


def test_facebook_ages_without_a_figure_make_a_lower_bound_and_an_incomplete_sum():
    made = rows(facebook(UZ=["1K–1.5K"] * 40 + ["0"] * 5 + ["0.0"] * 3), country="UZB")
    assert [(row["value"], row["status"]) for row in made] == [("40000", "lower bound"),
                                                               ("60000", "incomplete")]
    assert "40 of 48 ages" in made[0]["locator"]


def test_facebook_without_any_figure_or_column_is_missing_with_the_reason():
    made = facebook(KZ=["0"] * 48)
    assert {row["missing"] for row in rows(made, country="KAZ")} == {
        "not shown: all 48 ages print 0"}
    assert {row["missing"] for row in rows(made, country="UZB")} == {"no column in the file"}
    assert not any(row["value"] for row in made)


def test_facebook_column_na_is_namibia():
    assert rows(facebook(NA=["1K–1.5K"] * 48), country="NAM")[0]["value"] == "48000"


def test_facebook_sum_above_the_population_is_out_of_range():
    assert {row["status"] for row in rows(facebook(TJ=["1K–1.5K"] * 48), country="TJK")} == {
        "out of range"}


def test_facebook_cell_that_is_no_range_is_a_fault_with_its_age():
    said = faults(facebook(KZ=["1K–1.5K"] * 47 + ["2.5B–3M"]))
    assert len(said) == 1 and "row 65, column KZ: '2.5B–3M'" in said[0]


def test_a_census_without_its_48_ages_is_a_fault():
    made = list(sources.facebook(table("fb_census_2018", ",KZ\n18,1K–2K\n19,1K–2K\n"), KNOWN))
    assert "the 48 ages" in faults(made)[0]


def instagram(**columns):
    return list(sources.instagram(table("ig_census_2019", by_age(columns, "\t")), KNOWN))


def test_instagram_sums_the_ages_and_a_floor_makes_an_upper_bound():
    made = instagram(Kazakhstan=["170000.0"] * 48, Uzbekistan=["1000.0"] * 2 + ["3000.0"] * 46)
    kaz, uzb = rows(made, country="KAZ")[0], rows(made, country="UZB")[0]
    assert (kaz["value"], kaz["status"], kaz["date"]) == ("8160000", "", "2019-05-23")
    assert (uzb["value"], uzb["status"]) == ("140000", "upper bound")
    assert uzb["locator"].endswith("2 at the floor of 1,000")


def test_instagram_columns_that_agree_are_duplicates_unless_all_is_floor():
    same = ["1000.0"] * 45 + ["1500.0"] * 3
    made = instagram(Albania=same, Andorra=same, Kazakhstan=["1000.0"] * 48,
                     Uzbekistan=["1000.0"] * 48)
    assert {row["country"] for row in rows(made, status="duplicate")} == {"ALB", "AND"}
    assert rows(made, country="KAZ")[0]["status"] == "upper bound"


def test_instagram_state_without_a_column_is_missing_and_above_population_out_of_range():
    made = instagram(Tajikistan=["1000.0"] * 48)
    assert rows(made, country="TJK")[0]["status"] == "out of range"
    assert rows(made, country="KAZ")[0]["missing"] == "no column in the file"


# The states

def test_members_come_from_the_files_and_observers_do_not():
    geo = table("gapminder_geo", "name,iso3166_1_alpha2,iso3166_1_alpha3,un_state\n"
                "Holy See,VA,VAT,TRUE\nNamibia,NA,NAM,TRUE\nKyrgyz Republic,KG,KGZ,TRUE\n"
                "Aruba,AW,ABW,FALSE\nUSSR,,,FALSE\n")
    unu = table("unu_egov_countries", "COUNTRY CODE;COMMON NAME;REGION;SUB-REGION\r\n"
                "NAM;Namibia;Africa;Southern Africa\r\nKGZ;Kyrgyzstan;Asia;Central Asia\r\n;;;\r\n",
                "\ufeff")
    official = table("undesa_egdi_2022", 'Country Name\n"Kyrgyzstan "\nNamibia\n')
    made = sources.countries(geo, unu, official)
    assert [tuple(row.values()) for row in made] == [
        ("KGZ", "KG", "Kyrgyzstan", "Kyrgyzstan", "Asia", "Central Asia", "yes"),
        ("NAM", "NA", "Namibia", "Namibia", "Africa", "Southern Africa", "no")]
    assert sources.known_states(made, geo, unu).codes["Kyrgyz Republic"] == "KGZ"


# The whole

@pytest.fixture
def folders(tmp_path):
    """A RAW with a small file for every source, and a data folder whose sources.csv fits."""
    with open(tmp_path / "sources.csv", "w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["source", "path", "sha256", "how_to_get", "copy_url"])
        for source in sources.WANTED:
            (tmp_path / source).mkdir()
            (tmp_path / source / "a.csv").write_bytes(b"a,b\n1,2\n")
            digest = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
            lines.writerow([source, "sub/a.csv", digest, "download it", "https://example.org/a"])
    return tmp_path


def test_a_changed_and_a_missing_file_are_named_together_before_any_is_read(folders):
    (folders / "fb_census_2018" / "a.csv").write_bytes(b"a,b\r\n1,2\r\n")
    (folders / "undesa_egdi_2003" / "a.csv").unlink()
    with pytest.raises(sources.RawError) as error:
        sources.write(folders, folders)
    lines = str(error.value).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("undesa_egdi_2003/a.csv: not there: download it")
    assert lines[1].startswith("fb_census_2018/a.csv: sha256") and "https://" in lines[1]
    assert not (folders / "observations.csv").exists()


def test_files_with_other_columns_are_refused_and_nothing_is_written(folders):
    with pytest.raises(sources.RawError, match="no column"):
        sources.write(folders, folders)
    assert not (folders / "observations.csv").exists()


def test_a_folder_that_is_not_there_is_one_line(folders):
    with pytest.raises(sources.RawError, match="no folder.*README"):
        sources.load(folders / "nowhere", folders, sources.WANTED)


def test_a_source_without_its_row_is_named(folders):
    with pytest.raises(sources.RawError, match="sources.csv, nonesuch"):
        sources.load(folders, folders, ["nonesuch"])


def given():
    """The folder of the real raw files, or the reason to skip."""
    if not os.environ.get("RAW"):
        pytest.skip("RAW is not set: it names the folder of the raw files (data/README.md)")
    return Path(os.environ["RAW"])


def test_tables_are_rebuilt_from_raw_files_byte_for_byte(tmp_path):
    (tmp_path / "sources.csv").write_bytes((DATA / "sources.csv").read_bytes())
    written = sources.write(given(), tmp_path)
    assert written == ["countries.csv", "observations.csv"]
    for name in written:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_a_damaged_file_gives_every_fault_at_once():
    tables = raw.load(given(), DATA, sources.WANTED)
    survey_2022 = tables["undesa_egdi_2022"]
    broken = [{**row, "Human Capital Index": "0,5"} if row["Country Name"].strip() == "Uzbekistan"
              else row for row in survey_2022.rows if row["Country Name"].strip() != "Namibia"]
    tables["undesa_egdi_2022"] = survey_2022._replace(rows=broken)
    with pytest.raises(sources.RawError) as error:
        sources.build(tables)
    lines = str(error.value).splitlines()
    assert len(lines) == 2
    assert "row Uzbekistan, column Human Capital Index: '0,5'" in lines[0]
    assert "row Namibia, all columns: 'no row'" in lines[1]


# What is committed

@pytest.fixture(scope="module")
def committed():
    with open(DATA / "observations.csv", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("country, year, indicator, value, status", [
    ("KAZ", "2022", "egdi", "0.8628", ""), ("UZB", "2022", "egdi_rank", "69", ""),
    ("UZB", "2024", "egdi_rank", "63", ""), ("KAZ", "2023", "internet_use", "92.8785", ""),
    ("UZB", "2003", "egdi_rank", "", "not assessed"),
    ("UZB", "2019", "internet_use", "70.4", "step"),
    ("FSM", "2003", "hci", "1.422", "out of range"), ("TJK", "2012", "epi", "0", ""),
    ("KAZ", "2018", "facebook_audience_low", "1845000", ""),
    ("TKM", "2018", "facebook_audience_low", "2000", "lower bound"),
    ("KAZ", "2019", "instagram_audience", "7165700", ""),
    ("ATG", "2019", "instagram_audience", "49200", "upper bound"),
    ("LIE", "2018", "facebook_audience_low", "", ""), ("TKM", "2018", "internet_use", "", ""),
    ("UZB", "2021", "gdp_per_capita", "2258.519641", ""),
    ("PRK", "2021", "gdp_per_capita", "", ""),
    ("UZB", "2022", "passport_openness", "85", ""), ("KAZ", "2025", "passport_mobility", "75", "")])
def test_known_cells(committed, country, year, indicator, value, status):
    [row] = [row for row in rows(committed, country=country, year=year, indicator=indicator)
             if not row["source"].startswith(("owid_", "wdi_2024_it_"))]
    assert (row["value"], row["status"]) == (value, status)


def test_panels_are_as_full_as_their_sources(committed):
    assert len(rows(committed, indicator="egdi", year="2022")) == 193
    assert len(rows(committed, source="wdi_2024_sp_pop_totl")) == 193 * 33
    assert len(rows(committed, source="wdi_2025_sp_pop_totl")) == 193 * 9
    assert len([row for row in rows(committed, indicator="instagram_audience") if row["value"]]) \
        == 181
    without = rows(committed, indicator="facebook_audience_low", missing="no column in the file")
    assert len(without) == 12


def test_a_row_has_a_value_or_the_reason_why_not(committed):
    assert not [row for row in committed if bool(row["value"]) == bool(row["missing"])]
    assert not [row for row in committed if row["kind"] == "printed" and row["value"]
                and sources.canonical_number(row["printed"]) != row["value"]]
