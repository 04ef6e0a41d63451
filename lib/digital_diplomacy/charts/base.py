"""What all figures share: one style a country, labels that keep apart, the source line, alt text.

A figure is a `matplotlib.figure.Figure` that carries
`figure.study = {"alt": str, "rows": [row ids], "sources": [source ids]}`.
"""

from collections import Counter
from pathlib import Path
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib import colors, pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator
from matplotlib.transforms import offset_copy
from scipy.optimize import isotonic_regression

from ..data import read

STYLE_FILE = Path(__file__).parents[1] / "templates" / "study.mplstyle"
plt.style.use(STYLE_FILE)

WIDTH = 4.5                      # inches
SMALL = 7.5                      # points: source line and notes
INK, GREY, PALE = "#222222", "#777777", "#E2E2E2"
MODELLED = (0, (3.5, 2))
MANY = 4                         # publishers: more are counted, the references list them
LARGE_PANEL = 60                 # countries: from here on rows are named as a selection

# Colour, marker and line differ, and the greys are at least ten steps of lightness (L*) apart.
COUNTRIES = {
    "KAZ": {"color": "#0064A5", "marker": "o", "linestyle": "-"},
    "UZB": {"color": "#D95F02", "marker": "s", "linestyle": "-"},
    "KGZ": {"color": "#004B3C", "marker": "^", "linestyle": (0, (6, 1.5))},
    "TJK": {"color": "#D890BC", "marker": "D", "linestyle": (0, (1.2, 1.2))},
    "TKM": {"color": "#80CBF5", "marker": "v", "linestyle": "-."},
}
PARTS = {"egdi": "EGDI", "osi": "Online services (OSI)", "tii": "Infrastructure (TII)",
         "hci": "Human capital (HCI)", "epi": "E-participation (EPI)"}


def country_styles(codes):
    """Style of each country: the five have their own, others take the free ones, KAZ's first.

    >>> country_styles(["UZB", "FRA"])["FRA"] == COUNTRIES["KAZ"]
    True
    """
    codes = list(dict.fromkeys(codes))
    strangers = [code for code in codes if code not in COUNTRIES]
    free = [style for code, style in COUNTRIES.items() if code not in codes]
    if len(strangers) > len(free):
        raise ValueError(f"{len(codes)} countries in one figure; draw five at most")
    return {code: COUNTRIES[code] for code in codes if code in COUNTRIES} | dict(
        zip(strangers, free))


def ink(colour):
    """The colour darkened until it reads as text on white (contrast 4.5 or more).

    >>> ink("#0064A5")
    '#0064a5'
    """
    rgb = np.array(colors.to_rgb(colour))
    while 1.05 / (luminance(rgb) + 0.05) < 4.5:
        rgb = rgb * 0.95
    return colors.to_hex(rgb)


