"""Digital diplomacy in Kazakhstan and Uzbekistan: the helpers behind the notebooks.

Names load when they are first used, so that the exporters start without pandas.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["audit", "charts", "claims", "content", "data", "designs", "income", "intervals",
                "measures", "ranks", "tables", "trends"],
    submod_attrs={
        "audit": ["consistency"],
        "audit.consistency": ["consistent"],
        "claims": ["ledger"],
        "content": ["desk", "desk_sample", "desk_view", "shares"],
        "quantity": ["Number"],
        "data": ["article", "case", "latest", "missing", "pick", "world"],
        "tables": ["names", "read"],
        "show": ["figure", "finding", "number", "proofread", "table"],
    },
)
