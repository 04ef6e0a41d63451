"""Three writers of one document: what differs between HTML, Typst and Markdown, and only that."""

import base64
import html as markup
import re
from functools import cache

from . import drawings
from .document import PICTURES, passports
from .tree import attr, classes_of, div, header, link, node, para, span, string, text_of, walk

PASSPORTS = "Where the numbers come from"
PRINTED = 3    # lines of origin that print gives a number; the pages give more
LINE = 112     # letters of 8.5 pt that fit a line of print
LONGEST = 60   # letters from which a word of the text may be parted anywhere
SMALLEST = 0.76  # of the size of tables: one that needs less is turned
SCROLLS = 5    # inches from which a figure scrolls on a telephone, where it would be too small


def _raw(language, text):
    """A block that pandoc writes as it is."""
    return node("RawBlock", language, text)


def _raw_inline(language, text):
    """The same inside a paragraph."""
    return node("RawInline", language, text)


def _held(element, media):
    """(key, content) of a figure or picture."""
    key = element["c"][0][0]
    return key, media[key]


def _caption(figure):
    """A figure's caption without the paragraph's margins."""
    return node("Plain", figure["c"][1][0]["c"])


def _keep_whole(element, before, after):
    """`e-mail` is not parted at its hyphen: raw inlines stand around it."""
    if element["t"] != "Str" or not (parts := re.split(r"(\b[Ee]-\w+)", element["c"]))[1:]:
        return None
    return [piece for i, part in enumerate(parts) if part for piece in (
        [before, string(part), after] if i % 2 else [string(part)])]


def readable_address(url):
    """An address as a reader sees it: letters that are only escapes are left out.

    >>> readable_address("https://example.org/2019/%d8%a7%d9%84-2/")
    'https://example.org/2019/…'
    """
    escaped = re.search(r"(%[0-9A-Fa-f]{2}){3}", url)
    return url[:escaped.start()] + "…" if escaped else url


def section_of_references(references, level):
    """The References under their heading; nothing where there are none."""
    return [header(level, "References", "references"), *references] if references else []


def picture_files(media, for_print=True):
    """{file name: bytes} of every drawing that a Typst or Markdown text names.

    for_print: letters of figures stay text, in the fonts of the document; else they are paths, and
    each figure has a PNG beside it.
    """
    files = {}
    for key, item in media.items():
        if item.get("kind") == "figure":
            files[f"{key}.svg"] = item["svg_text" if for_print else "svg_paths"].encode()
            if item.get("png") and not for_print:
                files[f"{key}.png"] = base64.b64decode(item["png"])
        elif "mime" in item:
            files[f"{key}.{PICTURES[item['mime']]}"] = item["data"]
    return files


# --- HTML ----------------------------------------------------------------------------------

def _html_figure(element, chapter):
    key, bundle = _held(element, chapter.media)
    label, *_ = text_of(element["c"][1][0]).partition(".")
    drawn = drawings.svg(bundle, key, bool(chapter.cards))
    box = '<div class="drawing">'
    if bundle["width_in"] > SCROLLS and not bundle.get("panels"):
        caption = markup.escape(bundle["caption"])
        box = f'<div class="drawing scroll" role="region" tabindex="0" aria-label="{caption}">'
    menu = drawings.menu(bundle, chapter.name, key, chapter.figures, label)
    return [_raw("html", f'<figure id="{key}" class="figure">{box}{drawn}</div><figcaption>'),
            _caption(element), _raw("html", f"</figcaption></figure>{menu}")]


def _html_picture(element, media):
    """The tag of a picture that an output made, or that stands within a line of prose."""
    picture = media[element["c"][0][0]]
    data = base64.b64encode(picture["data"]).decode()
    return (f'<img src="data:{picture["mime"]};base64,{data}" '
            f'alt="{markup.escape(picture["alt"])}">')


