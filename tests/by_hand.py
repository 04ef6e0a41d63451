"""Executed notebooks made by hand, with every kind of output an edition must show.

The study is of two orchards and the share of their apples that was ripe.
"""

import base64
import os
import struct
import zlib

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from footnoted import display
from footnoted.links import MIME, code_digest

PROJECT = """[tool.footnoted]
title = "Two orchards"
author = "The gardeners"
date = "2026-12-01"
licence = "Free to copy."
bibliography = "texts/works.bib"
front = "texts/front.md"
sources = "diaries.html"
copies = "_copy"
pages = ["orchard-*"]
further = [{ name = "jams", short = "Jams", title = "Every jam" }]
refresh = "the gardener"
failed = "Nothing was picked.\\nMend: look at the tree."
"""
NAMES = {"HIL": "Hillside", "VAL": "Valley", "MEA": "Meadow"}
HEADS = {"ripe": "Ripe apples"}
DIARY = {"publisher": "Orchardists", "title": "Diary", "year": "2025",
         "url": "https://example.org/new", "accessed": "2026-11-24", "copy_kind": "publisher"}
ROWS = {"HIL": "HIL/2023/ripe/diary", "VAL": "VAL/2023/ripe/diary"}
ORIGIN = {ROWS["HIL"]: "Hillside, 2023: 92.8785 (printed) — Orchardists 2026, row hil 2023",
          ROWS["VAL"]: "Valley, 2023: 89.0 (printed) — Orchardists 2026, row val 2023"}
SOURCES = {"diary": {"publisher": "Orchardists", "title": "Diary of the orchards",
                     "year": "2026", "url": "https://example.org/diary",
                     "accessed": "2026-11-24", "licence": "CC BY 4.0"}}
SVG = """<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="324pt"
 height="180pt" viewBox="0 0 324 180"><defs><clipPath id="p1"><rect width="300" height="160"/>
</clipPath></defs><g id="axes" clip-path="url(#p1)"><path d="M20 150 L280 30" stroke="#0072B2"
 stroke-width="2" fill="none"/><text x="200" y="30" font-family="Libertinus Serif"
 font-size="10">Hillside, Қазан</text></g></svg>"""


def bundle(kind, name, **more):
    return {"kind": kind, "id": name, "label": more.pop("label", name), "untraced": False,
            "rows": list(ROWS.values()), "origin": ORIGIN, "sources": SOURCES} | more


def number(name="gap", text="3.9 points", **more):
    return bundle("number", name, text=text, value=3.8785, low=3.778, high=3.979, unit="points",
                  how="92.9 % − 89.0 %", **{"label": "Hillside before Valley, 2023"} | more)


def finding(name="ahead", state="true", **more):
    return bundle("finding", name, state=state, op=">", text="92.9 % > 89.0 %",
                  left={"text": "92.9 %"}, right={"text": "89.0 %"},
                  **{"label": "Hillside is ahead"} | more)


def cell(text, prose=None, rows=(), align="right", value=None):
    return {"text": text, "prose": prose or text, "rows": list(rows), "align": align,
            "value": value}


def table(name="ripe-apples", **more):
    cells = [[cell("92.9", "92.9 %", [ROWS["HIL"]], value=92.8785), cell("1. x", align="left")],
             [cell("89.0", "89.0 %", [ROWS["VAL"]], value=89.0), cell("- y", align="left")]]
    return bundle("table", name, **{
        "caption": "Ripe apples in 2023, % of the harvest", "index": ["Hillside", "Valley"],
        "index_name": "Orchard", "columns": ["2023", "Remark"], "row_keys": ["HIL", "VAL"],
        "column_keys": ["2023", "remark"], "cells": cells, "sides": ["right", "left"],
        "note": "Counted by hand."} | more)


def figure(name="ripe-line", **more):
    return bundle("figure", name, **{"caption": "Ripe apples, 2000 to 2023",
                  "alt": "Line: Hillside rises from 0.7 % to 92.9 %.", "svg_paths": SVG,
                  "svg_text": SVG, "width_in": 4.5, "height_in": 2.5} | more)


