"""What all figures share: the study's style, one look a country, labels that keep apart, notes.

A figure's function draws in the study's style whatever a notebook has set, and leaves a notebook's
own style as it was (`in_style`); `set_theme()` gives the style to one's own plots. To change it:
sizes, fonts, greys and margins stand in `templates/study.mplstyle`, colour, marker and dashes of
each country in `COUNTRIES`.

A figure is a `matplotlib.figure.Figure` that carries
`figure.study = {"alt": str, "note": str, "rows": [row ids], "sources": [source ids]}`. The note,
which ends with the sources, is printed below the picture, not in it.
"""

import re
from functools import cache, wraps
from pathlib import Path
from textwrap import fill

import numpy as np
from matplotlib import colors
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from scipy.optimize import isotonic_regression

from footnoted.number import Number, half_up, sources_of

from ..data import labels, read

STYLE_FILE = Path(__file__).parents[1] / "templates" / "study.mplstyle"

WIDTH = 156 / 25.4               # inches: the text of the PDF page, so print scales nothing
SMALL = 8.5                      # points: labels; the text of the page has 10.5
INK, GREY, PALE = "#222222", "#777777", "#E2E2E2"
PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}   # under a text on a line
LIMIT = {"color": GREY, "linewidth": 1, "linestyle": (0, (2, 1.5)), "zorder": 0.5}
MANY = 5                         # publishers: more are counted, the references list them
LETTERS = 105                    # across a figure, in small type
STEPS = (1, 2, 4, 5, 8, 10, 20, 50)  # years between two ticks

# Colour, marker and dashes differ, and the greys are at least nine steps of lightness (L*) apart.
COUNTRIES = {
    "KAZ": {"color": "#0064A5", "marker": "o", "dashes": ""},
    "UZB": {"color": "#D95F02", "marker": "s", "dashes": ""},
    "KGZ": {"color": "#004B3C", "marker": "^", "dashes": (6, 1.5)},
    "TJK": {"color": "#D890BC", "marker": "D", "dashes": (1.2, 1.2)},
    "TKM": {"color": "#80CBF5", "marker": "v", "dashes": (6, 1.5, 1, 1.5)},
}
# The same on the screen, on light and on dark pages: each stands out from them by 3 to 1 and more.
SCREEN = {"#0064a5": ("#0064a5", "#4a9bdf"), "#d95f02": ("#d95f02", "#ff8f3f"),
          "#004b3c": ("#004b3c", "#1e9a78"), "#d890bc": ("#c46ba3", "#f2a9d3"),
          "#80cbf5": ("#3e93c4", "#bde6ff"),
          "#999999": ("#8c8c8c", "#828486"), "#a8a8a8": ("#8f8f8f", "#717375"),
          "#ababab": ("#929292", "#6e7072")}

# seaborn works out estimates and intervals from observations; ours are given. Each point is handed
# over as three rows (`three_rows`): the value, the low and the high end, in this order.
GIVEN = {"estimator": lambda three: three.iloc[0],
         "errorbar": lambda three: (three.iloc[1], three.iloc[2])}


def set_theme():
    """Give the study's style to the plots that follow, one's own of seaborn or matplotlib."""
    plt.style.use(STYLE_FILE)


class NothingToDrawError(ValueError):
    """Why a figure has nothing to show: the data lack it, the call is right."""


def in_style(draw):
    """The function, drawing in the study's style whatever is set, and leaving that as it was.

    Where there is nothing to draw, the figure says so in words.
    """
    @wraps(draw)
    def drawn(*args, **options):
        with plt.style.context(STYLE_FILE, after_reset=True):
            try:
                return draw(*args, **options)
            except NothingToDrawError as nothing:
                return blank(f"Nothing to draw: {nothing}.")
    return drawn


def blank(words):
    """A figure of words alone."""
    figure = Figure(figsize=(WIDTH, 0.7))
    figure.text(0.5, 0.5, fill(words, 90), ha="center", va="center")
    figure.study = {"alt": words, "note": "", "rows": [], "sources": [], "words": True}
    return figure


