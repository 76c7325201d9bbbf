"""Whatever happens, steps come in their order, each once, and when an independent reading of the
rules says so."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.operation.house import House
from app.programs import placing
from tests.cast import Cast
from tests.jobs.conftest import Admin
from tests.programs.scenes import move, pass_days, plan_session, rest, started, states, work

KINDS = ("at_once", "after_previous", "after_delay", "before_session", "after_session")
SESSIONS = ("before_session", "after_session")
comings = st.lists(
    st.one_of(
        st.sampled_from([{"kind": kind} for kind in KINDS if kind != "after_delay"]),
        st.builds(lambda days: {"kind": "after_delay", "days": days}, st.integers(1, 9)),
    ),
    min_size=2,
    max_size=6,
)
happenings = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["finish", "rest", "wake"]), st.just(0)),
        st.tuples(st.sampled_from(["pass", "plan"]), st.integers(1, 9)),
    ),
    min_size=4,
    max_size=10,
)


@dataclass
class Reading:
    """What should be: told in days since the program was given, step by step."""

    comes: list[dict[str, Any]]
    today: int = 0
    rests: bool = False
    given_on: list[int] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    sessions: set[int] = field(default_factory=set)

    def look(self) -> None:
        """Give what comes now."""
        while len(self.given_on) < len(self.comes) and self.is_time(len(self.given_on)):
            self.given_on.append(self.today)

    def is_time(self, number: int) -> bool:
        if number == 0:
            return True
        step = self.comes[number]
        if self.rests and self.given_on[-1] != self.today:
            return False
        if step["kind"] == "after_previous":
            return number - 1 in self.done and not self.rests
        if step["kind"] == "after_delay":
            return self.today >= self.given_on[-1] + step["days"] and not self.rests
        return step["kind"] == "at_once" or self.has_its_session(number)

    def has_its_session(self, number: int) -> bool:
        earlier = [n for n in range(number) if self.comes[n]["kind"] in SESSIONS]
        if not earlier:
            return True
        last = earlier[-1]
        if [self.comes[n]["kind"] for n in (last, number)] == list(SESSIONS):
            return True
        began = any(self.given_on[last] < one <= self.today for one in self.sessions)
        return began and not self.rests

    @property
    def shown(self) -> str:
        letters = ["d" if n in self.done else "g" for n in range(len(self.given_on))]
        return "".join(letters).ljust(len(self.comes), "w")


@given(comes=comings, happens=happenings)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_steps_come_when_they_should(
    harbour: Cast,
    worker: House,
    admin: Admin,
    comes: list[dict[str, Any]],
    happens: list[tuple[str, int]],
) -> None:
    await _clear(harbour, admin)
    program = await started(harbour, *comes)
    reading = Reading(comes)
    reading.look()
    for what, days in happens:
        match what:
            case "pass":
                await pass_days(admin, program, days)
                reading.today += days
            case "plan":
                await plan_session(harbour, days=days)
                reading.sessions.add(reading.today + days)
            case "rest" if not reading.rests:
                await rest(harbour)
                reading.rests = True
            case "wake":
                await _wake(harbour, admin)
                reading.rests = False
            case "finish":
                await _finish(harbour, program, reading)
        await work(worker)
        reading.look()
        assert await states(harbour, program) == reading.shown
    numbers = await admin.fetch(
        "select program_step from assignments where program_assignment_id = $1 order by id",
        program["id"],
    )
    assert [one[0] for one in numbers] == list(range(1, len(reading.given_on) + 1))


@given(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=12))
def test_steps_around_sessions_take_turns(kinds: list[str]) -> None:
    steps = [{"comes": {"kind": kind}} for kind in kinds]
    session, last = 0, None
    for number, kind in enumerate(kinds):
        if kind in SESSIONS:
            fresh = last is None or (last, kind) != SESSIONS
            assert (placing.turn(steps, number) is not None) == (fresh and last is not None)
            session, last = session + fresh, kind
    assert session <= len(kinds)


async def _finish(cast: Cast, program: dict[str, Any], reading: Reading) -> None:
    """Thea finishes the first step that was given and is not done."""
    undone = [n for n in range(len(reading.given_on)) if n not in reading.done]
    if undone:
        await move(cast, program, undone[0] + 1, "finish")
        reading.done.add(undone[0])


async def _wake(cast: Cast, admin: Admin) -> None:
    ended = "update rest_periods set ends_at = now() where client_id = $1 and ends_at is null"
    await admin.execute(ended, cast.client_ids["cleo"])


async def _clear(cast: Cast, admin: Admin) -> None:
    """Nothing of an earlier example is left."""
    await _wake(cast, admin)
    for statement in (
        "update sessions set attendance = 'cancelled_by_client' where client_id = $1",
        "update program_assignments set status = 'ended' where client_id = $1",
    ):
        await admin.execute(statement, cast.client_ids["cleo"])
