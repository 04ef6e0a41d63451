"""The UN statements: sentences, codes, shares of topics, agreement of codings, attention."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["agreement", "attention", "corpus", "dictionary", "shares", "sheets",
                "similarity", "splitting"],
    submod_attrs={
        "attention": ["by_name", "digital_rates", "silent_states", "statement_shares",
                      "world_rate"],
        "shares": ["alpha_by_cutoff", "coded", "count_frames", "count_quotations",
                   "count_sentences", "count_sentences_with", "count_statements", "disagreements",
                   "greatest_alpha", "mean_share", "positions", "procedure_agreement",
                   "quotations", "sentences_to_code", "share", "share_table",
                   "shares_side_by_side", "topic_names"],
        "sheets": ["count_drawn"],
    },
)
