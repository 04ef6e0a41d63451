"""Figures on a page: drawn with letters as letters, in the colours of the theme, with their files.

A page embeds of each font the letters that its figures use. Every colour is a property of the
page, which dark pages set anew; a drawing alone has its own colours.
"""

import base64
import html as markup
import io
import re
import xml.etree.ElementTree as ET
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

SCREEN = 1.3   # figures are drawn for print; on a screen their letters are as large as the text's
LEAST, MOST = 1.15, 1.3   # pixels to a point of a panel on a telephone
INK, DARK = 28, "#16181a"   # the darkest grey of a light page, the paper of a dark one: study.css
READABLE = 4.5              # contrast of what a dark page lightens
KEPT = ("kern", "liga", "ccmp", "mark", "mkmk")   # how letters stand together
STYLE, COLOUR = re.compile(r'style="[^"]*"'), re.compile(r"(fill|stroke): #([0-9a-f]{6})\b")
PLACE = re.compile(r"[\w/-]+\.html(#\S+)?")   # of a row on the site
HEX = re.compile(r"#[0-9a-f]{6}")
TITLES = {"csv": "Data (CSV)", "svg": "SVG", "png": "PNG"}
TYPES = {"csv": "text/csv;charset=utf-8", "svg": "image/svg+xml"}   # that one page can hold


# --- the drawing ---------------------------------------------------------------------------

def svg(bundle, key, linked=False):
    """A figure's SVG to stand in a page: its ids made unique, named for readers who do not see it,
    its points as circles with a title, which lead to their rows where the page stands in a site."""
    text = as_drawn(bundle)
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text[text.index("<svg"):], flags=re.S)
    text = re.sub(r"""(\sid=["'])""", rf"\g<1>{key}-", text)
    text = re.sub(r"""(url\(#|href=["']#)""", rf"\g<1>{key}-", text)
    text = STYLE.sub(lambda found: COLOUR.sub(r"\1: var(--c-\2, #\2)", found[0]), text)
    head, rest = text.split(">", 1)
    head = re.sub(r"""\s(width|height|role|aria-label)=("[^"]*"|'[^']*')""", "", head)
    rest = re.sub(r"\n\s*", "\n", rest.rpartition("</svg>")[0]) + points(bundle, linked)
    return (f'{head} role="img" aria-label="{markup.escape(bundle["alt"])}" style="aspect-ratio:'
            f'{bundle["width_in"]:g}/{bundle["height_in"]:g};max-width:'
            f'{bundle["width_in"] * SCREEN:g}in;fill:var(--c-000000, #000000)"><g id="{key}-all">'
            f'{rest}</g></svg>{panels(bundle, key)}')


def as_drawn(bundle):
    """A figure's SVG with letters as letters, or as paths where their font cannot be embedded."""
    return bundle["svg_text"] if letters(bundle["svg_text"]) is not None else bundle["svg_paths"]


def panels(bundle, key):
    """The panels of a figure again, one by one, for a page too narrow for all; "" without panels.
    """
    boxes = [[72 * bundle[side] * part for side, part in zip(
        ("width_in", "height_in") * 2, panel)] for panel in bundle.get("panels", ())]
    shown = [f'<svg viewBox="{x:.1f} {y:.1f} {wide:.1f} {high:.1f}" style="flex:1 1 '
             f'{wide * LEAST:.0f}px;max-width:{wide * MOST:.0f}px"><use href="#{key}-all"/></svg>'
             for x, y, wide, high in boxes]
    return f'<div class="panels" aria-hidden="true">{"".join(shown)}</div>' if shown else ""


