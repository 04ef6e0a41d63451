"""One function a figure, drawn by seaborn and matplotlib in the study's style (`charts.style`).

Frames come in as `dd.pick` and `dd.world` return them (plain floats work too); a matplotlib
Figure comes out, with `figure.study` for `dd.figure`. Nothing here selects or computes: a frame
is drawn as it is given. `set_theme()` gives the style to a user's own plots.
"""

from .dots import (
                   agreement,
                   as_printed,
                   audiences,
                   concepts,
                   rank_sets,
                   topic_shares,
                   turns,
                   verdicts,
)
from .lines import against_world, cutoffs, gap_lines, lags, panels, ranks, shares
from .style import COUNTRIES, STYLE_FILE, country_styles, set_theme
from .timeline import timeline

__all__ = [
    "COUNTRIES", "STYLE_FILE", "against_world", "agreement", "as_printed", "audiences", "concepts",
    "country_styles", "cutoffs", "gap_lines", "lags", "panels", "rank_sets", "ranks", "set_theme",
    "shares", "timeline", "topic_shares", "turns", "verdicts",
]
