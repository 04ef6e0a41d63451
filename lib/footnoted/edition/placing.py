"""Which figures and tables of a PDF stand at the top of the next page, since they do not fit where
the text has them.

Where one stands moves only what follows, so that they are settled in their order. Each layout of
the whole text is measured, and from its measures all that follow are foreseen: a few layouts
settle a book of sixty.
"""

import json
from collections import Counter
from itertools import count
from pathlib import Path

# Points of white: above and below one in the text, beyond a paragraph's; below one at a page's top
ABOVE, BELOW, CLEAR = 8.4, 9.4, 16.8

# Typst keeps what it laid out until ten compilations later, and a measure is none: after each
# layout of the book so many blank pages are compiled, and half of the memory is enough
BLANK = 3


def settle(options):
    """Name in the file `late`, which the template reads, what stands at the top of a next page.

    options: what typst is called with.
    """
    import typst
    late, blank = Path(options["root"], "late"), Path(options["root"], "blank.typ")
    moved, returned = set(), set()
    late.touch()
    blank.touch()
    compiler = typst.Compiler(**options)   # one for all layouts: it does again only what moved
    forgetting = typst.Compiler(**options | {"input": str(blank)})
    while True:
        late.write_text(" ".join(sorted(moved)))
        stands, tops = (json.loads(compiler.query(label, field="value"))
                        for label in ("<near>", "<top>"))
        for _ in range(BLANK):
            forgetting.compile(format="svg")
        stands = without_own_tops(stands, {one["key"]: one["page"] for one in tops})
        wrong = first_wrong(stands, moved, returned)
        if not wrong:
            return
        returned |= moved & set(wrong)
        moved = foreseen(stands, moved, wrong, returned)


def without_own_tops(stands, tops):
    """The measures with the height that would be left if what stands at the top of the page where
    the text has it stood in the text; and the page at whose top each stands that was moved.

    tops: {key: page} of those that were moved.
    """
    own = Counter()
    for one in stands:
        own[one["page"]] += (one["need"] + CLEAR) * (tops.get(one["key"]) == one["page"])
    return [one | {"left": one["left"] + own[one["page"]], "top": tops.get(one["key"])}
            for one in stands]


def moves(one, full):
    """Whether it has to stand at the top of a next page: since it would leave more white than may
    be where the text has it, or would stand before one that the text has on the same page.

    full: the page on which the text has the last one that moves. One that was moved has no white
    above it where the text has it: it would need it there.
    """
    need = one["need"] + (ABOVE if one["top"] else 0)
    return need > one["left"] > one["gap"] or one["page"] == full


def first_wrong(stands, moved, returned):
    """The first figure or table that is moved and should not be, or the reverse; and those behind
    it on its page. One that stands between two pages would turn on: it returns but once.

    stands: of each, in order, its key, its page, the height that it needs and that is left there,
    the gap that may stay white, all in points; moved: keys of those at the top of a next page;
    returned: keys of those that were, and are no more.

    >>> first_wrong([{"key": "a", "page": 1, "need": 300, "left": 200, "gap": 80, "top": 0},
    ...              {"key": "b", "page": 1, "need": 50, "left": 100, "gap": 80, "top": 0},
    ...              {"key": "c", "page": 2, "need": 300, "left": 200, "gap": 80, "top": 0}],
    ...             set(), set())
    ['a', 'b']
    """
    full, wrong = None, []
    for one in stands:
        wanted = moves(one, full)
        if wrong and one["page"] != full:
            break
        full = one["page"] if wanted else full
        if one["key"] not in moved & returned and wanted != (one["key"] in moved):
            wrong.append(one["key"])
    return wrong


def foreseen(stands, moved, wrong, returned):
    """The keys of those that will have to stand at the top of a next page.

    Those before the first wrong one stay; it turns; what follows is laid out as if the text between
    could be parted at any point.
    """
    first = [one["key"] for one in stands].index(wrong[0])
    before, here = stands[:first], stands[first]
    late = {one["key"] for one in before} & moved
    full = max((one["page"] for one in before if one["key"] in moved), default=None)
    tops = Counter()
    for one in before:
        tops[one["top"]] += one["need"] + CLEAR
    page, at = here["page"], here["height"] - here["left"]
    for one, text in zip(stands[first:], [0, *texts_between(stands)[first + 1:]]):
        key, height, need = one["key"], one["height"], one["need"]
        at += text
        while at > height:
            page += 1
            at += tops[page] - height
        foreseen_here = one | {"page": page, "left": height - at, "top": None}
        if key not in moved if key in wrong else \
                key in moved & returned or moves(foreseen_here, full):
            late.add(key)
            full = page
            tops[next_page(page, need + CLEAR, height, tops)] += need + CLEAR
        else:
            page, at = below(one, page, at, tops)
    return late


def below(one, page, at, tops):
    """Where the text goes on below one that stands in it: page, and points from its top."""
    if one["need"] > one["height"] - at:
        page = next_page(page, one["need"], one["height"], tops)
        at = tops[page]
    return page, at + one["need"] + BELOW


def next_page(page, need, height, tops):
    """The first page after one where a height is left below what stands at the top."""
    return next(turned for turned in count(page + 1) if not tops[turned]
                or tops[turned] + need <= height)


def texts_between(stands):
    """The height of the text before each of them, as this layout has it."""
    texts, tops, (page, at) = [], Counter(), (1, 0.0)
    for one in stands:
        here = one["height"] - one["left"]
        turned = sum(one["height"] - tops[between] for between in range(page + 1, one["page"] + 1))
        texts.append(max(0.0, turned + here - at))
        page, at = one["page"], here
        if one["top"]:
            tops[one["top"]] += (one["need"] + CLEAR) * (one["top"] > page)
        else:
            page, at = below(one, page, at, tops)
    return texts