def country_styles(codes):
    """Style of each country: the five have their own, others take the free ones, KAZ's first.

    Raises ValueError for more than five.

    >>> country_styles(["UZB", "FRA"])["FRA"] == COUNTRIES["KAZ"]
    True
    """
    codes = list(dict.fromkeys(codes))
    strangers = [code for code in codes if code not in COUNTRIES]
    free = [style for code, style in COUNTRIES.items() if code not in codes]
    if len(strangers) > len(free):
        raise ValueError(f"{len(codes)} countries in one figure; draw five at most")
    own = {code: COUNTRIES[code] for code in codes if code in COUNTRIES}
    return own | dict(zip(strangers, free))


def by_country(rows, *parts):
    """seaborn's hue, palette and style of the rows' countries, by name.

    parts: "markers" and "dashes" where they are wanted too.
    """
    styles = country_styles(rows["country"])
    names = dict(zip(rows["country"], rows["name"]))
    looks = {part: {names[code]: style[key] for code, style in styles.items()} for part, key in
             (("palette", "color"), ("markers", "marker"), ("dashes", "dashes"))}
    return {"hue": "name", "style": "name", **{part: looks[part] for part in ("palette", *parts)}}


def darkened(colour):
    """The colour darkened until it reads as text on white (contrast 4.5 or more).

    >>> darkened("#0064A5")
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


def checked(rows, name, *columns, years=1, countries=None):
    """The rows with a value, by country and year; NothingToDrawError where they are too few.

    name: of the figure, for the message; columns: that the frame must have; years: at least so
    many; countries: exactly so many. ValueError for a missing column or too many countries.
    """
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ValueError(f"{name}: the frame has no column {', '.join(missing)}; "
                         f"it has {', '.join(map(str, rows.columns)) or 'none'}")
    if "value" in rows.columns:
        rows = rows[rows["value"].notna()]
    if rows.empty:
        raise NothingToDrawError("no rows with a value")
    if years > 1 and rows["year"].nunique() < years:
        raise NothingToDrawError(f"only one year has values, {rows['year'].iloc[0]}; "
                                 "a line needs two")
    if countries and rows["country"].nunique() < countries:
        raise NothingToDrawError(f"only {known_as(rows)} has values")
    if countries and rows["country"].nunique() > countries:
        raise ValueError(f"{name}: draws {countries} countr{'y' if countries == 1 else 'ies'}, "
                         f"the frame has {', '.join(rows['country'].unique())}")
    order = [column for column in ("country", "year") if column in columns]
    return rows.sort_values(order, kind="stable") if order else rows


def known_as(rows):
    """The names of the rows' countries, in words; their codes where the frame has no names."""
    return ", ".join(rows["name" if "name" in rows.columns else "country"].unique())


def three_rows(frame, keys, value, low, high):
    """Each row of the frame as three rows of floats: value, low, high, for `GIVEN`.

    keys: columns that stay; the numbers stand in the column `value`.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"year": [2020], "median": [5], "low": [3], "high": [8]})
    >>> list(three_rows(frame, ["year"], "median", "low", "high")["value"])
    [5.0, 3.0, 8.0]
    """
    long = frame.melt(keys, [value, low, high], var_name="end", value_name="number")
    return long.assign(value=long["number"].astype(float))


def with_unit(value):
    """A value as alt text prints it: a Number's own words, else at most four digits.

    >>> with_unit(92.8785), with_unit(1845000.0)
    ('92.9', '1,845,000')
    """
    return str(value) if isinstance(value, Number) else four_digits(value)


def without_unit(value):
    """A value as a label prints it, without unit (the axis has it)."""
    return value.text_without_unit if isinstance(value, Number) else four_digits(value)


def four_digits(value):
    size = abs(float(value))
    digits = 0 if size >= 1000 or float(value).is_integer() else 1 if size >= 2 else 3
    return half_up(float(value), digits).replace("-", "−")


def measure_label(indicator):
    """A reader's name for an indicator, a rank has its score's: the codebook's, else its words.

    >>> measure_label("osi_rank"), measure_label("visa_freedom")
    ('Online services', 'Visa freedom')
    """
    key = indicator.removesuffix("_rank")
    return labels("label_short").get(key) or key.replace("_", " ").capitalize()


def extent(numbers, to=" to "):
    """The least and the greatest of whole numbers, or the one that they are.

    >>> extent([190, 171, 180]), extent([2019], "–")
    ('171 to 190', '2019')
    """
    low, high = int(min(numbers)), int(max(numbers))
    return str(low) if low == high else f"{low}{to}{high}"


