"""Can printed numbers all be true at once? Relations, solver, conflicts, smallest repairs."""

from .result import Result, check_file, consistent

__all__ = ["Result", "check_file", "consistent"]
