"""What a complete file holds: the arithmetic of it, without a database.

Each item is a bit of an integer on the account, so that how complete a file is costs
one expression, in Python as in SQL, whatever the tier asks for.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """How one item is told from an account, and where people fill it in.

    :param bit: its place in the mask, 0 to 30. It never changes: masks are stored.
    :param path: the field of the account, or of a record it leads to.
    :param place: ``account`` (the page of the account that shows the field) or the
        name of another way to mend it, a method ``_mend_<place>`` of the account.
    :param holds: whether the value at ``path`` counts.
    :param also: further paths it depends on.
    """

    bit: int
    path: str
    place: str = "account"
    holds: Callable = bool
    also: tuple = ()

    @property
    def mask(self):
        return 1 << self.bit


def mask_of(items):
    """The bits of several items in one number."""
    return sum({item.mask for item in items})


def share(held, required):
    """Percent of the required items that are held; all of them if none is required."""
    wanted = required.bit_count()
    if not wanted:
        return 100
    found = (held & required).bit_count()
    return (200 * found + wanted) // (2 * wanted)