def luminance(colour):
    """Relative luminance of a colour, 0 (black) to 1 (white), by the WCAG formula.

    >>> float(luminance("white"))
    1.0
    """
    rgb = np.array(colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def drawable(rows, name, *columns, years=1, countries=None):
    """The rows sorted by country and year; ValueError with the mend when they cannot be drawn."""
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ValueError(f"{name}: the frame has no column {', '.join(missing)}; "
                         f"it has {', '.join(map(str, rows.columns)) or 'none'}")
    if "value" in rows.columns:
        rows = rows[rows["value"].notna()]
    if rows.empty:
        raise ValueError(f"{name}: no rows with a value to draw")
    if years > 1 and rows["year"].nunique() < years:
        raise ValueError(f"{name}: only {rows['year'].nunique()} year, {rows['year'].iloc[0]}; "
                         f"a line needs {years} or more")
    if countries and rows["country"].nunique() != countries:
        raise ValueError(f"{name}: draws {countries} countr{'y' if countries == 1 else 'ies'}, "
                         f"the frame has "
                         f"{', '.join(rows['country'].unique())}")
    order = [column for column in ("country", "year") if column in columns]
    return rows.sort_values(order, kind="stable") if order else rows


def floats(column):
    """A column of Numbers as plain floats, for matplotlib."""
    return np.array([float(value) for value in column])


def prose(value):
    """A value as alt text prints it: a Number's own words, else at most four digits.

    >>> prose(92.8785), prose(1845000.0)
    ('92.9', '1,845,000')
    """
    return str(value) if hasattr(value, "rows") else short(value)


def plain(value):
    """A value as a label prints it, without unit (the axis has it)."""
    return value.text_without_unit if hasattr(value, "text_without_unit") else short(value)


def short(value):
    size = abs(float(value))
    digits = 0 if size >= 1000 or float(value).is_integer() else 1 if size >= 2 else 3
    return f"{float(value):,.{digits}f}".replace("-", "−")


def indicators_of(rows):
    """Each row's indicator: the column `indicator`, else what its Number remembers."""
    if "indicator" in rows.columns:
        return list(rows["indicator"])
    return [getattr(value, "indicator", "") for value in rows["value"]]


def part_label(indicator):
    """A reader's name for an indicator: ours, else the codebook's short label, else its words.

    >>> part_label("osi_rank"), part_label("visa_freedom")
    ('Online services (OSI)', 'Visa freedom')
    """
    key = indicator.removesuffix("_rank")
    if key in PARTS:
        return PARTS[key]
    codebook = tables("indicators")
    known = dict(zip(codebook.get("indicator", ()), codebook.get("label_short", ())))
    return known.get(key) or key.replace("_", " ").capitalize()


def tables(name):
    """A table of data/ for labels, or an empty frame where there is none (plain frames work)."""
    try:
        return read(name)
    except (OSError, ValueError):
        return pd.DataFrame()


def credit(sources):
    """The source line: publishers with the years of their vintages.

    >>> credit([])
    ''
    """
    table = tables("sources")
    known = table.set_index("source") if "source" in table.columns else table
    years = {}
    for source in sources:
        row = known.loc[source] if source in known.index else {"publisher": source, "vintage": ""}
        years.setdefault(row["publisher"], set()).add(str(row["vintage"])[:4])
    if len(years) > MANY:
        return f"Sources: {len(years)} publishers, listed in the references."
    named = []
    for publisher, vintages in years.items():
        span = sorted(vintages - {""})
        named.append(publisher + (f", {'–'.join(dict.fromkeys((span[0], span[-1])))}"
                                  if span else ""))
    return f"Source{'s' if len(named) > 1 else ''}: {'; '.join(named)}" if named else ""


def rows_of(*frames):
    """Row ids behind the frames; panels of many countries become selections with their n."""
    ids = [row for frame in frames if frame is not None
           for row in [row for value in frame.get("value", ())
                       for row in getattr(value, "rows", ())] + list(frame.attrs.get("rows", ()))]
    ids = list(dict.fromkeys(ids))
    if len({row.split("/")[0] for row in ids}) <= LARGE_PANEL:
        return ids
    counts = Counter(row.split("/", 1)[1] for row in ids)
    return [f"UN193/{rest}#{n}" for rest, n in sorted(counts.items())]


def sources_of(*frames):
    """Source ids of the frames' `source` columns, each once, in order."""
    return list(dict.fromkeys(
        source for frame in frames if frame is not None
        for source in [*frame.get("source", ()), *frame.attrs.get("sources", ())] if source))


def canvas(height, panels=1, **options):
    """A figure of the study's width with its axes, outside pyplot: a cell shows it only once."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots(panels, squeeze=False, **options)
    return figure, (axes[0, 0] if panels == 1 else list(axes[:, 0]))


def finish(figure, alt, frames, notes=(), source=None, rows=()):
    """Set notes and source line, freeze the layout, attach what the figure remembers."""
    named = [row.rsplit("/", 1)[1].partition("#")[0] for row in rows]  # a selection has its n
    sources = list(dict.fromkeys([*sources_of(*frames), *(one for name in named
                                                          for one in name.split("+"))]))
    lines = [*notes, credit(sources) if source is None else source]
    footer = "\n".join(fill(line, 74) for line in lines if line)
    if footer:
        figure.supxlabel(footer, x=0.012, ha="left", fontsize=SMALL, color="#555555",
                         linespacing=1.25)
    figure.get_layout_engine().set(w_pad=0.05, h_pad=0.05)
    for _ in range(2):           # labels move when the axes have found their size
        figure.draw_without_rendering()
        for settle in getattr(figure, "settle", ()):
            settle()
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    figure.study = {"alt": " ".join(alt.split()), "rows": [*rows, *rows_of(*frames)],
                    "sources": sources}
    return figure


def on_settled(figure, action):
    """Run `action` once the layout is known (labels are spread in pixels)."""
    figure.settle = [*getattr(figure, "settle", ()), action]


def spread(centres, sizes, low=-np.inf, high=np.inf, gap=0.0):
    """Nearest positions (least squares) at which intervals of these sizes do not overlap.

    Order is kept; between `low` and `high` as far as they fit.

    >>> spread([5, 5], [2, 2]).tolist()
    [4.0, 6.0]
    """
    centres, sizes = np.asarray(centres, float), np.asarray(sizes, float)
    if not len(centres):
        return centres
    order = np.argsort(centres, kind="stable")
    size = sizes[order]
    steps = np.concatenate([[0], np.cumsum((size[1:] + size[:-1]) / 2 + gap)])
    free = isotonic_regression(centres[order] - steps).x
    bottom, top = low + size[0] / 2, high - size[-1] / 2 - steps[-1]
    placed = np.empty_like(centres)
    placed[order] = np.clip(free, bottom, max(bottom, top)) + steps
    return placed


def end_labels(ax, ends):
    """Label line ends to the right of the axes; `ends` holds (x, y, text, colour).

    Labels keep apart; a thin line leads from a label that had to move to its point.
    """
    place = offset_copy(ax.transAxes, ax.figure, x=9, y=0, units="points")
    texts = [ax.annotate(text, (x, y), (1, 0.5), textcoords=place, va="center", ha="left",
                         color=ink(colour), fontsize=8.5, linespacing=1.05,
                         annotation_clip=False,
                         arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.7,
                                     "shrinkA": 1, "shrinkB": 3, "relpos": (0, 0.5)})
             for x, y, text, colour in ends]

    def settle():
        box = ax.get_window_extent()
        heights = [Text.get_window_extent(text).height for text in texts]   # without its arrow
        wanted = np.array([ax.transData.transform((x, y)) for x, y, *_ in ends]).reshape(-1, 2)
        pad = 0.06 * box.height
        top = box.y1 if ax.get_title(loc="left") else box.y1 + pad   # a title may be long
        placed = spread(wanted[:, 1], heights, box.y0 - pad, top, gap=2)
        for text, y, (wx, wy) in zip(texts, placed, wanted):
            text.set_position((1, (y - box.y0) / box.height))
            text.arrow_patch.set_visible(abs(y - wy) > 4 or box.x1 - wx > 12)
    on_settled(ax.figure, settle)
    return texts


def range_frame(ax, x=None, y=None, margin=0.025):
    """Axes that end with the data: spines span it, ticks lie within, markers are not cut."""
    for values, spine, axis, limit in ((x, "bottom", ax.xaxis, ax.set_xlim),
                                       (y, "left", ax.yaxis, ax.set_ylim)):
        if values is None:
            continue
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        if axis is ax.yaxis and axis.get_scale() == "linear" and 0 < low < 0.05 * high:
            low = 0.0            # a hair above zero: the axis starts there
        ax.spines[spine].set_bounds(low, high)
        if axis.get_scale() == "log":
            stretch = (high / low) ** margin
            limit(low / stretch, high * stretch)
            axis.set_major_formatter(FuncFormatter(
                lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
            axis.set_minor_locator(NullLocator())
            continue
        room = margin * (high - low) or 0.5
        limit(low - room, high + room)
        if axis is ax.yaxis:
            ticks = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
            axis.set_ticks([tick for tick in ticks if low <= tick <= high])


def year_ticks(ax, years, room=7):
    """Ticks on years of the data, at most about `room`: the last always, the first if it fits.

    Yearly series get round years between; surveys only years in which there was one.
    """
    years = sorted({int(year) for year in years})
    low, high = years[0], years[-1]
    apart = max(1.0, 0.12 * (high - low))
    if len(years) > room and len(years) > 0.7 * (high - low):
        step = next(s for s in (2, 5, 10, 20, 50, 100) if s >= (high - low) / room)
        years = [low, *(y for y in years if y % step == 0 and y - low >= apart), high]
    chosen = []
    for year in reversed(years):
        if not chosen or chosen[-1] - year >= apart:
            chosen.append(year)
    ax.set_xticks(sorted(chosen))
    ax.xaxis.set_major_formatter("{x:.0f}")