def points(bundle, linked):
    """The circles that a pointer finds, each with what it says; "" where the figure does not say.

    linked: whether those of one row lead to it, by the script: a picture holds no links.
    """
    wide, high = (72 * bundle[side] for side in ("width_in", "height_in"))
    circles = []
    for point in bundle.get("points", ()):
        to = point.get("to", "") if linked else ""
        leads = f' data-to="{markup.escape(to)}"' if PLACE.fullmatch(to) else ""
        circles.append(f'<circle cx="{point["x"] * wide:.1f}" cy="{point["y"] * high:.1f}" r="5"'
                       f'{leads}><title>{markup.escape(point["text"])}</title></circle>')
    return f'<g class="points">{"".join(circles)}</g>' if circles else ""


# --- fonts ---------------------------------------------------------------------------------

def letters(text):
    """{font file: letters} of an SVG's text; None where matplotlib does not bring a font that it
    names, or none has a letter: it would look otherwise elsewhere."""
    used = {}
    try:
        root = ET.fromstring(text[text.index("<svg"):])
    except ET.ParseError:
        return None
    for element in root.iter():
        if element.tag.endswith(("}text", "}tspan")) and (element.text or "").strip():
            style = dict(re.findall(r"([\w-]+): ([^;]+)", element.get("style", "")))
            bold = style.get("font-weight", "400") in ("bold", "600", "700", "800", "900")
            slanted = style.get("font-style", "normal") != "normal"
            families = re.findall(r"[^',]*[^', ]", style.get("font-family", ""))
            for letter in element.text:
                font = font_of(letter, tuple(families), bold, slanted)
                if font is None:
                    return None
                used.setdefault(font, set()).add(letter)
    return used


@cache
def font_of(letter, families, bold, slanted):
    """The file of the first of some families that has a letter; None where one before it is not
    matplotlib's."""
    for family in families:
        path = fonts().get((family, bold, slanted))
        if path is None or ord(letter) in signs_of(path):
            return path


@cache
def fonts():
    """{(family, bold, slanted): file} of the fonts that come with matplotlib."""
    from fontTools.ttLib import TTFont
    folder = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    found = {}
    for path in sorted(folder.glob("*.ttf")):
        name = TTFont(path, lazy=True)["name"]
        face = name.getDebugName(2)
        found[name.getDebugName(1), "Bold" in face, bool({"Italic", "Oblique"} & {*face.split()})] \
            = path
    return found


@cache
def signs_of(path):
    """The code points that a font file can draw."""
    from fontTools.ttLib import TTFont
    return TTFont(path, lazy=True).getBestCmap().keys()


def face(path, used):
    """A font as a rule of a style sheet that holds the letters used, and no other."""
    family, bold, slanted = next(key for key, file in fonts().items() if file == path)
    font = base64.b64encode(subset(path, used)).decode()
    return (f"@font-face{{font-family:'{family}';font-weight:{700 if bold else 400};font-style:"
            f"{'italic' if slanted else 'normal'};src:url(data:font/woff;base64,{font})}}\n")


def subset(path, used):
    """The bytes of a font of these letters alone, as WOFF; the same each time.

    WOFF2 is a fifth smaller, and needs a library that nothing else here does.
    """
    from fontTools import subset as tools
    options = tools.Options(layout_features=KEPT, hinting=False, name_IDs=[], flavor="woff",
                            recalc_timestamp=False, notdef_outline=True)
    options.drop_tables += ["FFTM", "gasp"]
    font = tools.load_font(path, options)
    cut = tools.Subsetter(options)
    cut.populate(text="".join(sorted(used)))
    cut.subset(font)
    stream = io.BytesIO()
    tools.save_font(font, stream, options)
    return stream.getvalue()


# --- colours -------------------------------------------------------------------------------

