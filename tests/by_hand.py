"""Executed notebooks made by hand, with every kind of output an edition must show."""
import base64
import struct
import zlib

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from footnoted.links import MIME, digest

ROWS = {"KAZ": "KAZ/2023/internet_use/gapminder", "UZB": "UZB/2023/internet_use/gapminder"}
ORIGIN = {ROWS["KAZ"]: "Kazakhstan, 2023: 92.8785 (printed) — Gapminder 2026, row kaz 2023",
          ROWS["UZB"]: "Uzbekistan, 2023: 89.0 (printed) — Gapminder 2026, row uzb 2023"}
SOURCES = {"gapminder": {"publisher": "Gapminder", "title": "Internet users (% of population)",
                         "year": "2026", "url": "https://example.org/internet",
                         "accessed": "2026-11-24", "licence": "CC BY 4.0"}}
SVG = """<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="324pt"
 height="180pt" viewBox="0 0 324 180"><defs><clipPath id="p1"><rect width="300" height="160"/>
</clipPath></defs><g id="axes" clip-path="url(#p1)"><path d="M20 150 L280 30" stroke="#0072B2"
 stroke-width="2" fill="none"/><text x="200" y="30" font-family="Libertinus Serif"
 font-size="10">Kazakhstan, Қазақстан</text></g></svg>"""


def bundle(kind, name, **more):
    return {"kind": kind, "id": name, "label": more.pop("label", name), "untraced": False,
            "rows": list(ROWS.values()), "origin": ORIGIN, "sources": SOURCES} | more


def number(name="gap", text="3.9 points", **more):
    return bundle("number", name, text=text, value=3.8785, low=3.778, high=3.979, unit="points",
                  how="92.9 % − 89.0 %", **{"label": "Kazakhstan before Uzbekistan, 2023"} | more)


def finding(name="ahead", state="true", **more):
    return bundle("finding", name, state=state, op=">", text="92.9 % > 89.0 %",
                  left={"text": "92.9 %"}, right={"text": "89.0 %"},
                  **{"label": "Kazakhstan is ahead"} | more)


def cell(text, prose=None, rows=(), align="right", value=None):
    return {"text": text, "prose": prose or text, "rows": list(rows), "align": align,
            "value": value}


def table(name="internet-use", **more):
    cells = [[cell("92.9", "92.9 %", [ROWS["KAZ"]], value=92.8785), cell("1. x", align="left")],
             [cell("89.0", "89.0 %", [ROWS["UZB"]], value=89.0), cell("- y", align="left")]]
    return bundle("table", name, **{
        "caption": "Internet use in 2023, % of people", "index": ["Kazakhstan", "Uzbekistan"],
        "index_name": "Country", "columns": ["2023", "Remark"], "row_keys": ["KAZ", "UZB"],
        "column_keys": ["2023", "remark"], "cells": cells, "note": "Estimates of the ITU."} | more)


def figure(name="internet-line", **more):
    return bundle("figure", name, **{"caption": "Internet use, 2000 to 2023",
                  "alt": "Line: Kazakhstan rises from 0.7 % to 92.9 %.", "svg_paths": SVG,
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
        MIME: {"cell": digest(source)} | one, "text/plain": one["id"],
        "text/html": "<p>scraped</p>"} | ({"image/png": png()} if one["kind"] == "figure" else {}))
        for one in bundles]
    if data:
        shown.append(new_output("execute_result", data=data, execution_count=1))
    return new_code_cell(source, outputs=[*shown, *outputs], execution_count=1,
                         id=name or f"code-{digest(source)[:6]}", metadata={"tags": list(tags)})


def text(source, name=None):
    return new_markdown_cell(source, id=name or f"text-{digest(source)[:6]}")


PROSE = """## Who is ahead?

In 2023 the share was [92.9 %](#internet-use/KAZ/2023) in Kazakhstan and
[89.0 %](#internet-use/2023/UZB) in Uzbekistan ([Table 1](#internet-use)), so Kazakhstan was
[ahead of](#ahead) it by [3.9 points](#gap). [Figure 1](#internet-line) shows the way there,
and [the table](#internet-use) its end. Шавкат Мирзиёев, Қасым-Жомарт Тоқаев, Oʻzbekiston, 5 ₸."""
FRAME = """<div><style scoped>.dataframe {color: red}</style><table border="1" class="dataframe">
<thead><tr style="text-align: right;"><th></th><th>country</th></tr></thead>
<tbody><tr><th>0</th><td>Turkmenistan</td></tr></tbody></table>
<script>alert(1)</script><a href="javascript:alert(2)">press</a></div>"""


def notebook(prose=PROSE, extra=(), **swap):
    """A small chapter; `swap` replaces bundles by kind, `extra` adds cells."""
    cells = [
        text("# Kazakhstan\n\nHow did people get online?", "opening"),
        code('country: str = "KAZ"\nyear: int = 2023  # of the chapter', name="parameters",
             tags=["parameters"]),
        code("import digital_diplomacy as dd", name="setup"),
        code("dd.table('internet-use', use)", swap.get("table", table()), name="table"),
        code("dd.number('gap', gap)", swap.get("number", number()), name="number"),
        code("dd.finding('ahead', kaz, '>', uzb)", swap.get("finding", finding()), name="find"),
        code("dd.figure('internet-line', line)", swap.get("figure", figure()), name="figure"),
        text(prose, "prose"), *extra,
        code("dd.proofread('x')", name="proofread", tags=["remove-cell"],
             data={"text/plain": "PROOFREAD"})]
    return new_notebook(cells=cells, metadata={"kernelspec": {
        "name": "python3", "display_name": "Python 3", "language": "python"}})


def own_outputs():
    """What a reader adds: a frame's head, a picture, printed words, Markdown."""
    return [code("frame.head()", data={"text/html": FRAME, "text/plain": "0 Turkmenistan"}),
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
