"""Rows of a ledger made by hand, in the shape of ledger.ledger(), with every kind of verdict."""

import pandas as pd

from digital_diplomacy.claims import verdicts
from digital_diplomacy.claims.ledger import GROUP_OF

ORIGINS = {
    "KAZ/2023/internet_use/gapminder_internet_users":
        "Kazakhstan, 2023, Internet use: 92.8785 (Gapminder, 2026; row kaz, column 2023)",
    "KAZ/2021/internet_use/gapminder_internet_users":
        "Kazakhstan, 2021, Internet use: 90.86 (Gapminder, 2026; row kaz, column 2021)",
    "KAZ/2022/egdi/un_egdi_2022":
        "Kazakhstan, 2022, EGDI: 0.86280 (UN DESA, 2022; row Kazakhstan, 2022)",
    "KAZ/2017-01-31/milestones:kaz-digital-announced/akorda_2017":
        "Kazakhstan, 2017-01-31: Digital Kazakhstan announced (Akorda, 2017)",
}
INTERNET, SHARE_2021, EGDI, ANNOUNCED = ORIGINS
SOURCES = {
    "gapminder_internet_users": ("Gapminder", "Individuals using the Internet (% of population)",
                                 "2026", "https://www.gapminder.org/data/?a=1&b=2"),
    "un_egdi_2022": ("UN DESA", "E-Government Survey 2022", "2022",
                     "https://publicadministration.un.org/egovkb/"),
    "akorda_2017": ("Akorda", "Послание Главы государства «Третья модернизация»", "2017",
                    "javascript:alert(1)"),
}
STANDARD = pd.DataFrame(
    [["The source it cites.", "Whether it is right."], ["The study's own series.", "The <same>."],
     ["Its name.", "Its label."]], index=["cited", "preferred", "label"],
    columns=["What it is", "What it can decide"])
TRUTH = pd.DataFrame(verdicts.TRUTH, columns=["Evidence", "Own", "Label", "Cited", "Verdict"])


def check(against, rule, inputs, result, **more):
    """A check by rule, or by reading where `evidence` is given."""
    how = f"{more['evidence']} ({more['locator']})" if "evidence" in more else ""
    return {"against": against, "rule": rule, "inputs": inputs, "how": how, "result": result,
            "basis": "reading" if "evidence" in more else "rule", "evidence": "", "locator": "",
            "criterion": "", "source": ""} | more


def claim(name, chapter, page, statement, verdict, **more):
    """A row of the ledger: what is not said is the most common value."""
    row = {"id": name, "chapter": chapter, "page": str(page), "place": "text", "country": "",
           "kind": "number", "statement": statement, "printed": [], "own": "tied to nothing",
           "own_how": "", "cited": "none cited", "cited_how": "", "preferred": "none found",
           "preferred_how": "", "label": "right", "label_how": "",
           "quoted": "none found", "quoted_how": "", "independent": "none found",
           "independent_how": "", "line": "",
           "verdict": verdict, "marks": [], "basis": "rule", "central": [], "apart": "",
           "legible": True, "looked": "", "needed": "", "cites": "",
           "rows": [], "sources": [], "stability": None, "checks": []}
    assert not set(more) - set(row)
    row |= more
    return row | {"group": GROUP_OF[row["kind"]]}


READ = check("further", "", "", "differs", evidence="chapters 1 and 2 of <Digital>",
             locator="pp. 3-9", criterion="agrees if both name the aim", source="akorda_2017")
