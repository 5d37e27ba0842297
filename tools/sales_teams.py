"""Who led whom at what time. Pure functions, no database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """Somebody in a team, or at its head, from one day to another (None: no end)."""

    user: int
    team: int
    first: date
    last: date | None

    def meets(self, first: date, last: date) -> bool:
        """Whether it holds on any day between two days, both included."""
        return self.first <= last and (self.last is None or self.last >= first)


@dataclass
class SalesTeams:
    """The people and the leaders of the teams of a company, by dates."""

    members: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    leaders: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, members: Iterable[Span], leaders: Iterable[Span]) -> "SalesTeams":
        """``members`` by person, ``leaders`` by team."""
        teams = cls()
        for span in members:
            teams.members[span.user].append(span)
        for span in leaders:
            teams.leaders[span.team].append(span)
        return teams

    def leaders_of(self, users: Iterable[int], first: date, last: date) -> set[int]:
        """Who led a team that one of ``users`` was in, between two days; nobody leads
        himself."""
        return {
            leader.user
            for user in users
            for span in self.members.get(user, ())
            if span.meets(first, last)
            for leader in self.leaders.get(span.team, ())
            if leader.meets(first, last) and leader.user != user
        }

    def people_of(self, leader: int, day: date) -> set[int]:
        """Who was in a team that ``leader`` led on a day, himself left out."""
        led = {
            span.team
            for spans in self.leaders.values()
            for span in spans
            if span.user == leader and span.meets(day, day)
        }
        return {
            user
            for user, spans in self.members.items()
            if user != leader
            and any(span.team in led and span.meets(day, day) for span in spans)
        }