def _html_table(element):
    (name, _, _), (_, caption), *rest = element["c"]
    label = text_of(caption) or "Table"
    for _, head in rest[1][1]:
        for cell in head:
            if not text_of(cell[4]):   # a reader who does not see the table hears what it heads
                cell[4] = [node("Plain", [span(["unseen"], "Row")])]
    bare = node("Table", attr(), [None, []], *rest)
    box = div(["scroll"], [bare], role="region", tabindex="0", **{"aria-label": label})
    if not caption:
        return [box]
    return [_raw("html", f'<figure id="{name}" class="table"><figcaption>'), *caption,
            _raw("html", "</figcaption>"), box, _raw("html", "</figure>")]


def _html_link(element):
    attributes, inlines, target = element["c"]
    if "chapter" in attributes[1]:
        name, sign, place = target[0].partition("#")
        return [link(text_of(inlines), f"{name}.html{sign}{place}")]
    if re.match(r"https?://", text_of(inlines)):
        return [node("Link", attributes, _breakable(text_of(inlines)), target)]


def _breakable(url):
    """An address as inlines that may be parted after its signs; escapes are cut."""
    parts = re.split(r"(?<=[/.?=&_-])(?=\w)", readable_address(url))
    return [piece for part in parts for piece in (_raw_inline("html", "<wbr>"), string(part))][1:]


def _html_element(element, chapter):
    kind, classes, media = element["t"], classes_of(element), chapter.media
    if "hidden" in classes:
        rest = [one for one in classes if one != "hidden"]
        shown = _html_element(node("Div", [element["c"][0][0], rest, []], element["c"][1]), chapter)
        return [_raw("html", '<details class="output"><summary>Output</summary>'),
                *(shown or element["c"][1]), _raw("html", "</details>")]
    if "figure" in classes:
        return _html_figure(element, chapter)
    if "picture" in classes:
        return [_raw("html", _html_picture(element, media))]
    if "code" in classes and kind == "Div":
        return [_raw("html", '<details class="code"><summary>Code</summary>'),
                *element["c"][1], _raw("html", "</details>")]
    if kind == "Link":
        return _html_link(element)
    if kind == "Image":
        return [_raw_inline("html", _html_picture(element, media))]
    if kind == "Table":
        return _html_table(element)
    return _keep_whole(element, _raw_inline("html", '<span class="short">'),
                       _raw_inline("html", "</span>"))


def _html_passport(passport):
    """One entry of the section at the page's end, with the ways back."""
    back = [inline for i, use in enumerate(passport.uses, 1) for inline in (
        string(" "), link("back to the text" if i == 1 else f"{i}", f"#{use}", classes=["back"]))]
    label = f" {passport.label}" if passport.label else ""
    body = [para(node("Strong", [string(passport.head)]), string(f"{label} "), *back[1:])]
    if passport.sentences:
        body.append(para(". ".join(passport.sentences) + "."))
    if passport.origin:
        body.append(node("BulletList", [[node("Plain", [string(line)])]
                                        for line in passport.origin]))
    return div(["passport"], body, passport.anchor)


def html_body(chapter, references):
    """A chapter's blocks for HTML: its text, the References, and its passports, where no page of
    numbers has them."""
    entries = [] if chapter.cards else [_html_passport(one) for one in passports(chapter)]
    section = [header(2, PASSPORTS, f"{chapter.prefix}passports"), div(["passports"], entries)]
    listed = [one for one in references if "csl-entry" in classes_of(one)]
    said = [one for one in references if one not in listed]
    listed = [*said, div(["references"], listed, role="list")] if listed else said
    return [*walk(chapter.blocks, lambda element: _html_element(element, chapter)),
            *section_of_references(listed, 2), *(section if entries else [])]


# --- Typst ---------------------------------------------------------------------------------

