"""One client's weeks, as a list of what is still to come: each step plans the next ones."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any, Final

from app.access.actor import Actor
from app.demo import words
from app.demo.arriving import Stage
from app.demo.past import doing
from app.demo.people import Someone
from app.demo.weeks import HOW_MANY

SETTLING: Final = timedelta(hours=2)
"""From the beginning of a session until its note is signed."""

Step = Callable[["Life", datetime], Awaitable[None]]


@dataclass(slots=True)
class Aimed:
    """A goal of the client's: its id, its version and whether it is lived with."""

    goal_id: str
    version: int
    is_active: bool


@dataclass(slots=True)
class Life:
    """A client while the story is told. The same client has the same story wherever it is told:
    chance is drawn from the name."""

    stage: Stage
    one: Someone
    number: int
    rng: Random
    slots: dict[str, str]
    therapist: Actor | None
    client_id: str = ""
    me: Actor | None = None
    guardian: Actor | None = None
    goals: list[Aimed] = field(default_factory=list)
    held: int = 0
    given: int = 0
    booked: str | None = None
    said: set[str] = field(default_factory=set)
    _ahead: list[tuple[datetime, int, Step]] = field(default_factory=list)
    _planned: int = 0

    @property
    def theme(self) -> words.Theme:
        """What brought them."""
        return words.theme(self.one.theme)

    @property
    def desk(self) -> Actor:
        """Whoever keeps the calendar of the practice."""
        return next(a for a in self.stage.staff.values() if "assistant" in a.roles)

    def is_in(self, scene: str) -> bool:
        """Whether this is a part of their story."""
        return scene in self.one.scenes

    def plan(self, at: datetime, step: Step) -> None:
        """Take this step at that moment, unless the past ends before."""
        self._planned += 1
        heappush(self._ahead, (at, self._planned, step))

    def after(self, at: datetime, least: float, most: float) -> datetime:
        """A moment between so many hours after `at`, when people are awake."""
        moment = at + timedelta(minutes=round(60 * self.rng.uniform(least, most)))
        return self._between(moment, 7, 22)

    def at_work(self, moment: datetime) -> datetime:
        """That moment, or the next in working hours."""
        shifted = self._between(moment, 8, 18)
        weekend = shifted.astimezone(self.stage.weeks.zone).weekday() - 5
        return shifted + timedelta(days=2 - weekend) if weekend >= 0 else shifted

    def _between(self, moment: datetime, first: int, last: int) -> datetime:
        """That moment, or one in the next of these local hours."""
        local = moment.astimezone(self.stage.weeks.zone)
        if first <= local.hour < last:
            return moment
        opens = local.replace(hour=first, minute=self.rng.randrange(60))
        return (opens + timedelta(days=local.hour >= last)).astimezone(UTC)

    def evening(self, at: datetime, days: int) -> datetime:
        """Eight in the evening, local time, that many days after `at`."""
        local = at.astimezone(self.stage.weeks.zone) + timedelta(days=days)
        return local.replace(hour=20, minute=0).astimezone(UTC)

    def doing(self, actor: Actor, endpoint: Any, at: datetime, *, seen: int | None = None) -> Any:
        """`past.doing`, in this practice: an open unit of work."""
        return doing(self.stage.house, actor, endpoint, at, seen=seen)

    def session_at(self, week: int) -> datetime:
        """When the session of that week is."""
        return self.stage.weeks.moment(week, self.one.day, self.one.hour)

    def is_settled(self, week: int) -> bool:
        """Whether the session of that week is over, and what it leads to at once is done."""
        return self.session_at(week) + SETTLING <= self.stage.weeks.until

    def is_last(self, week: int) -> bool:
        """Whether no session after that week's has been held by today."""
        return not self.is_settled(week + 1)

    def today(self, at: datetime) -> date:
        """The local day."""
        return at.astimezone(self.stage.weeks.zone).date()

    def new(self, given: tuple[str, ...]) -> str:
        """One of these that was not said yet, in the order they are in; else any."""
        fresh = [text for text in given if text not in self.said] or list(given)
        chosen = fresh[self.number % len(fresh)]
        self.said.add(chosen)
        return chosen

    @property
    def phase(self) -> words.Phase:
        """How far they have come, by the sessions held."""
        return "begins" if self.held < 4 else "turns" if self.held < 8 else "carries"


def life_of(stage: Stage, one: Someone, number: int) -> Life:
    """The life of a client, before it begins; `number` tells those of one therapist apart."""
    rng = Random(f"{stage.plan.practice['name']}:{one.name}")
    return Life(stage, one, number, rng, words.slots(rng), stage.staff[one.therapist])


async def live(life: Life, on_week: Callable[[], None]) -> None:
    """Take every step there is, in the order of time, up to today; then none is left."""
    week = life.one.start
    while life._ahead:
        at, _, step = heappop(life._ahead)
        if at > life.stage.weeks.until:
            break
        while week < min(life.stage.weeks.week_of(at), HOW_MANY):
            week += 1
            on_week()
        await step(life, at)
    for _ in range(week, HOW_MANY):
        on_week()
