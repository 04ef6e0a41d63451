"""Digital diplomacy in Kazakhstan and Uzbekistan: the helpers behind the notebooks.

Names load when they are first used, so that the command line starts without pandas.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["article", "charts", "claims", "comparison", "data", "indicators", "speeches"],
    submod_attrs={
        "claims": ["ledger"],
        "data": ["case", "latest", "missing", "names", "pick", "read", "wide", "world"],
        "display": ["Number", "consistent", "figure", "finding", "keys", "number", "proofread",
                    "table"],
    },
)
