"""Three writers of one document: what differs between HTML, Typst and Markdown, and only that."""
import base64
import html as markup
import json
import re

from . import document as doc
from .tree import attr, div, document, header, link, node, pandoc, para, string, text_of, walk

PASSPORTS = "Where the numbers come from"
PRINTED = 3    # lines of origin that print gives a number; the pages and numbers.json give more
LOW = 20       # lines of a table that print keeps on one page
LINE = 105     # letters of 8.5 pt that fit a line of print
SCREEN = 1.3   # figures are drawn for print; on a screen their letters are as large as the text's


def _raw(language, text):
    return node("RawBlock", language, text)


def _classes(element):
    return element["c"][0][1] if element["t"] in ("Div", "Span", "Link") else ()


def _figure_key(element):
    return element["c"][0][0]


def _whole(element, before, after):
    """`e-government` is not parted at its hyphen."""
    if element["t"] != "Str" or not (parts := re.split(r"(\b[Ee]-\w+)", element["c"]))[1:]:
        return None
    return [piece for i, part in enumerate(parts) if part for piece in (
        [before, string(part), after] if i % 2 else [string(part)])]


def write(blocks, to, *options, **meta):
    """One call of pandoc from the tree to text; `meta` fills the template."""
    return pandoc(json.dumps(document(blocks, **meta)), "-f", "json", "-t", to,
                      *options)[0]


# --- HTML ----------------------------------------------------------------------------------

def svg(text, key, alt, width):
    """An SVG to stand in a page: ids made unique, named for readers who do not see it."""
    if re.search(r"<script|\son\w+\s*=|javascript:", text, re.I):
        raise ValueError(f"the figure #{key} holds a script; figures are drawings only")
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg"):], flags=re.S)
    text = re.sub(r"""(\sid=["'])""", rf"\g<1>{key}-", text)
    text = re.sub(r"""(url\(#|href=["']#)""", rf"\g<1>{key}-", text)
    head, rest = text.split(">", 1)
    head = re.sub(r"""\s(width|height|role|aria-label)=("[^"]*"|'[^']*')""", "", head)
    return (f'{head} role="img" aria-label="{markup.escape(alt)}" '
            f'style="max-width:{width:g}in">{rest}')


def _html_figure(element, media):
    key, bundle = _figure_key(element), media[_figure_key(element)]
    drawn = svg(bundle["svg_paths"], key, bundle["alt"], bundle["width_in"] * SCREEN)
    caption = node("Plain", element["c"][1][0]["c"])
    return [_raw("html", f'<figure id="{key}">{drawn}<figcaption>'), caption,
            _raw("html", "</figcaption></figure>")]


def _html_table(element):
    (name, _, _), (_, caption), *rest = element["c"]
    label = text_of(caption) or "Table"
    bare = node("Table", attr(), [None, []], *rest)
    box = div(["scroll"], [bare], role="region", tabindex="0", **{"aria-label": label})
    if not caption:
        return [box]
    return [_raw("html", f'<figure id="{name}" class="table"><figcaption>'), *caption,
            _raw("html", "</figcaption>"), box, _raw("html", "</figure>")]


def _html_element(element, media):
    kind, classes = element["t"], _classes(element)
    if "figure" in classes:
        return _html_figure(element, media)
    if "picture" in classes:
        picture = media[_figure_key(element)]
        data = base64.b64encode(picture["data"]).decode()
        return [_raw("html", f'<img src="data:{picture["mime"]};base64,{data}" '
                             f'alt="{markup.escape(picture["alt"])}">')]
    if "code" in classes and kind == "Div":
        return [_raw("html", '<details class="code"><summary>Code</summary>'),
                *element["c"][1], _raw("html", "</details>")]
    if "chapter" in classes:
        return [link(text_of(element["c"][1]), f"{element['c'][2][0]}.html")]
    if kind == "Link" and re.match(r"https?://", text_of(element["c"][1])):
        return [node("Link", element["c"][0], _breakable(text_of(element["c"][1])),
                     element["c"][2])]
    if kind == "Table":
        return _html_table(element)
    return _whole(element, *_HTML_WHOLE)


_HTML_WHOLE = [node("RawInline", "html", text) for text in ('<span class="short">', "</span>")]


def _breakable(url):
    """An address as inlines that may be parted after its signs; escapes are cut."""
    parts = re.split(r"(?<=[/.?=&_-])(?=\w)", shown(url))
    return [piece for part in parts for piece in (node("RawInline", "html", "<wbr>"),
                                                  string(part))][1:]


def shown(url):
    """An address as a reader sees it: letters that are only escapes are left out.

    >>> shown("https://example.org/2019/%d8%a7%d9%84-2/")
    'https://example.org/2019/…'
    """
    escaped = re.search(r"(%[0-9A-Fa-f]{2}){3}", url)
    return url[:escaped.start()] + "…" if escaped else url


