"""Procedure B: topics by the similarity of a sentence to the codebook's definitions.

It knows the codebook and no cue. `embed` is any function from texts to unit vectors; `model` gives
the one used here, which a package carries in its wheel, so that nothing is fetched.
"""

from pathlib import Path

import numpy as np

from ..data import DataError
from .dictionary import NONE

SCALE = 1000  # similarities are kept as whole thousandths of a cosine


def model():
    """The embedding used here: WordLlama's static model of 256 dimensions, as a function.

    A sentence is the mean of the vectors of its pieces of words. Raises DataError with the mend
    where the package is not installed: only a new run of this procedure needs it.
    """
    try:
        import wordllama
    except ImportError:
        raise DataError("procedure B needs a package that the study does without: "
                        "pip install --require-hashes -r requirements-embeddings.txt") from None
    # 0.4.0 looks for its tokenizer in a folder of another name than the wheel has; as the cache,
    # the wheel's own folder is found, and nothing is downloaded.
    home = Path(wordllama.__file__).parent
    loaded = wordllama.WordLlama.load(cache_dir=home, disable_download=True)
    return lambda texts: loaded.embed(list(texts), norm=True)


def definitions(topic):
    """The texts that define a topic: its definition and each of its includes."""
    return [topic["definition"], *(part.strip() for part in topic["includes"].split(";"))]


def examples(topic):
    """The example sentences of a topic."""
    return [text.strip() for text in topic["examples"].split("|") if text.strip()]


def middle_and_directions(topics, embed):
    """The middle of the codebook's texts, and each topic's direction from it: (middle, directions).

    topics: the codebook. middle: the mean vector of all definitions and examples, which takes out
    what all such sentences share; directions: topics × dimensions, unit vectors, the mean of a
    topic's definitions.
    """
    rows = topics.to_dict("records")
    parts = [np.asarray(embed(definitions(topic)), dtype=float) for topic in rows]
    shown = [np.asarray(embed(examples(topic)), dtype=float) for topic in rows]
    middle = np.vstack([*parts, *shown]).mean(axis=0)
    means = [unit_vectors(part - middle).mean(axis=0) for part in parts]
    return middle, unit_vectors(np.stack(means))


def unit_vectors(vectors):
    """The vectors at length one; a vector without length stays.

    >>> unit_vectors(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length == 0, 1, length)


def similarities(sentences, topics, embed):
    """Similarity of each sentence to each topic: an array of whole thousandths, by topic's order.

    The cosine of a sentence's vector and a topic's direction, both seen from the middle.
    """
    middle, directions = middle_and_directions(topics, embed)
    vectors = unit_vectors(np.asarray(embed(list(sentences)), dtype=float) - middle)
    return np.rint(SCALE * vectors @ directions.T).astype(int)


def cutoffs(topics, embed):
    """The similarity from which a topic is given, found on the codebook's examples alone.

    Rule: of the middles between neighbouring similarities, the lowest with the greatest F1 of a
    topic's own examples among all examples (corpus sentences are longer than examples, and a long
    sentence is less like each of its topics). Returns a list of dicts: code, cutoff, examples,
    found (own examples at or above it), wrong (others).
    """
    owners = [code for code, topic in zip(topics["code"], topics.to_dict("records"))
              for _ in examples(topic)]
    texts = [text for topic in topics.to_dict("records") for text in examples(topic)]
    scores = similarities(texts, topics, embed)
    rows = []
    for k, code in enumerate(topics["code"]):
        own = np.array([owner == code for owner in owners])
        cut = best_cutoff(scores[:, k], own)
        given = scores[:, k] >= cut
        rows.append({"code": code, "cutoff": cut, "examples": int(own.sum()),
                     "found": int((given & own).sum()), "wrong": int((given & ~own).sum())})
    return rows


def best_cutoff(scores, own):
    """The lowest cut-off with the greatest F1, of the middles between neighbouring scores.

    >>> best_cutoff(np.array([100, 300, 500, 700]), np.array([False, False, True, True]))
    400
    """
    levels = np.unique(scores)
    middles = np.ceil((levels[1:] + levels[:-1]) / 2).astype(int) if len(levels) > 1 else levels
    given = scores[:, None] >= middles
    hits = (given & own[:, None]).sum(axis=0)
    return int(middles[np.argmax(2 * hits / (given.sum(axis=0) + own.sum()))])


def code(scores, cut, names):
    """The codes of sentences by their similarities: a list of sorted lists.

    scores: sentences × topics in thousandths; cut: cut-off of each topic; names: codes of topics in
    the same order, of which NON is no topic and is not given.

    >>> code(np.array([[500, 90], [10, 20]]), [400, 80], ["DIG", "SEC"])
    [['DIG', 'SEC'], []]
    """
    return [sorted(name for name, yes in zip(names, row) if yes and name != NONE)
            for row in np.asarray(scores) >= np.asarray(cut)]
