"""The verbs of notebooks, told what this study's rows, labels and sources are called."""

from functools import partial

from footnoted import display
from footnoted.consistency import consistent
from footnoted.display import Number, figure, finding, keys, number, proofread, table

from . import data, places

__all__ = ["Number", "consistent", "figure", "finding", "keys", "number", "proofread", "table"]

display.study = display.Study(
    origin=data.origin, row_labels=partial(data.labels, "name"),
    column_labels=partial(data.labels, "label_short"), source=data.source_card,
    facts=places.facts, row=("country", "year", "indicator", "source"))
# What one says of a thousand rows is of one state of the tables
figure, finding, number, table = map(data.held_state(), (figure, finding, number, table))