def quoted(text):
    """A Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def moment(day):
    """Year, month and day as Typst's date, or its `auto`: the clock that it is given.

    >>> moment(["2026", "11", "5"]), moment([])
    ('datetime(year: 2026, month: 11, day: 5)', 'auto')
    """
    parts = ", ".join(f"{unit}: {n}" for unit, n in zip(("year", "month", "day"), day))
    return f"datetime({parts})" if day else "auto"


def _typst_inline(text):
    return _raw_inline("typst", text)


def _within(function, blocks):
    """Blocks as what a function of the template is given."""
    return [_raw("typst", f"#{function}["), *blocks, _raw("typst", "]")]


def _near(key, blocks, more=""):
    """Blocks that stand where the text has them, or at the top of the next page."""
    return _within(f"near({quoted(key)}{more})", blocks)


def _typst_figure(element, media):
    key, bundle = _held(element, media)
    drawn = _raw("typst", f'#figure(drawing("{key}.svg", alt: {quoted(bundle["alt"])}, '
                          f'{bundle["width_in"]:g}in), caption: [')
    return _near(key, [drawn, _caption(element), _raw("typst", f"]) <{key}>")])


def _typst_picture(element, media):
    key, picture = _held(element, media)
    return [_raw("typst", f'#picture("{key}.{PICTURES[picture["mime"]]}", '
                          f'{quoted(picture["alt"])})')]


def _typst_table(element):
    scale = _set_widths(element["c"])
    if scale < SMALLEST and not element["c"][0][0]:   # of a reader's own output
        return [part for table in _parted(_pipe_table(element)) for part in _typst_table(table)]
    element["c"][3:] = walk(element["c"][3:], _cell_start)
    if scale < SMALLEST:
        element["c"][0][1].append("turned")   # with its note: see _typst_div
        return [element]
    return _within(f"smaller({8.5 * scale:.3g}pt)", [element]) if scale < 1 else [element]


def _parted(table):
    """A table too wide for a page as several, each with the first column and as many others as fit;
    no word of them is longer than half a line."""
    words, columns, head, bodies = _words_of(table), table["c"][2], table["c"][3], table["c"][4]
    halved = walk([head, bodies], lambda e: [string(_softened(e["c"], LINE // 3))]
                  if e["t"] == "Str" else None)
    words = [min(word, LINE // 3 + 3) for word in words]
    groups, room = [], 0
    for i, word in enumerate(words[1:], 1):
        if not groups or word > room:
            groups.append([0])
            room = LINE - words[0]
        groups[-1].append(i)
        room -= word

    def chosen(rows, group):
        return [[row[0], [row[1][i] for i in group]] for row in rows]

    (_, heads), ((_, _, _, rows),) = halved
    return [node("Table", attr(), [None, []], [columns[i] for i in group],
                 [attr(), chosen(heads, group)], [[attr(), 0, [], chosen(rows, group)]],
                 [attr(), []]) for group in groups or [[0]]]


def _softened(text, most):
    """A text whose words of more than `most` letters may be parted: behind a sign, else anywhere.

    >>> _softened("a_name_without_end", 6).split("\u200b")
    ['a_', 'name_', 'withou', 't_', 'end']
    """
    def parts(found):
        pieces = re.findall(rf"[^/_.,;:&=?-]{{1,{most}}}[/_.,;:&=?-]*|[/_.,;:&=?-]+", found[0])
        return "\u200b".join(pieces)
    return re.sub(rf"\S{{{most + 1},}}", parts, text)


def _cell_start(element):
    """An empty start keeps `1. x` or `- x` in a table cell from becoming a list."""
    if element["t"] in ("Plain", "Para"):
        return [node(element["t"], [_typst_inline("#[]"), *element["c"]])]


def _set_widths(table):
    """Give a table that does not fit its page column widths: short columns whole, long by root.

    A column's margins take the room of three letters. Answers the scale of its letters at which
    each word fits its column, 1 where no smaller ones are needed.
    """
    head, bodies = table[3][1], [row for body in table[4] for row in body[3]]
    columns = list(zip(*[[text_of(cell[4]) for cell in row[1]] for row in head + bodies
                         if len(row[1]) == len(table[2])]))
    size = len if table[0][0] else _width   # a reader's own words may all be capitals
    lengths = [[size(text) for text in column] for column in columns]
    if not columns or sum(max(column) + 3 for column in lengths) <= LINE:
        return 1
    words = [_longest_word(column, size) for column in columns]
    # a heading may take two lines
    longest = [max(word, column[0] // 2 + 1 + 3, *(n + 3 for n in column[1:])) if head else
               max(column) + 3 for word, column in zip(words, lengths)]
    needed = sum(words)
    if sum(longest) <= LINE or needed >= LINE:
        widths = longest if sum(longest) <= LINE else words
    else:
        whole = [n if n <= 17 else None for n in longest]
        left = max(LINE - sum(n for n in whole if n), 20)
        roots = sum(n ** 0.5 for n in longest if n > 17)
        widths = [max(n or left * long ** 0.5 / roots, word)
                  for n, long, word in zip(whole, longest, words)]
    for spec, width in zip(table[2], widths):
        spec[1] = node("ColWidth", round(width / sum(widths), 3))
    return min(1, LINE / needed)


def _longest_word(column, size):
    """The letters that a column of texts needs at least, with its margins."""
    return max((size(word) for text in column for word in _unbroken(text)), default=0) + 3


def _width(text):
    """The width of a text in small letters; a capital takes one and a half."""
    return len(text) + sum(map(str.isupper, text)) // 2


def _words_of(table):
    """The letters that each column of a table of simple cells needs at least."""
    rows = table["c"][3][1] + table["c"][4][0][3]
    return [_longest_word([text_of(row[1][i][4]) for row in rows], _width)
            for i in range(len(table["c"][2]))]


def _unbroken(text):
    """The parts of a cell that no line of print parts: a number with its sign and unit, else words.
    """
    return [text] if len(text) <= 14 and re.match(r"[−-]?\d", text) \
        else re.split(r"[\s/–\u200b-]+", text)


def _typst_link(attributes, inlines, target, origins):
    (name, classes, pairs), text = attributes, text_of(inlines)
    if "site" in classes:
        return inlines
    if "chapter" in classes:
        printed = pairs and pairs[0][1]
        known = not printed or printed.split("\u00a0")[-1] in text.split()
        return inlines if known else [*inlines, string(f" ({printed})")]
    if re.match(r"https?://", text):
        return [node("Link", attributes, [string(readable_address(text))], target)]
    if name:
        if "short" in classes:   # a number keeps to its unit
            inlines = [string(text.replace(" ", "\u00a0"))]
        if not origins:
            return inlines
        return [node("Span", attr(name), [node("Link", attr(), inlines, target)])]


# Signs whose names pandoc writes and Typst 0.14 no longer knows: they stand in formulas themselves.
UNNAMED = {
    "Kai": "Ϗ", "kai": "ϗ", "angle.oblique": "⦦", "angle.right.sq": "⦜", "angle.spheric.top": "⦡",
    "backslash.circle": "⦸", "bar.v.circle": "⦶", "brace.l.double": "⦃", "brace.r.double": "⦄",
    "bracket.l.double": "⟦", "bracket.r.double": "⟧", "dash.circle": "⊝", "div.circle": "⨸",
    "dot.circle": "⊙", "dot.circle.big": "⨀", "eq.circle": "⊜", "franc": "₣", "gimmel": "ג",
    "gt.circle": "⧁", "integral.sect": "⨙", "lt.circle": "⧀", "minus.circle": "⊖",
    "parallel.circle": "⦷", "paren.l.double": "⦅", "paren.r.double": "⦆", "perp.circle": "⦹",
    "planck.reduce": "ħ", "plus.circle.arrow": "⟴", "quote.angle.l.double": "«",
    "quote.angle.l.single": "‹", "quote.angle.r.double": "»", "quote.angle.r.single": "›",
    "sect": "∩", "sect.and": "⩄", "sect.big": "⋂", "sect.dot": "⩀", "sect.double": "⋒",
    "sect.sq": "⊓", "sect.sq.big": "⨅", "sect.sq.double": "⩎", "shell.l.double": "⟬",
    "shell.r.double": "⟭", "shin": "ש", "times.circle": "⊗", "times.circle.big": "⨂"}
FORMULA, END_OF_FORMULA = "\ue003", "\ue004"   # of private use; they stand around each formula


def with_known_signs(text):
    """A text of Typst whose formulas call no sign by a name that Typst does not know.

    >>> with_known_signs(f'sect {FORMULA}$A sect B "sect"${END_OF_FORMULA}')
    'sect $A ∩ B "sect"$'
    """
    def named(found):
        return re.sub(r'"(?:\\.|[^"\\])*"|[A-Za-z]+(?:\.[a-z]+)*',
                      lambda name: UNNAMED.get(name[0], name[0]), found[1])

    return re.sub(f"{FORMULA}(.*?){END_OF_FORMULA}", named, text, flags=re.S)


def _typst_div(element, media):
    """What stands in a Div of ours, or None where it is none."""
    blocks, classes = element["c"][1], classes_of(element)
    if "figure" in classes:
        return _typst_figure(element, media)
    if "picture" in classes:
        return _typst_picture(element, media)
    if "code" in classes:
        return []
    if "table" in classes:
        table, = (block for block in blocks if block["t"] == "Table")
        if "turned" in table["c"][0][1]:
            return _near(table["c"][0][0], _within("turned", blocks))
        return _near(table["c"][0][0], blocks, ", breaks: true")
    if "note" in classes or "untraced" in classes:
        return _within("note" if "note" in classes else "untraced", blocks)


def _typst_element(element, media, origins):
    kind, classes = element["t"], classes_of(element)
    if kind == "Div":
        return _typst_div(element, media)
    if kind == "Span" and ("aside" in classes or "failing" in classes):
        name = "failing" if "failing" in classes else "aside"
        return [_typst_inline(f"#{name}["), *element["c"][1], _typst_inline("]")]
    if kind == "Link":
        return _typst_link(*element["c"], origins)
    if kind == "Math":
        formula = f"#formula({quoted(element['c'][1])})["
        return [_typst_inline(formula + FORMULA), element, _typst_inline(f"{END_OF_FORMULA}]")]
    if kind == "Image":
        key = element["c"][0][0]
        alt = quoted(media[key]["alt"]) if media[key]["alt"] else "none"
        return [_typst_inline(f'#held("{key}.{PICTURES[media[key]["mime"]]}", {alt});')]
    if kind == "Table":
        return _typst_table(element)
    if kind == "CodeBlock":
        parted = re.sub(r"\S{76}", "\\g<0>\u200b", element["c"][1])
        return [node("CodeBlock", element["c"][0], parted)]
    if kind == "Code":
        return [node("Code", element["c"][0], _softened(element["c"][1], LONGEST))]
    if kind == "Str" and len(element["c"]) > LONGEST and "://" not in element["c"]:
        return [string(_softened(element["c"], LONGEST))]
    return _keep_whole(element, _typst_inline("#box["), _typst_inline("];"))


@cache
def _signs_of(fonts):
    """Every sign that one of some font files can draw."""
    from fontTools.ttLib import TTFont
    return {code for path in fonts for code in TTFont(path, lazy=True).getBestCmap() or ()}


def without_missing_glyphs(text, fonts):
    """(text, the signs that no font has) with a box for each: print could not hold them. The names
    of headings, which nobody sees, keep theirs.

    fonts: paths of font files; Latin, Greek and Cyrillic letters are in all.
    """
    rare = {sign for sign in text if ord(sign) > 0x52f and not 0x1e00 <= ord(sign) < 0x2070}
    missing = {sign for sign in rare if ord(sign) not in _signs_of(tuple(fonts))} if rare else set()
    boxes = dict.fromkeys(map(ord, missing), "□")
    parts = re.split(r"(<section-[^<>\s]+>)", text)
    parts[::2] = [part.translate(boxes) for part in parts[::2]]
    return "".join(parts), missing


def consecutive(blocks):
    """Headings of an accessible PDF: the first is of level 1, and none skips a level."""
    last = 0

    def raised(element):
        nonlocal last
        if element["t"] == "Header":
            element["c"][0] = last = min(element["c"][0], last + 1)

    return walk(blocks, raised)


def without_dead_links(blocks):
    """Blocks without links to places that are not printed; Typst knows none."""
    places = set()

    def note(element):
        content = element.get("c")
        if element["t"] in ("RawBlock", "RawInline"):
            places.update(re.findall(r"<([^<>\s]+)>", content[1]))
        elif element["t"] == "Header":
            places.add(content[1][0])
        elif isinstance(content, list) and content and isinstance(content[0], list) \
                and content[0] and isinstance(content[0][0], str):
            places.add(content[0][0])

    def cut(element):
        if element["t"] == "Link" and element["c"][2][0].startswith("#") \
                and element["c"][2][0][1:] not in places:
            return element["c"][1]

    walk(blocks, note)
    return walk(blocks, cut)


def typst_blocks(blocks, media=None, origins=True):
    """Blocks for Typst; origins: whether the numbers lead to passports."""
    return walk(blocks, lambda element: _typst_element(element, media or {}, origins))


def _typst_passport(passport):
    """One entry in small type, a paragraph with the pages that use the number."""
    label = [passport.label.rstrip(".")] if passport.label else []
    words = ". ".join([*label, *passport.sentences])
    origin = "; ".join(passport.origin) + ". " if passport.origin else ""
    pages = [inline for use in passport.uses
             for inline in (string(", "), _typst_inline(f"#onpage(<{use}>)"))][1:]
    return para(node("Strong", [string(passport.head)]), string(" "),
                string(f"{words}. {origin}"), *pages,
                _typst_inline(f"#metadata(none) <{passport.anchor}>"))


def typst_body(chapter, references=()):
    """A chapter's blocks for Typst, printed alone: its text, the References, its passports."""
    blocks = typst_blocks(titled(chapter.blocks), chapter.media) + typst_references(references)
    if entries := [_typst_passport(passport) for passport in passports(chapter, PRINTED)]:
        heading = f"#heading(level: 2, outlined: false, {quoted(PASSPORTS)})"
        blocks += [_raw("typst", heading), *_within("passports", entries)]
    return blocks


