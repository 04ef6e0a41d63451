"""What the References say of a data set or page: its publisher, and the copy that was read."""

import calendar
import re

from .tree import link, string, walk


def references(records):
    """The data sets of the bundles as CSL entries, by source id; `note`: which copy was read."""
    found = {}
    for rec in records:
        for bundle in rec.bundles.values():
            found |= bundle.get("sources") or {}
    entries = []
    for key, source in sorted(found.items()):
        note = copy_read(source)
        entry = {"id": key, "type": "dataset", "title": source["title"],
                 "author": [{"literal": source["publisher"]}], "URL": source.get("url"),
                 "issued": _date(source.get("year", "")), "note": note,
                 "accessed": None if note else _date(source.get("accessed", ""))}
        entries.append({name: value for name, value in entry.items() if value})
    return entries


def copy_read(source):
    """Where a source was read, if not at the publisher's address that its reference names.

    >>> copy_read({"copy_kind": "excerpt", "accessed": "2026-11-24"})
    'Stored excerpt, read November 24, 2026.'
    """
    kind, url, copy = source.get("copy_kind"), source.get("url") or "", source.get("copy_url") or ""
    day = _day(source.get("accessed") or "")
    other = copy if copy != url else ""
    if kind == "excerpt":
        return f"Stored excerpt{' of ' * bool(other)}{other}, read {day}."
    if kind == "mirror" or other:
        return f"Read {'in the copy' if kind == 'mirror' else 'at'} {other or url}, {day}."
    return ""


def _numbers(text):
    """The numbers of a date, from the year to the day."""
    return [int(part) for part in re.findall(r"\d+", str(text))]


def _date(text):
    """A date as CSL has it, or None."""
    parts = _numbers(text)[:3]
    return {"date-parts": [parts]} if parts else None


def _day(text):
    """A day as the style of the references prints it; other texts stay."""
    parts = _numbers(text)
    return f"{calendar.month_name[parts[1]]} {parts[2]}, {parts[0]}" if len(parts) == 3 else text


def with_copies(blocks, notes):
    """The References, each entry followed by its note, by key: the style prints none."""
    def visit(element):
        if element["t"] == "Div" and (note := notes.get(element["c"][0][0].removeprefix("ref-"))):
            parts = [link(part, part) if part.startswith("http") else string(part)
                     for part in re.split(r"(https?://\S+(?=,))", f" {note}")]
            element["c"][1][-1]["c"] += parts

    return walk(blocks, visit)
