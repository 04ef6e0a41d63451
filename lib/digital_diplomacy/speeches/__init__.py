"""The UN statements: sentences, codes, shares of topics, agreement of codings, attention."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules=["agreement", "attention", "codings", "corpus", "dictionary", "elsewhere",
                          "shares", "similarity"])