def style(bundles):
    """The rules that the figures of a page need: their fonts, and their colours by theme."""
    drawn, used, screen = [as_drawn(bundle) for bundle in bundles], {}, {}
    for bundle, text in zip(bundles, drawn):
        screen |= {colour: twins for colour, twins in bundle.get("screen", {}).items()
                   if all(HEX.fullmatch(one) for one in twins)}
        for path, some in (letters(text) or {}).items():
            used.setdefault(path, set()).update(some)
    colours = {colour for text in drawn for one in STYLE.findall(text)
               for _, colour in COLOUR.findall(one)}
    rules = "".join(f"--c-{colour}:{themed('#' + colour, screen)};"
                    for colour in sorted({"000000", *colours}))
    return "".join(face(path, some) for path, some in sorted(used.items())) + (
        f"@supports(color:light-dark(#000,#fff)){{:root{{{rules}}}}}\n" if bundles else "")


def themed(colour, screen):
    """A colour as CSS has it: greys lie between ink and paper, others have a twin on dark.

    screen: {colour: (on light, on dark)} of those that a study has chosen itself.

    >>> themed("#ffffff", {}), themed("#00004b", {}), themed("#ff8800", {})
    ('var(--paper)', 'light-dark(#00004b,#8080a5)', '#ff8800')
    """
    red, green, blue = rgb(colour)
    if red == green == blue and colour not in screen:
        ink = min(100, round(100 * (255 - red) / (255 - INK)))
        mixed = f"color-mix(in srgb,var(--ink) {ink}%,var(--paper))" if ink < 100 else "var(--ink)"
        return f"light-dark({colour},{mixed})" if ink else "var(--paper)"
    light, dark = screen.get(colour, (colour, lightened(colour)))
    return f"light-dark({light},{dark})" if light != dark else colour


def lightened(colour):
    """A colour with as much white as it needs to be read on a dark page."""
    for twentieth in range(21):
        parts = [round(part + (255 - part) * twentieth / 20) for part in rgb(colour)]
        mixed = "#" + "".join(f"{part:02x}" for part in parts)
        if contrast(mixed, DARK) >= READABLE:
            return mixed


def rgb(colour):
    """Red, green and blue of a colour like "#0064a5", 0 to 255."""
    return [int(colour[at:at + 2], 16) for at in (1, 3, 5)]


def contrast(one, other):
    """The contrast of two colours, 1 to 21, by the WCAG formula.

    >>> contrast("#000000", "#ffffff"), round(contrast("#0064a5", "#ffffff"), 2)
    (21.0, 6.24)
    """
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    """Relative luminance of a colour, 0 to 1."""
    parts = [part / 255 for part in rgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear))


# --- files ---------------------------------------------------------------------------------

def files(media, name):
    """{file name: bytes} beside the page of a notebook: of each figure its data, its picture with
    letters as paths, which every program shows, and the same as PNG."""
    return {f"{name}-{key}.{kind}": content for key, bundle in media.items()
            for kind, content in contents(bundle).items()}


def contents(bundle):
    """{ending: bytes} of what a figure can be taken away as; {} of what is no figure."""
    if bundle.get("kind") != "figure":
        return {}
    held = {"csv": bundle.get("csv", "").encode(), "svg": bundle["svg_paths"].encode(),
            "png": base64.b64decode(bundle.get("png", ""))}
    return {kind: content for kind, content in held.items() if content}


def menu(bundle, name, key, folder, label):
    """The line below a figure that leads to its files, its code follows; "" where there is none.

    folder: where they lie, as seen from the page; "": in the page itself, but for the PNG, which
    would weigh more than all else; None: nowhere.
    """
    if folder is None:
        return ""
    entries = []
    for kind, content in contents(bundle).items():
        if folder or kind in TYPES:
            file = f"{name}-{key}.{kind}"
            data = "" if folder else base64.b64encode(content).decode()
            to = f"{folder}/{quote(file)}" if folder else f"data:{TYPES[kind]};base64,{data}"
            save = "" if folder and kind != "csv" else f' download="{markup.escape(file)}"'
            entries.append(f'<a href="{to}"{save} aria-label="{TITLES[kind]} of {label}">'
                           f'{TITLES[kind]}</a>')
    return f'<p class="menu note">{" · ".join(entries)}</p>' if entries else ""
