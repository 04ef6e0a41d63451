"""The article's statements: their rules, the inputs of those, their verdicts, and the ledger."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules=["inputs", "ledger", "page", "rules", "verdicts"])