def source_line(sources):
    """The publishers of the sources with the years of their vintages, for the note of a figure.

    Where the title of a source ends in whom it is from, the line says so too.

    >>> source_line(["gapminder_internet_users"])
    'Source: Gapminder, 2026, from World Bank WDI and ITU.'
    """
    known = read("sources").set_index("source")
    years, origins = {}, {}
    for source in sources:
        row = known.loc[source] if source in known.index else {
            "publisher": source, "vintage": "", "title": ""}
        years.setdefault(row["publisher"], set()).add(str(row["vintage"])[:4])
        if origin := re.search(r", (from [^,]+)$", row["title"]):
            origins.setdefault(row["publisher"], {})[origin[1]] = None
    if len(years) > MANY:
        return f"Sources: {len(years)} publishers, listed in the references."
    lines = []
    for publisher, vintages in years.items():
        dated = sorted(vintages - {""})
        span = f", {'–'.join(dict.fromkeys((dated[0], dated[-1])))}" if dated else ""
        lines.append(", ".join([publisher + span, *origins.get(publisher, ())]))
    return f"Source{'s' if len(lines) > 1 else ''}: {'; '.join(lines)}." if lines else ""


def new_figure(height, down=1, across=1, **options):
    """A figure of the study's width and its axes, outside pyplot, which would show it twice.

    down, across: how many panels; options: further ones of matplotlib's `subplots`.
    """
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(down, across, **options)


def finish(figure, alt, rows, sources=(), notes=(), source=None):
    """Keep labels apart, and attach what the figure remembers.

    rows: ids of what is drawn, which name their sources; sources: further ones; notes: sentences
    to print below the picture, before its sources; source: a source line instead of theirs.
    """
    sources = list(dict.fromkeys([*sources, *(one for row in rows for one in sources_of(row))]))
    note = " ".join(filter(None, [*notes, source_line(sources) if source is None else source]))
    for _ in range(3):  # axes find their size, labels move, the axes answer
        figure.get_layout_engine().execute(figure)
        moved = [move_apart(*column) for column in getattr(figure, "label_columns", ())]
        if not any(moved):
            break
    figure.stale = False  # until somebody changes it, which matplotlib notes: it is laid out
    figure.study = {"alt": " ".join(alt.split()), "note": note, "rows": list(rows),
                    "sources": sources, "screen": on_screen()}
    return figure


@cache
def on_screen():
    """SCREEN with the colours that texts have in it: on light pages as they are printed."""
    looks = [look["color"].lower() for look in COUNTRIES.values()]
    return {darkened(colour): (darkened(colour), SCREEN[colour][1]) for colour in looks} | SCREEN


def say_points(ax, x, y, names, values, rows=None):
    """Say what stands at each point of some axes, which pages show on hover and in the CSV.

    values: Numbers, which name their rows, plain floats, or words; rows: of each value its ids.
    """
    values = list(values)
    rows = [getattr(value, "rows", ()) for value in values] if rows is None else rows
    ax.points = [*getattr(ax, "points", ()), *zip(x, y, names, values, rows)]


def by_year_of(rows):
    """What points of rows are called: whose they are, and of which year."""
    return [f"{name}, {year}" for name, year in zip(rows["name"], rows["year"])]


def labels_beside(ax, x, points, texts, colours, align="left", gap=2, **look):
    """A column of texts at `x` (1 is the right end of the axes), each joined to its point.

    `finish` moves them up or down until they stand `gap` pixels apart.
    """
    join = {"arrowstyle": "-", "linewidth": 0.7, "shrinkA": 1, "shrinkB": 3,
            "relpos": (0 if align == "left" else 1, 0.5)}
    look = {"linespacing": 1.1, "fontsize": SMALL, **look}
    column = [ax.annotate(text, point, (x, 0.5), textcoords="axes fraction", ha=align, va="center",
                          annotation_clip=False, arrowprops={**join, "color": colour},
                          **{"color": darkened(colour), **look})
              for text, point, colour in zip(texts, points, colours)]
    ax.figure.label_columns = [*getattr(ax.figure, "label_columns", ()), (column, gap)]


