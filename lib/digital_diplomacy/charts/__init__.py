"""One function a figure; importing it makes a user's own plots look alike.

Frames come in as `dd.pick` and `dd.world` return them (plain floats work too); a matplotlib
Figure comes out, with `figure.study` for `dd.figure`. Nothing here selects or computes: a frame
is drawn as it is given.
"""

from .base import COUNTRIES, STYLE_FILE, country_styles
from .comparison import rank_sets, turns
from .content import agreement, cutoffs, topic_shares
from .dots import audiences, distribution, scatter, standing
from .schemes import as_printed, concepts, timeline, verdicts
from .series import against_world, gap, gap_lines, lags, panels, ranks, shares

__all__ = [
    "COUNTRIES", "STYLE_FILE", "against_world", "agreement", "as_printed", "audiences", "concepts",
    "country_styles", "cutoffs", "distribution", "gap", "gap_lines", "lags", "panels", "rank_sets",
    "ranks", "scatter", "shares", "standing", "timeline", "topic_shares",
    "turns", "verdicts",
]
