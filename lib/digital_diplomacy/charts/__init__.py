"""One function a figure, drawn by seaborn and matplotlib in the study's style (`charts.style`).

Frames come in as `dd.pick` and `dd.world` return them (plain floats work too); a matplotlib
Figure comes out, with `figure.study` for `dd.figure`. Nothing here selects or computes: a frame
is drawn as it is given. `set_theme()` gives the style to a user's own plots.
"""

from .dots import (
    agreement,
    concepts,
    drawn_and_written,
    rank_sets,
    standing,
    topic_shares,
    turns,
    verdicts,
)
from .lines import (
    against_world,
    attention,
    cutoffs,
    gap_lines,
    gap_metrics,
    panels,
    ranks,
    story,
)
from .style import COUNTRIES, STYLE_FILE, country_styles, set_theme
from .timeline import timeline

__all__ = [
    "COUNTRIES", "STYLE_FILE", "against_world", "agreement", "attention", "concepts",
    "country_styles", "cutoffs", "drawn_and_written", "gap_lines", "gap_metrics", "panels",
    "rank_sets", "ranks", "set_theme", "standing", "story", "timeline", "topic_shares", "turns",
    "verdicts",
]
