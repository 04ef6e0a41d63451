"""What the References say of a data set or page: its publisher, and the copy that was read."""

import calendar
import re
from collections import Counter

from .tree import div, link, para, string, walk


def references(records):
    """The data sets of the bundles as CSL entries, by source id; `note`: which copy was read.

    What holds for the excerpts of most pages is said once, by `head_note`.
    """
    found = sources_of(records)
    usual = usual_month(found.values())
    entries = []
    for key, source in sorted(found.items()):
        note = copy_read(source, usual)
        dated = not note and source.get("copy_kind") != "excerpt"
        entry = {"id": key, "type": "dataset", "title": source["title"],
                 "author": [author(source["publisher"])], "URL": source.get("url"),
                 "issued": _date(source.get("year", "")), "note": note,
                 "accessed": _date(source.get("accessed", "")) if dated else None}
        entries.append({name: value for name, value in entry.items() if value})
    return entries


def sources_of(records):
    """The sources of all bundles of some records, by id."""
    return {key: source for rec in records for bundle in rec.bundles.values()
            for key, source in (bundle.get("sources") or {}).items()}


def usual_month(sources):
    """The month in which most excerpts were read, "2026-11", or "" where there is none.

    >>> usual_month([{"copy_kind": "excerpt", "accessed": "2026-11-24"}])
    '2026-11'
    """
    months = Counter((source.get("accessed") or "")[:7] for source in sources
                     if source.get("copy_kind") == "excerpt")
    return max(months, key=months.get, default="")


def head_note(records):
    """What holds for the References as a whole, as blocks: none where no excerpt was read."""
    month = usual_month(sources_of(records).values())
    if not month:
        return []
    words = "Works cited, and the sources of the tables and figures. Pages were read as stored " \
            f"excerpts in {_day(month)} unless said otherwise."
    return [div(["about"], [para(words)], "references-note")]


def author(publisher):
    """A publisher as CSL has an author: initials and a surname are a person, sorted by the latter.

    >>> author("A. B. Pomona"), author("UN DESA")
    ({'family': 'Pomona', 'given': 'A. B.'}, {'literal': 'UN DESA'})
    """
    person = re.fullmatch(r"((?:[A-Z][a-z]?\.\s?)+)\s?([A-Z][\w’'-]+)", publisher)
    return {"family": person[2], "given": person[1].strip()} if person else {"literal": publisher}


def copy_read(source, usual=""):
    """Where a source was read, if not at the publisher's address that its reference names.

    usual: the month of which nothing is said for an excerpt. A source that says itself how it was
    read (`how`) is believed.

    >>> copy_read({"copy_kind": "excerpt", "accessed": "2026-11-24"})
    'Stored excerpt, read November 24, 2026.'
    >>> copy_read({"copy_kind": "excerpt", "accessed": "2026-11-24"}, "2026-11")
    ''
    """
    kind, url, copy = source.get("copy_kind"), source.get("url") or "", source.get("copy_url") or ""
    day = source.get("accessed") or ""
    other = copy if copy != url else ""
    if source.get("how"):
        return source["how"]
    if kind == "excerpt":
        read = [f"read {_day(day)}"] * (day[:7] != usual)
        what = f"Stored excerpt of {other}" if other else "Stored excerpt"
        return f"{', '.join([what, *read])}." if other or read else ""
    if kind == "mirror" or other:
        return f"Read {'in the copy' if kind == 'mirror' else 'at'} {other or url}, {_day(day)}."
    return ""


def readable_copy(url):
    """The address of a copy as a reader sees it: of a repository's file its repository and name.

    >>> readable_copy(f"https://github.com/apples/trees/blob/{'0' * 40}/data/rows.csv")
    'github.com/apples/trees, rows.csv'
    """
    file = re.fullmatch(r"https://(github\.com/[^/]+/[^/]+)/blob/[0-9a-f]{40}/(?:.*/)?([^/]+)", url)
    return f"{file[1]}, {file[2]}" if file else url


def pages_of_chapters(bibliography):
    """Pages of chapters of books in a text of BibTeX, by key: the style prints those of papers.

    >>> pages_of_chapters("@incollection{pomona1899,\\n  pages = {7--9}\\n}\\n")
    {'pomona1899': 'Pp. 7–9.'}
    """
    found = re.findall(r"^@incollection\{([^,\s]+),(?:(?!^@).)*?\bpages\s*=\s*[{\"]([\d–-]+)",
                       bibliography, re.M | re.S)
    return {key: f"Pp. {re.sub('-+', '–', pages)}." for key, pages in found}


def _numbers(text):
    """The numbers of a date, from the year to the day."""
    return [int(part) for part in re.findall(r"\d+", str(text))]


def _date(text):
    """A date as CSL has it, or None."""
    parts = _numbers(text)[:3]
    return {"date-parts": [parts]} if parts else None


def _day(text):
    """A day or month as the style of the references prints it; other texts stay."""
    parts = _numbers(text)
    if len(parts) not in (2, 3):
        return text
    return " ".join([calendar.month_name[parts[1]], *[f"{day}," for day in parts[2:]],
                     str(parts[0])])


def with_copies(blocks, notes):
    """The References, each entry followed by its note, by key: the style prints none.

    An excerpt of the address that the entry prints needs no second mention of it.
    """
    def visit(element):
        note = notes.get(element["c"][0][0].removeprefix("ref-")) if element["t"] == "Div" else ""
        addresses = []
        walk(element["c"] if note else [], lambda one: addresses.extend(
            [one["c"][2][0]] if one["t"] == "Link" else []))
        for address in addresses:
            note = note.replace(f"Stored excerpt of {address}.", "").strip()
        if note:
            parts = [link(readable_copy(part), part) if part.startswith("http") else string(part)
                     for part in re.split(r"(https?://\S+(?=[,.](?:\s|$)))", f" {note}")]
            element["c"][1][-1]["c"] += parts

    return walk(blocks, visit)
