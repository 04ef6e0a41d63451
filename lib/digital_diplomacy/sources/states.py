"""The UN members: who they are, and what each source of the study calls them.

Codes are ISO 3166-1 alpha-3. Nothing is typed here but the names that only one source uses.
"""

from typing import NamedTuple

from ..data import CENTRAL_ASIA

STATES = ("country", "iso2", "name", "name_un", "region", "subregion", "central_asia")
# What UN DESA and the Instagram file call a state where neither Gapminder nor UNU-EGOV does.
ALIASES = {
    "ATG": ("Antigua",), "BHS": ("The Bahamas",), "BRN": ("Brunei Darussalam",),
    "COG": ("Republic of the Congo",), "GEO": ("Georgia (Country)",), "SWZ": ("Swaziland",),
    "FSM": ("Micronesia (Federated States of)", "Federated States of Micronesia"),
    "GBR": ("United Kingdom of Great Britain and Northern Ireland",), "MKD": ("Macedonia",),
    "IRN": ("Iran (Islamic Republic of)",), "LAO": ("Lao People's Democratic Republic",),
    "MDA": ("Republic of Moldova",), "PRK": ("Democratic People's Republic of Korea",),
    "RUS": ("Russian Federation",), "SYR": ("Syrian Arab Republic",), "TUR": ("Türkiye",),
    "TZA": ("United Republic of Tanzania",), "USA": ("United States of America",)}
SHOWN = {"CIV": "Côte d'Ivoire", "PRK": "North Korea", "KOR": "South Korea", "TUR": "Türkiye",
         "COG": "Republic of the Congo"}  # names for readers where UNU-EGOV's would puzzle them


class KnownStates(NamedTuple):
    """What is known of the states: rows of countries.csv, code by name, population by key."""
    states: dict
    codes: dict
    population: dict


def countries(geo, unu, survey):
    """The UN members: codes by Gapminder, names and regions by UNU-EGOV, name_un by UN DESA.

    Traps: Gapminder's `un_state` is TRUE for the Holy See and Palestine too, observers that
    UNU-EGOV does not list; iso2 `NA` is Namibia; the last row of UNU-EGOV is empty; UN DESA's
    names end in a blank.
    """
    official = {row["Country Name"].strip() for row in survey.rows}
    regions, rows = {row["COUNTRY CODE"]: row for row in unu.rows}, []
    for row in geo.rows:
        code = row["iso3166_1_alpha3"]
        if row["un_state"] == "TRUE" and code in regions:
            place = regions[code]
            calls = (place["COMMON NAME"], row["name"], *ALIASES.get(code, ()))
            rows.append(dict(zip(STATES, (
                code, row["iso3166_1_alpha2"], SHOWN.get(code, place["COMMON NAME"]),
                next((call for call in calls if call in official), ""), place["REGION"],
                place["SUB-REGION"], "yes" if code in CENTRAL_ASIA else "no"))))
    return sorted(rows, key=lambda row: row["country"])


def known_states(states, geo, unu):
    """The states by code, and the code by every name that a source gives them."""
    codes = {alias: code for code, names in ALIASES.items() for alias in names}
    codes |= {row["name"]: row["iso3166_1_alpha3"] for row in geo.rows}
    codes |= {row["COMMON NAME"]: row["COUNTRY CODE"] for row in unu.rows}
    by_code = {state["country"]: state for state in states}
    return KnownStates(by_code, {name: code for name, code in codes.items() if code in by_code}, {})