def html_passports(chapter):
    """The section at the page's end: one entry a number, with the way back."""
    if not chapter.uses:
        return []
    entries = []
    for anchor, (target, uses) in chapter.uses.items():
        said, lines = doc.facts(target)
        back = [link("back to the text" if i == 0 else f"{i + 1}", f"#{use}", classes=["back"])
                for i, use in enumerate(uses)]
        head = [string(" ")] * (2 * len(back) - 1)
        head[::2] = back
        title = [node("Strong", [string(target.text)]), string(f" {target.label} ")] \
            if target.kind != "finding" else [node("Strong", [string(target.label)]), string(" ")]
        body = [para(*title, *head)]
        body += [para(". ".join(said) + ".")] if said else []
        body += [node("BulletList", [[node("Plain", [string(line)])] for line in lines])] \
            if lines else []
        entries.append(div(["passport"], body, anchor))
    return [header(2, PASSPORTS, f"{chapter.prefix}passports"), div(["passports"], entries)]


def html_body(chapter, references):
    refs = [header(2, "References", "references"), *references] if references else []
    return walk(chapter.blocks, lambda e: _html_element(e, chapter.media)) + \
        refs + html_passports(chapter)


# --- Typst ---------------------------------------------------------------------------------

def quoted(text):
    """A Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _inline(text):
    return node("RawInline", "typst", text)


def _wrapped(name, blocks):
    return [_raw("typst", f"#{name}["), *blocks, _raw("typst", "]")]


def _typst_figure(element, media):
    key, bundle = _figure_key(element), media[_figure_key(element)]
    caption = node("Plain", element["c"][1][0]["c"])
    return [_raw("typst", f'#figure(drawing("{key}.svg", alt: {quoted(bundle["alt"])}, '
                          f'{min(bundle["width_in"], 6.1):g}in), placement: auto, '
                          "caption: ["), caption, _raw("typst", f"]) <{key}>")]


def _cell_start(element):
    """An empty start keeps `1. x` or `- x` in a table cell from becoming a list."""
    if element["t"] in ("Plain", "Para"):
        return [node(element["t"], [_inline("#[]"), *element["c"]])]


def _spread(table):
    """Give a table that does not fit its page column widths: short columns whole, long by root.

    A column's margins take the room of three letters. Answers how many lines it takes, about.
    """
    head, bodies = table[3][1], [row for body in table[4] for row in body[3]]
    columns = list(zip(*[[len(text_of(cell[4])) for cell in row[1]] for row in head + bodies
                         if len(row[1]) == len(table[2])]))
    if sum(max(column) + 3 for column in columns) <= LINE or not 0 < len(columns) < 10:
        return len(head + bodies)
    words = [max(map(len, text_of(cell[4]).split()), default=0) for cell in head[0][1]] \
        if head else [0] * len(columns)   # a heading may take two lines
    longest = [max(word, column[0] // 2 + 1, *column[1:]) + 3 if head else max(column) + 3
               for word, column in zip(words, columns)]
    whole = LINE if sum(longest) <= LINE else 17
    left = max(LINE - sum(n for n in longest if n <= whole), 20)
    roots = sum(n ** 0.5 for n in longest if n > whole)
    widths = [n if n <= whole else left * n ** 0.5 / roots for n in longest]
    for spec, width in zip(table[2], widths):
        spec[1] = node("ColWidth", round(width / sum(widths), 3))
    return sum(max(-(-n // max(LINE * width / sum(widths) - 3, 1))
                   for n, width in zip(row, widths)) for row in zip(*columns))


def _typst_link(attributes, inlines, target):
    (name, classes, _), text = attributes, text_of(inlines)
    if "chapter" in classes:
        return inlines
    if re.match(r"https?://", text):
        return [node("Link", attributes, [string(shown(text))], target)]
    if name:
        if "short" in classes:   # a number keeps to its unit
            inlines = [string(text.replace(" ", "\u00a0"))]
        return [node("Span", attr(name), [node("Link", attr(), inlines, target)])]


def _typst_div(element, media):
    """What stands in a Div of ours, or None where it is none."""
    blocks, classes = element["c"][1], _classes(element)
    if "figure" in classes:
        return _typst_figure(element, media)
    if "picture" in classes:
        key = _figure_key(element)
        return [_raw("typst", f'#picture("{key}.{doc.PICTURES[media[key]["mime"]]}", '
                              f'{quoted(media[key]["alt"])})')]
    if "code" in classes:
        return []
    if "table" in classes:
        noted = _raw("typst", "#note[") in blocks   # the walk has turned the note already
        return _wrapped("noted", blocks) if noted else blocks
    if "note" in classes or "untraced" in classes:
        return _wrapped("note" if "note" in classes else "untraced", blocks)


def _typst_element(element, media):
    kind, classes = element["t"], _classes(element)
    if kind == "Div":
        return _typst_div(element, media)
    if kind == "Span" and ("aside" in classes or "failing" in classes):
        name = "failing" if "failing" in classes else "aside"
        return [_inline(f"#{name}["), *element["c"][1], _inline("]")]
    if kind == "Link":
        return _typst_link(*element["c"])
    if kind == "Header" and element["c"][0] == 1:
        return _wrapped("opening", [element])
    if kind == "Math":
        return [_inline(f"#formula({quoted(element['c'][1])})["), element, _inline("]")]
    if kind == "Table":
        low = "true" if _spread(element["c"]) <= LOW else "false"
        element["c"][3:] = walk(element["c"][3:], _cell_start)
        return _wrapped(f"wide({len(element['c'][2])}, {low})", [element])
    return _whole(element, _inline("#box["), _inline("];"))


def _entries(chapter):
    """The same entries in small type, one paragraph each, with the pages that use them."""
    entries = []
    for anchor, (target, uses) in chapter.uses.items():
        said, lines = doc.facts(target, PRINTED)
        lead, rest = (target.label, said) if target.kind == "finding" else \
            (target.text, [target.label.rstrip("."), *said])
        start, words = [node("Strong", [string(lead)]), string(" ")], ". ".join(rest)
        origin = "; ".join(lines) + ". " if lines else ""
        pages = [i for use in uses for i in (string(", "), _inline(f"#onpage(<{use}>)"))][1:]
        entries.append(para(*start, string(f"{words}. {origin}"), *pages,
                            _inline(f"#metadata(none) <{anchor}>")))
    return entries


def _small(title):
    return _raw("typst", f"#heading(level: 2, outlined: false, {quoted(title)})")


def typst_passports(chapter):
    """The section at the end of a chapter that is printed alone."""
    entries = _entries(chapter)
    return [_small(PASSPORTS), *_wrapped("passports", entries)] if entries else []


def typst_plain(blocks, media=None):
    return walk(blocks, lambda element: _typst_element(element, media or {}))


def typst_body(chapter, references=()):
    return typst_plain(chapter.blocks, chapter.media) + [*references] + typst_passports(chapter)


def typst_annex(chapters):
    """The passports of (title, chapter), behind the text that they would part."""
    parts = [block for title, one in chapters if (entries := _entries(one))
             for block in (_small(title), *entries)]
    return [*typst_break(), header(1, PASSPORTS, "passports"),
            *_wrapped("passports", parts)] if parts else []


def typst_references(entries, level):
    return [header(level, "References", "references"),
            *_wrapped("references", typst_plain(entries))] if entries else []


def typst_break():
    return [_raw("typst", "#pagebreak(weak: true)")]


def typst_cover(front, author, read=""):
    """Title page: title, subtitle (an emphasised first paragraph), abstract, then contents."""
    blocks = [b for b in front.blocks if not (b["t"] == "Header" and b["c"][0] == 1)]
    subtitle = ""
    if blocks and blocks[0]["t"] == "Para" and [i["t"] for i in blocks[0]["c"]] == ["Emph"]:
        subtitle = text_of(blocks.pop(0))
    if blocks and not any(block["t"] == "Header" for block in blocks):
        blocks.insert(0, header(2, "Abstract", f"{front.prefix}abstract"))
    cover = _raw("typst", f"#cover({quoted(front.title)}, {quoted(subtitle)}, "
                 f"{quoted(author)}, {quoted(read)})")
    body = typst_plain(blocks)
    for block in body:
        if block["t"] == "Header":   # an accessible PDF begins with a heading of level 1
            block["c"][0] -= 1
    return [cover, *body,
            _raw("typst", "#pagebreak(weak: true)\n#outline(depth: 2)")]


def _drawing(figure, for_print):
    return figure["svg_text" if for_print and figure.get("svg_text") else "svg_paths"]


def files(media, for_print=True):
    """File name → bytes of every drawing that a Typst or Markdown text names."""
    out = {}
    for key, item in media.items():
        if item.get("kind") == "figure":
            out[f"{key}.svg"] = _drawing(item, for_print).encode()
        elif "mime" in item:
            out[f"{key}.{doc.PICTURES[item['mime']]}"] = item["data"]
    return out


# --- Markdown ------------------------------------------------------------------------------

def _markdown_element(element, media, folder):
    kind, classes = element["t"], _classes(element)
    if "figure" in classes or "picture" in classes:
        key, item = _figure_key(element), media[_figure_key(element)]
        ending = "svg" if "figure" in classes else doc.PICTURES[item["mime"]]
        image = node("Image", attr(), [string(item["alt"])], [f"{folder}{key}.{ending}", ""])
        return [para(image), *element["c"][1]]
    if kind == "Link" and "chapter" in classes:
        return [link(text_of(element["c"][1]), f"{element['c'][2][0]}.md")]
    if kind == "Link" and element["c"][2][0].startswith("#"):
        return element["c"][1]
    if kind == "Span":
        return [node("Emph", element["c"][1])] if "aside" in classes else element["c"][1]
    if kind == "Div":
        return [] if "code" in classes else element["c"][1]
    if kind == "Table":
        _, (_, caption), *rest = element["c"]
        return [*[node("Para", block["c"]) for block in caption],
                node("Table", attr(), [None, []], *rest)]


def markdown_body(chapter, references, folder):
    return walk(chapter.blocks + list(references),
                lambda element: _markdown_element(element, chapter.media, folder))
