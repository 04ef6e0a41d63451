"""pandoc's document tree in plain Python: elements, walking, and one call of pandoc.

An element is {"t": type, "c": content}, as pandoc reads and writes it in JSON.
"""
import subprocess
from functools import cache


def node(kind, *content):
    """One element of the tree: no content, the content itself, or several in a list."""
    return {"t": kind} | ({"c": content[0] if len(content) == 1 else list(content)}
                          if content else {})


def attr(name="", classes=(), **pairs):
    return [name, list(classes), [[key, value] for key, value in pairs.items()]]


def string(text):
    return node("Str", str(text))


def para(*inlines):
    return node("Para", [string(i) if isinstance(i, str) else i for i in inlines])


def div(classes, blocks, name="", **pairs):
    return node("Div", attr(name, classes, **pairs), blocks)


def span(classes, text, name=""):
    return node("Span", attr(name, classes), [string(text)])


def link(text, url, name="", classes=()):
    return node("Link", attr(name, classes), [string(text)], [url, ""])


def header(level, text, name):
    return node("Header", level, attr(name), [string(text)])


def walk(tree, visit):
    """Rebuild a tree bottom-up; `visit(element)` answers None (keep) or what replaces it."""
    if isinstance(tree, dict):
        return {key: walk(value, visit) for key, value in tree.items()}
    if not isinstance(tree, list):
        return tree
    out = []
    for child in (walk(child, visit) for child in tree):
        new = visit(child) if isinstance(child, dict) and "t" in child else None
        out += [child] if new is None else new
    return out


def text_of(tree):
    """The plain words of a tree."""
    if isinstance(tree, list):
        return "".join(map(text_of, tree))
    if not isinstance(tree, dict):
        return ""
    kind = tree.get("t")
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Str", "Code", "Math"):
        return tree["c"] if kind == "Str" else tree["c"][1]
    return text_of(tree.get("c"))


def meta(value):
    """A Python value as pandoc's metadata; an element of the tree stays what it is."""
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, dict) and "t" in value:
        return node("MetaInlines", [value])
    if isinstance(value, dict):
        return node("MetaMap", {key: meta(item) for key, item in value.items()})
    if isinstance(value, list):
        return {"t": "MetaList", "c": [meta(item) for item in value]}
    return node("MetaInlines", [string(value)])


def document(blocks, **values):
    """A whole document of these blocks, with metadata."""
    return {"pandoc-api-version": [1, 23, 1], "blocks": blocks,
            "meta": {key: meta(value) for key, value in values.items()}}


@cache
def _pandoc_path():
    import pypandoc
    return pypandoc.get_pandoc_path()


def pandoc(text, *options):
    """(output, messages) of one call of pandoc; RuntimeError with its own words."""
    done = subprocess.run([_pandoc_path(), "--sandbox", "--wrap=none", *options], input=text,
                          capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout, done.stderr
