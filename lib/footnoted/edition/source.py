"""A notebook's source and its run: today's prose beside the outputs, and numbers put into prose."""

import copy
import json

from .. import links, prose


def merge(source_nb, executed_nb):
    """The source's prose with the outputs of its last run, matched by cell id.

    Errors: ValueError where code was changed, added or removed since the run.
    """
    ran = {cell["id"]: cell for cell in executed_nb["cells"] if cell["cell_type"] == "code"}
    injected = [name for name, cell in ran.items() if "injected-parameters" in links.tags(cell)]
    merged, cells = copy.deepcopy(source_nb), []
    for cell in merged["cells"]:
        cells.append(cell)
        if cell["cell_type"] != "code":
            continue
        done = ran.pop(cell["id"], None)
        if done is None or done["source"].rstrip() != cell["source"].rstrip():
            raise ValueError(f"cell {cell['id']}: its code differs from the last run; run it again")
        cell["outputs"] = copy.deepcopy(done.get("outputs", []))
        cell["execution_count"] = done.get("execution_count")
        if "parameters" in links.tags(cell):
            cells += [copy.deepcopy(ran.pop(name)) for name in injected if name in ran]
    if ran:
        raise ValueError(f"cell {next(iter(ran))}: the last run had code that the notebook has "
                         "not; run it again")
    merged["cells"] = cells
    return merged


def sync(source_nb, executed_nb, name="notebook", others=None):
    """(source with current link texts, changes, what remains to mend by hand).

    Only the texts of number, cell and "Table n" links change. others: {name: record} of notebooks
    that the prose links to. Errors: as `merge`.
    """
    rec = links.record(merge(source_nb, executed_nb), name)
    new, changes, heading = copy.deepcopy(source_nb), [], ""
    for cell in new["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"], made = links.refreshed(cell["source"], rec, cell["id"], heading,
                                                     others)
            changes += [f"{name}, under “{link.heading}”, cell {link.cell}: "
                        f"{links.without_markup(link.text)} → {text} (#{link.target})"
                        for link, text in made]
            heading = (prose.headings(cell["source"]) or [(0, 0, heading)])[-1][2]
    return new, changes, links.problems(merge(new, executed_nb), name, others)


def rewritten(text, old, new):
    """The text of a notebook's file with other prose, otherwise letter for letter the same.

    `old`, `new`: the notebook before and after `sync`. Errors: ValueError where a changed line
    is not in the file as JSON.
    """
    for before, after in zip(old["cells"], new["cells"]):
        lines = zip(before["source"].splitlines(True), after["source"].splitlines(True))
        for line, changed in lines:
            if line != changed:
                text = _exchanged(text, line, changed)
    return text


def _exchanged(text, before, after):
    """One line of prose exchanged in the notebook's JSON, however it escapes letters."""
    for escape in (True, False):
        line = json.dumps(before, ensure_ascii=escape)
        if line in text:
            return text.replace(line, json.dumps(after, ensure_ascii=escape))
    raise ValueError(f"the line {before.strip()!r} is not in the file as JSON")
