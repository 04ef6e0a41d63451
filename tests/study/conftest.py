"""A study of a few rows for the tests."""

import csv
import json
import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGE = json.loads((REPOSITORY / "data" / "datapackage.json").read_text(encoding="utf-8"))
SCHEMAS = {one["name"]: one["schema"] for one in PACKAGE["resources"]}
COLUMNS = {name: [field["name"] for field in schema["fields"]] for name, schema in SCHEMAS.items()}
TABLES = {  # each row as the words of a line; "_" is an empty cell
    "countries": """
        KAZ|KZ|Kazakhstan|Kazakhstan|Asia|Central Asia|yes
        KGZ|KG|Kyrgyzstan|Kyrgyzstan|Asia|Central Asia|yes
        NAM|NA|Namibia|Namibia|Africa|Southern Africa|no
        TJK|TJ|Tajikistan|Tajikistan|Asia|Central Asia|yes
        UZB|UZ|Uzbekistan|Uzbekistan|Asia|Central Asia|yes""",
    "indicators": """
        egdi|E-Government Development Index|index|4|A score|higher|0|1|capacity|EGDI
        egdi_rank|EGDI rank|rank|0|A rank|lower|1|193|capacity|EGDI rank
        internet_use|People using the internet|%|1|A share|higher|0|100|capacity|Internet use
        population|Population|persons|0|All persons|none|0|_|context|Population""",
    "sources": """
        article_2023|A journal|The article|2023|2023|https://example.org/article|_|publisher|_|_|_|none stated|no|2026-11-24|_|read it|_
        blog|A blog|Numbers of a blog|2018|_|https://example.org/blog|_|excerpt|_|_|_|none stated|no|2026-11-24|_|read it|_
        new|Bank|Indicators|2025|2025-10-18|https://example.org/new|_|publisher|_|_|_|CC BY 4.0|yes|2026-11-24|_|read it|_
        old|Bank|Indicators|2024|2024-09-30|https://example.org/old|_|mirror|_|_|_|CC BY 4.0|yes|2026-11-24|_|read it|_
        survey|UN|Survey|2022|2022|https://example.org/survey|_|publisher|_|_|_|none stated|yes|2026-11-24|_|read it|_""",
    "preferred": """
        internet_use|1|new|2020|2025
        internet_use|2|old|1990|2024""",
    "observations": """
        KAZ|2019|_|internet_use|81.9|81.9|printed|_|old|row KAZ, 2019|_
        KAZ|2020|_|internet_use|86.0|86.0|printed|_|new|row KAZ, 2020|_
        KAZ|2020|_|internet_use|85.9|85.9|printed|_|old|row KAZ, 2020|_
        KAZ|2022|_|egdi|0.8628|0.8628|printed|_|survey|row 9|_
        KAZ|2022|_|egdi_rank|28|28|printed|_|survey|row 9|_
        KAZ|2023|_|internet_use|92.9|92.9|printed|_|new|row KAZ, 2023|_
        KAZ|2023|_|internet_use|92.3|92.3|printed|_|old|row KAZ, 2023|_
        KAZ|2023|_|population|20330104|20330104|printed|_|new|row KAZ, 2023|_
        KGZ|2022|_|egdi|0.6977|0.6977|printed|_|survey|row 25|_
        NAM|2023|_|internet_use|62.2|_|computed|modelled|new|mean of two|_
        TJK|2022|_|egdi|_|0|printed|not assessed|survey|row 11|not assessed in this survey
        TJK|2023|_|internet_use|_|_|printed|_|new|row TJK, 2023|not published
        UZB|2020|_|internet_use|71.1|71.1|printed|step|new|row UZB, 2020|_
        UZB|2022|_|egdi|0.7265|0.7265|printed|_|survey|row 153|_
        UZB|2022|_|egdi_rank|69|69|printed|_|survey|row 153|_
        UZB|2023|_|internet_use|89.0|89.0|printed|_|new|row UZB, 2023|_""",
    "facts": """
        KAZ|2018|2018-02-01|internet_use|78.9|78,9 %|printed|_|blog|paragraph 2|_|_
        UZB|2023|_|population|35650000|35.65 million|printed|estimate|blog|paragraph 3|_|_""",
    "corrections": """
        KAZ|2019|_|internet_use|old|status|_|estimate|modelled by the source|its own notes""",
    "article": """
        kaz-people|text|2|5|printed page|KAZ|2023|internet_use|17.3 million|17300000|persons|_|yes|_|_|people online
        kaz-rank|text|3|7|printed page|KAZ|2022|egdi_rank|29th|29|rank|_|yes|_|_|a place in the survey
        kaz-share|text|2|5|printed page|KAZ|2023|internet_use|92.9 %|92.9|%|_|yes|_|_|nine in ten are online
        tjk-share|text|2|5|printed page|TJK|2023|internet_use|50 %|50|%|_|yes|_|_|half are online
        uzb-share|text|2|6|printed page|UZB|2023|internet_use|83,3 %|83.3|%|_|yes|_|_|most are online
        uzb-topic|figure|4|9|printed page|UZB|2023|_|_|_|%|_|no|not legible in our copy|_|a share of a figure""",
}


def cells(line):
    """A line of TABLES as cells."""
    return ["" if word == "_" else word for word in line.strip().split("|")]


class Study:
    """A folder data/ whose tables a test may change."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        for name in TABLES:
            self.write(name, [cells(line) for line in TABLES[name].strip().splitlines()])
        self.describe(*TABLES)

    def describe(self, *names):
        """Describe these tables in datapackage.json, as the study's own describes them."""
        resources = [{key: value for key, value in one.items() if key != "hash"}
                     for one in PACKAGE["resources"] if one["name"] in names]
        (self.folder / "datapackage.json").write_text(
            json.dumps({**PACKAGE, "resources": resources}), encoding="utf-8")

    def path(self, name):
        return self.folder / f"{name}.csv"

    def write(self, name, rows, columns=None):
        """Write a table anew: lists of cells, or dicts of the cells that are not empty."""
        columns = columns or COLUMNS[name]
        rows = [[row.get(c, "") for c in columns] if isinstance(row, dict) else row for row in rows]
        with self.path(name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *rows])

    def set(self, name, line, /, **fields):
        """Change cells of a table: line as an editor counts it, the header is 1."""
        rows = list(csv.reader(self.path(name).read_text(encoding="utf-8").splitlines(True)))
        for column, text in fields.items():
            rows[line - 1][COLUMNS[name].index(column)] = text
        self.write(name, rows[1:])

    def add(self, name, /, **fields):
        """Add a row to a table."""
        rows = list(csv.reader(self.path(name).read_text(encoding="utf-8").splitlines(True)))
        self.write(name, [*rows[1:], fields])


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A small study in a folder of its own."""
    made = Study(tmp_path / "data")
    monkeypatch.setenv("DD_DATA", str(made.folder))
    return made


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """The folder of a small study that no test changes."""
    return Study(tmp_path_factory.mktemp("study") / "data").folder


@pytest.fixture
def small(small_study, monkeypatch):
    """The small study, for tests that only read it."""
    monkeypatch.setenv("DD_DATA", str(small_study))


@pytest.fixture
def notebooks(study):
    """The folder notebooks/ beside a small study's data/."""
    folder = study.folder.parent / "notebooks"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)