def png():
    """A red picture of 2 by 2 points."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + \
            struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress((b"\0" + b"\xff\0\0" * 2) * 2)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)) + chunk(b"IDAT", rows) +
        chunk(b"IEND", b"")).decode()


def code(source, *bundles, data=None, name=None, tags=(), outputs=()):
    """A cell as it stands after its run, its bundles knowing its code."""
    shown = [new_output("display_data", data={
        MIME: {"cell": code_digest(source)} | one, "text/plain": one["id"],
        "text/html": "<p>scraped</p>"} | ({"image/png": png()} if one["kind"] == "figure" else {}))
        for one in bundles]
    if data:
        shown.append(new_output("execute_result", data=data, execution_count=1))
    return new_code_cell(source, outputs=[*shown, *outputs], execution_count=1,
                         id=name or f"code-{code_digest(source)[:6]}",
                         metadata={"tags": list(tags)})


def text(source, name=None):
    return new_markdown_cell(source, id=name or f"text-{code_digest(source)[:6]}")


PROSE = """## Who is ahead?

In 2023 the share was [92.9 %](#ripe-apples/HIL/2023) in Hillside and
[89.0 %](#ripe-apples/2023/VAL) in Valley ([Table 1](#ripe-apples)), so Hillside was
[ahead of](#ahead) it by [3.9 points](#gap). [Figure 1](#ripe-line) shows the way there,
and [the table](#ripe-apples) its end. Сад, Қаладағы бақ, oʻrik, 5 ₸."""
FRAME = """<div><style scoped>.dataframe {color: red}</style><table border="1" class="dataframe">
<thead><tr style="text-align: right;"><th></th><th>orchard</th></tr></thead>
<tbody><tr><th>0</th><td>Meadow</td></tr></tbody></table>
<script>alert(1)</script><a href="javascript:alert(2)">press</a></div>"""


def notebook(prose=PROSE, extra=(), **swap):
    """A small chapter; `swap` replaces bundles by kind, `extra` adds cells."""
    cells = [
        text("# Hillside\n\nHow ripe were the apples?", "opening"),
        code('orchard: str = "HIL"\nyear: int = 2023  # of the chapter', name="parameters",
             tags=["parameters"]),
        code("import footnoted.display as dd", name="setup"),
        code("dd.table('ripe-apples', use)", swap.get("table", table()), name="table"),
        code("dd.number('gap', gap)", swap.get("number", number()), name="number"),
        code("dd.finding('ahead', hill, '>', valley)", swap.get("finding", finding()), name="find"),
        code("dd.figure('ripe-line', line)", swap.get("figure", figure()), name="figure"),
        text(prose, "prose"), *extra,
        code("dd.proofread('x')", name="proofread", tags=["remove-cell"],
             data={"text/plain": "PROOFREAD"})]
    return new_notebook(cells=cells, metadata={"kernelspec": {
        "name": "python3", "display_name": "Python 3", "language": "python"}})


def own_outputs():
    """What a reader adds: a frame's head, a picture, printed words, Markdown."""
    return [code("frame.head()", data={"text/html": FRAME, "text/plain": "0 Meadow"}),
            code("sns.lineplot(frame)", data={"image/png": png(), "text/plain": "<Axes>"}),
            code("print('printed words')",
                 outputs=[new_output("stream", name="stdout", text="printed words\n")]),
            code("Markdown('*sloping*')", data={"text/markdown": "*sloping*"})]


def other_year(nb):
    """The same notebook after `papermill -p year 2015`."""
    at = next(i for i, one in enumerate(nb.cells) if one.id == "parameters") + 1
    nb.cells.insert(at, code("# Parameters\nyear = 2015", name="injected",
                             tags=["injected-parameters"]))
    return nb


def save(nb, path):
    nbformat.write(nb, path)
    return path


def origin(row):
    """A row id as a line for a reader."""
    orchard, year, what, source = row.split("/")
    return f"{NAMES.get(orchard, orchard)}, {year}, {HEADS.get(what, what)} ({source})"


@pytest.fixture
def orchards(monkeypatch):
    """The toolkit told how the orchards, their rows and sources are called."""
    told = display.Study(origin, lambda: NAMES, lambda: HEADS, lambda source: DIARY)
    monkeypatch.setattr(display, "study", told)


@pytest.fixture(scope="module")
def orchard_home(tmp_path_factory):
    """The folder of a study of orchards without notebooks, in which the tests of a module stand."""
    folder, before = tmp_path_factory.mktemp("orchards"), os.getcwd()
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    os.chdir(folder)
    yield folder
    os.chdir(before)


@pytest.fixture
def orchard_study(tmp_path, monkeypatch):
    """The folder of a study that a test may fill, in which it stands."""
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    for name in ("texts", "notebooks"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path
