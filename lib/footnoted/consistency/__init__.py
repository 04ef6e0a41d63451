"""Can printed numbers all be true at once? Numerals, solver, conflicts, smallest repairs."""

from .solve import check_file, consistent

__all__ = ["check_file", "consistent"]