def move_apart(column, gap):
    """Move the texts of a column until none overlaps; a text that stayed needs no line.

    Whether a text stands elsewhere than before.
    """
    ax = column[0].axes
    box = ax.get_window_extent()
    heights = [Text.get_window_extent(text).height for text in column]   # without its line
    points = ax.transData.transform([text.xy for text in column])
    centres = apart(points[:, 1], heights, box.y0, box.y1, gap)
    before = [text.get_position()[1] for text in column]
    for text, centre, (x, y) in zip(column, centres, points):
        text.set_position((text.get_position()[0], (centre - box.y0) / box.height))
        text.arrow_patch.set_visible(abs(centre - y) > 4 or box.x1 - x > 0.04 * box.width)
    after = [text.get_position()[1] for text in column]
    return not np.allclose(before, after, atol=0.001)


def apart(centres, sizes, low=-np.inf, high=np.inf, gap=0.0):
    """Nearest positions (least squares) at which intervals of these sizes do not overlap.

    Order is kept; between `low` and `high` as far as they fit.

    >>> apart([5, 5], [2, 2]).tolist()
    [4.0, 6.0]
    """
    centres, sizes = np.asarray(centres, float), np.asarray(sizes, float)
    order = np.argsort(centres, kind="stable")
    size = sizes[order]
    steps = np.concatenate([[0], np.cumsum((size[1:] + size[:-1]) / 2 + gap)])
    free = isotonic_regression(centres[order] - steps).x
    bottom, top = low + size[0] / 2, high - size[-1] / 2 - steps[-1]
    placed = np.empty_like(centres)
    placed[order] = np.clip(free, bottom, max(bottom, top)) + steps
    return placed


def year_ticks(ax, years, most=9):
    """Regular ticks, counted back from the last year, at most so many.

    They stand on years of the data where enough do: surveys are not of every year.

    >>> _, ax = new_figure(1)
    >>> year_ticks(ax, [2003, 2004, 2005, 2008, 2010, 2012, 2014, 2016, 2018, 2020, 2022, 2024], 7)
    >>> ax.get_xticks().tolist()
    [2004, 2008, 2012, 2016, 2020, 2024]
    """
    years = {int(year) for year in years}
    few = [ticks for ticks in (range(max(years), min(years) - 1, -step) for step in STEPS)
           if len(ticks) <= most]
    held = [ticks for ticks in few if years.issuperset(ticks) and len(ticks) > most // 3]
    ax.set_xticks(sorted([*held, *few][0]))
    ax.set_xlabel("")


def value_axis(ax, values, share):
    """An upright axis on faint lines: from 0 to 100 for a share, else from 0 if no value is less.

    Such an axis ends at a tick, at or above the greatest value.
    values: those drawn; share: whether they are per cent of a whole.
    """
    ax.grid(axis="y")
    if share:
        ax.set_ylim(0, 100)
        ax.set_yticks(range(0, 101, 25))
    elif min(map(float, values)) >= 0:
        end_at_ticks(ax, 0, max(map(float, values)) or 1)


def end_at_ticks(ax, low, high, most=5):
    """Regular ticks of an upright axis, which begins and ends with one: no line leaves them.

    most: steps between them, at most.
    """
    ticks = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    first, last = max(ticks[ticks <= low]), min(ticks[ticks >= high])
    ax.set_yticks(ticks[(ticks >= first) & (ticks <= last)])
    ax.set_ylim(first, last)


def name_rows(ax, names, width=40):
    """Names of what stands in each row of a chart, the first at the top, on faint lines."""
    ax.set_yticks(range(len(names)), [fill(name, width) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_ylabel("")
    ax.grid(axis="y")
    ax.tick_params(axis="y", length=0)


def legend_above(ax, columns):
    """The legend of what was drawn with a label, above the axes, from the figure's left end.

    Names too long for one line stand in several.
    """
    handles, names = ax.get_legend_handles_labels()
    while columns > 1 and sum(sorted(map(len, names))[-columns:]) + 4 * columns > LETTERS:
        columns -= 1
    if ax.get_legend():
        ax.get_legend().remove()
    ax.figure.legend(handles, names, loc="outside upper left", ncols=columns,
                     handletextpad=0.1, columnspacing=1, borderpad=0.2)