def titled(blocks):
    """Blocks of one notebook whose only heading of level 1 is its title: print has it above the
    text, and the others one level up."""
    levels = [block["c"][0] for block in blocks if block["t"] == "Header"]
    if levels[:1] != [1] or levels.count(1) > 1:
        return blocks
    name = blocks[[block["t"] for block in blocks].index("Header")]["c"][1][0]
    rest = [block for block in blocks if block["t"] != "Header" or block["c"][0] > 1]
    for block in rest:
        if block["t"] == "Header":
            block["c"][0] -= 1
    return [_raw("typst", f"#opening[] #metadata(none) <{name}>"), *rest]


def typst_references(references):
    """The References for Typst, a part of their own."""
    entries = _within("references", typst_blocks(references)) if references else []
    return section_of_references(entries, 1)


def typst_part(name):
    """Where a part of a book begins."""
    return _raw("typst", f"#part({quoted(name)})")


def typst_contents():
    """A list of the sections."""
    return [_raw("typst", "#contents")]


def typst_opening(front, author, dated=""):
    """The head of the first page: title, subtitle (an emphasised first paragraph), author, day,
    abstract."""
    blocks = [b for b in front.blocks if not (b["t"] == "Header" and b["c"][0] == 1)]
    subtitle = ""
    if blocks and blocks[0]["t"] == "Para" and [i["t"] for i in blocks[0]["c"]] == ["Emph"]:
        subtitle = text_of(blocks.pop(0))
    if blocks and blocks[0]["t"] == "Para":
        blocks[0]["c"][:0] = [node("Strong", [string("Abstract.")]), string(" ")]
    said = ", ".join(f"{key}: {quoted(text)}" for key, text in
                     (("subtitle", subtitle), ("author", author), ("dated", dated)))
    if not blocks:
        return [_raw("typst", f"#opening({said})[]")]
    return _within(f"opening({said})", typst_blocks(blocks, origins=False))


