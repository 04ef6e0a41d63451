"""Texts as topics: sentences and their codes, two procedures, agreement, and the coding desk."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules=["agreement", "codings", "corpus", "desk", "desk_sample", "desk_view",
                          "dictionary", "elsewhere", "shares", "similarity"])
