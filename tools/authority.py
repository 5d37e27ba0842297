"""The token that opens guarded fields.

States, owners, tiers and ledgers change through their public ``action_*`` methods
only. Such a method proves itself to ``write`` with this object in the context. A key
or a string could be sent by any client; an object that is compared with ``is`` cannot
travel over RPC, so nobody but Python code of this addon holds it.
"""

from typing import Final


class _Authority:
    __slots__ = ()

    def __repr__(self):
        return "<authority of key_account>"


AUTHORITY: Final = _Authority()
CONTEXT_KEY: Final = "key_account_authority"


def holds_authority(context) -> bool:
    """Whether a context carries the one and only token."""
    return context.get(CONTEXT_KEY) is AUTHORITY
