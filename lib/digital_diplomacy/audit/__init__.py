"""The article's numbers against each other: read, related, proved possible or not, repaired."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules=["consistency", "expressions", "numerals", "power", "repair", "slips",
                          "solver"])
