"""pandoc's document tree in plain Python: elements, walking, and the one call of pandoc.

An element is {"t": type, "c": content}, as pandoc reads and writes it in JSON.
"""

import json
import re
import subprocess
from functools import cache

TEXTLESS = ("Space", "SoftBreak", "LineBreak")


def node(kind, *content):
    """One element of the tree: no content, the content itself, or several in a list."""
    return {"t": kind} | ({"c": content[0] if len(content) == 1 else list(content)}
                          if content else {})


def attr(name="", classes=(), **pairs):
    """An element's attributes: id, classes, and pairs of key and value."""
    return [name, list(classes), [[key, value] for key, value in pairs.items()]]


def string(text):
    """Text that stands as it is."""
    return node("Str", str(text))


def typographic_quotes(text):
    """Straight quotes as print has them; prose gets them by read.lua.

    >>> typographic_quotes('What is "best"?'), typographic_quotes("'Better' is Dizard's")
    ('What is “best”?', '‘Better’ is Dizard’s')
    """
    text = re.sub(r'"([^"]*)"', r"“\1”", text)
    return re.sub(r"(?<![\w”’.,])'(?=\w)", "‘", text).replace("'", "’")


def para(*inlines):
    """A paragraph of elements and texts."""
    return node("Para", [string(i) if isinstance(i, str) else i for i in inlines])


def div(classes, blocks, name="", **pairs):
    """Blocks with classes, an id and attributes."""
    return node("Div", attr(name, classes, **pairs), blocks)


def span(classes, text):
    """Text with classes."""
    return node("Span", attr("", classes), [string(text)])


def link(text, url, name="", classes=()):
    """A link from text to an address, with an id and classes of its own."""
    return node("Link", attr(name, classes), [string(text)], [url, ""])


def header(level, text, name):
    """A heading with its id."""
    return node("Header", level, attr(name), [string(text)])


def classes_of(element):
    """The classes of a Div, Span or Link; of all others none."""
    return element["c"][0][1] if element["t"] in ("Div", "Span", "Link") else ()


def walk(tree, visit):
    """Rebuild a tree bottom-up; `visit(element)` answers None (keep) or what replaces it."""
    if isinstance(tree, dict):
        return {key: walk(value, visit) for key, value in tree.items()}
    if not isinstance(tree, list):
        return tree
    rebuilt = []
    for child in (walk(child, visit) for child in tree):
        new = visit(child) if isinstance(child, dict) and "t" in child else None
        rebuilt += [child] if new is None else new
    return rebuilt


def text_of(tree):
    """The plain words of a tree."""
    if isinstance(tree, list):
        return "".join(map(text_of, tree))
    if not isinstance(tree, dict):
        return ""
    kind = tree.get("t")
    if kind in TEXTLESS:
        return " "
    if kind in ("Code", "Math"):
        return tree["c"][1]
    return tree["c"] if kind == "Str" else text_of(tree.get("c"))


def meta(value):
    """A Python value as pandoc's metadata; an element of the tree stays what it is."""
    if isinstance(value, bool):
        return node("MetaBool", value)
    if isinstance(value, dict) and "t" in value:
        return node("MetaInlines", [value])
    if isinstance(value, dict):
        return node("MetaMap", {key: meta(item) for key, item in value.items()})
    if isinstance(value, list):
        return node("MetaList", [meta(item) for item in value])
    return node("MetaInlines", [string(value)])


@cache
def _pandoc_path():
    import pypandoc
    return pypandoc.get_pandoc_path()


def pandoc(blocks, to, *options, **values):
    """(output, messages) of one call of pandoc, to its format `to`.

    values: metadata of the document, which fill a template. Raises RuntimeError with its own words.
    """
    whole = {"pandoc-api-version": [1, 23, 1], "blocks": blocks,
             "meta": {key: meta(value) for key, value in values.items()}}
    done = subprocess.run([_pandoc_path(), "--sandbox", "--wrap=none", "-f", "json", "-t", to,
                           *options], input=json.dumps(whole), capture_output=True,
                          encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout, done.stderr


def write(blocks, to, *options, **values):
    """Blocks as text of pandoc's format `to`."""
    return pandoc(blocks, to, *options, **values)[0]
