"""A mail on its way into tickets: what is known of it. No database of its own."""

from typing import Final

CONTEXT_KEY: Final = "key_account_intake"
FORCED_KEY: Final = "key_account_forced"
# Somebody who may decided that a mail is a ticket, whatever speaks against it. An
# object in the context, so that no client can send it.
FORCED: Final = object()


class Intake:
    """One mail that goes through the gateway, so that nothing about it is asked twice.

    ``aliases`` are our addresses that it was sent to, ``own`` all of its addresses that
    are ours, ``asked`` all it has. ``people`` are the contacts with these addresses, as
    soon as somebody looked for them; ``made`` the tickets made of it.
    """

    def __init__(self, letter, sender, aliases, own, asked):
        self.letter = letter
        self.sender = sender
        self.aliases = aliases
        self.own = own
        self.asked = asked
        self.people = None
        self.is_bounce = letter.is_report
        self.is_ours = False  # a mailbox, or a server for tickets, got it
        self.is_forced = False
        self.is_plain = False  # it cannot be read as it is
        self.made = set()

    @property
    def reason_against(self):
        """Why no ticket is made of it, as a reason of a refusal, or None."""
        if self.sender and self.sender in self.own:
            return "own"
        return self.letter.machine_reason

    @property
    def is_quiet(self):
        """Whether nobody answers it by machine."""
        return self.letter.is_list or bool(self.reason_against)


def intake_of(records):
    """The mail that is being taken in, or None."""
    intake = records.env.context.get(CONTEXT_KEY)
    return intake if isinstance(intake, Intake) else None


def is_forced(records):
    """Whether what comes in now is a ticket in any case."""
    return records.env.context.get(FORCED_KEY) is FORCED