# --- Markdown ------------------------------------------------------------------------------

def _markdown_element(element, media, folder):
    kind, classes = element["t"], classes_of(element)
    if "figure" in classes or "picture" in classes:
        key, item = _held(element, media)
        ending = "svg" if "figure" in classes else PICTURES[item["mime"]]
        image = node("Image", attr(), [string(item["alt"])], [f"{folder}{key}.{ending}", ""])
        return [para(image), *element["c"][1]]
    if kind == "Image":
        key, words = element["c"][0][0], element["c"][1]
        file = f"{folder}{key}.{PICTURES[media[key]['mime']]}"
        return [node("Image", attr(), words, [file, ""])]
    if kind == "Link" and "chapter" in classes:
        return [link(text_of(element["c"][1]), f"{element['c'][2][0].partition('#')[0]}.md")]
    if kind == "Link" and "site" in classes:
        return [link(text_of(element["c"][1]), f"../site/{element['c'][2][0]}")]
    if kind == "Link" and element["c"][2][0].startswith("#"):
        return element["c"][1]
    if kind == "Span":
        return [node("Emph", element["c"][1])] if "aside" in classes else element["c"][1]
    if kind == "Div":
        return [] if "code" in classes else element["c"][1]
    if kind == "Table":
        _, (_, caption), *_ = element["c"]
        return [*[node("Para", block["c"]) for block in caption], _pipe_table(element)]


