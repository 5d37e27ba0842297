"""Samples that are drawn at random and can be drawn again (R096). Pure functions."""

import hashlib


def drawn(ids, count, seed):
    """``count`` of ``ids``, at random but the same for the same ``seed``.

    Each id is worth the hash of the seed and itself, and the smallest ones are drawn:
    the same everywhere and for good, whatever version of Python draws, and one more id
    to choose from does not turn the others over.
    """
    return sorted(sorted(set(ids), key=lambda one: (_worth(one, seed), one))[:count])


def _worth(one, seed):
    return hashlib.sha256(f"{seed}/{one}".encode()).hexdigest()