CLAIMS = [
    claim("dizard-term", "01-theory", 25, "The term digital diplomacy is Dizard's, of 2001.",
          "not checkable here", kind="attribution", printed=["2001"], cited="source not seen",
          cites="W. Dizard, Digital Diplomacy, p. 232", basis="none",
          needed="page 232 of the book: does it use the term?",
          looked="the publisher's excerpt and two library catalogues; the page is in neither"),
    claim("school-anglo-saxon", "01-theory", "25-26",
          'The "Anglo-Saxon school" sees < 3 tools & one aim in «мягкая сила».', "unsupported",
          kind="definition", basis="reading",
          marks=["another source says otherwise"],
          looked="Bjola and Holmes 2015, Manor 2016, by their tables of contents",
          checks=[READ]),
    claim("kaz-egdi", "02-kazakhstan", 27,
          "Kazakhstan's score on the E-Government Development Index is 0.8628.", "mislabelled",
          country="KAZ", printed=["0,8628"], cited="source not seen", preferred="agrees",
          preferred_how="0.8628 prints as 0.8628", label="wrong citation", line="label",
          label_how="the footnote names a page on internet penetration",
          cites="Statista, internet penetration in Kazakhstan 2011-2021", rows=[EGDI],
          sources=["un_egdi_2022"], central=["conclusion"],
          stability={"verdict": "mislabelled", "share": 1.0, "n": 3, "stands": 3, "over": [],
                     "turned_by": []},
          checks=[check("preferred", "same", "printed=article/kaz-egdi; found=obs/egdi/KAZ/2022",
                        "agrees"),
                  check("label", "on_subject", "claimed=word/egdi; cited=word/internet_use",
                        "wrong citation")]),
    claim("kaz-internet-share", "02-kazakhstan", 28,
          "As of 2023, 90.9 % of Kazakhstan's people use the internet.", "mislabelled",
          country="KAZ", printed=["90,9%", "2023"], own="inconsistent",
          own_how="17.3 million of 20.33 million people are 84.9 to 85.4 %, not 90.9 %",
          preferred="differs", preferred_how="92.8785 % in 2023; printed 90.85 to 90.95 %",
          label="wrong date", label_how="90.86 % is the value of 2021",
          marks=["conflicts within the article", "fragile"], rows=[INTERNET, SHARE_2021],
          sources=["gapminder_internet_users"], central=["conclusion", "r1"],
          stability={"verdict": "mislabelled", "share": 17 / 18, "n": 18, "stands": 17,
                     "over": ["Which count of <people>.", "Rounded or cut."],
                     "turned_by": ["population: mid-year 2022"]},
          checks=[check("label", "in_year",
                        "printed=article/kaz-internet-share; series=series/internet_use/KAZ",
                        "wrong date")]),
    claim("kaz-programme-presented", "02-kazakhstan", 27,
          "The government presented the programme Digital Kazakhstan on 31 January 2017.",
          "reproduced", country="KAZ", kind="date", printed=["31 января 2017"],
          preferred="agrees", preferred_how="31 January 2017", rows=[ANNOUNCED], line="preferred",
          sources=["akorda_2017"],
          checks=[check("preferred", "same_date", "printed=article/kaz-programme-presented; "
                        "found=milestone/kaz-digital-announced", "agrees")]),
    claim("kaz-figure-4", "02-kazakhstan", 30, "Figure 4 shows what the ministry writes about.",
          "not checkable here", place="figure", country="KAZ", legible=False, basis="none",
          marks=["not legible"], needed="a copy of the article with its pictures",
          looked="our copy and the journal's page"),
    claim("kaz-directions", "02-kazakhstan", 27, "The programme has five key directions.",
          "reproduced", country="KAZ", kind="count", printed=["пять"], apart="self-evident",
          central=["conclusion"], own="consistent", own_how="five items are listed"),
    claim("uzb-internet-users", "03-uzbekistan", 31, "Uzbekistan has 26.74 million users.",
          "contradicted", country="UZB", printed=["26,74 млн"], preferred="differs",
          preferred_how="76.6 % of 34.9 million is 26.7 million in 2021, 31.7 million in 2023",
          sources=["gapminder_internet_users"], central=["r1"]),
    claim("uzb-social-share", "03-uzbekistan", 32, "5.35 million users are 15.3 % of the people.",
          "inconsistent", country="UZB", printed=["5,35 млн", "15,3%"], own="inconsistent",
          own_how="5.35 million are 15.3 % of 35.0 million; 26.74 million are 76.6 % of 34.9"),
    claim("speed", "05-conclusions", 33, "Faster internet would serve Uzbekistan's diplomacy.",
          "unsupported", kind="effect", country="UZB", central=["r1", "conclusion"],
          basis="none", looked="open sources on speed and on what ministries publish"),
]


def frame(claims=CLAIMS):
    """The rows as ledger.ledger() gives them."""
    return pd.DataFrame(claims)


def held():
    """What ledger_page.gathered makes of them, without the study's tables."""
    sources = {name: dict(zip(("publisher", "title", "vintage", "publisher_url"), facts),
                          copy_url="", copy_kind="excerpt", read_on="2026-11-24")
               for name, facts in SOURCES.items()}
    return {"claims": CLAIMS, "origins": ORIGINS, "sources": sources,
            "countries": {"KAZ": "Kazakhstan", "UZB": "Uzbekistan"},
            "truth": TRUTH.to_dict("records"), "standard": STANDARD.to_dict("index")}


def many():
    """About as many claims as the article has, spread over its chapters as there."""
    chapters = {"01-theory": 22, "02-kazakhstan": 43, "03-uzbekistan": 36, "04-comparison": 9,
                "05-conclusions": 15}
    words = ["reproduced"] * 9 + ["mislabelled"] * 4 + ["disputed", "contradicted"] + \
        ["inconsistent"] + ["unsupported"] * 5 + ["not checkable here"] * 6
    made = []
    for chapter, n in chapters.items():
        for i in range(n):
            made.append(claim(f"{chapter}-{i}", chapter, 25 + i, f"Statement {i}.",
                              words[(i * 5) % len(words)], apart="notice" if i % 11 == 10 else "",
                              central=["conclusion"] if i % 6 == 1 else []))
    return made