def _pipe_table(table):
    """A table as Markdown can hold it: a cell is one line, and what spans several cells stands in
    the first of them."""
    _, _, columns, head, bodies, foot = table["c"]
    groups = [head[1], *[part for body in bodies for part in (body[2], body[3])], foot[1]]
    rows = [row for rows in groups for row in _unspanned(rows, len(columns))]
    lines = [[attr(), [[attr(), node("AlignDefault"), 1, 1, cell] for cell in row]] for row in rows]
    heads = lines[:1] if head[1] else []
    columns = [[align, node("ColWidthDefault")] for align, _ in columns]
    return node("Table", attr(), [None, []], columns, [attr(), heads],
                [[attr(), 0, [], lines[len(heads):]]], [attr(), []])


def _unspanned(rows, width):
    """Rows of a table's part as lists of cells of one line, `width` of them each."""
    held, made = {}, []   # held: column -> rows that a cell from above still takes
    for _, cells in rows:
        line, waiting = [], list(cells)
        while len(line) < width:
            if held.get(len(line), 0):
                held[len(line)] -= 1
                line.append([])
            elif waiting:
                _, _, down, across, blocks = waiting.pop(0)
                for at in range(len(line), min(len(line) + across, width)):
                    held[at] = down - 1
                line += [[node("Plain", _one_line(blocks))], *([[]] * (across - 1))]
            else:
                line.append([])
        made.append(line[:width])
    return made


def _one_line(blocks):
    """The inlines of blocks on one line; paragraphs, items and lines are parted by semicolons."""
    parts = []

    def visit(element):
        if element["t"] in ("Plain", "Para", "Header"):
            parts.append(element["c"][-1] if element["t"] == "Header" else element["c"])
        if element["t"] == "CodeBlock":
            parts.append([node("Code", attr(), " ".join(element["c"][1].split()))])

    walk(blocks, visit)
    inlines = [one for part in parts for one in (string(";"), node("Space"), *part)][2:]
    return walk(inlines, lambda e: [string(";"), node("Space")] if e["t"] == "LineBreak" else None)


def markdown_body(chapter, references, folder):
    """A chapter's blocks for Markdown, its pictures named below `folder`."""
    return walk(chapter.blocks + section_of_references(references, 2),
                lambda element: _markdown_element(element, chapter.media, folder))
