"""The states of an assignment, walked at random and held against the design's table."""

import asyncio
from collections.abc import Coroutine
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.homework.models import Assignment
from tests.cast import Cast
from tests.homework.assigning import done, put
from tests.homework.scenes import assign

TABLE = {
    "draft": {"proposed", "active", "discarded"},
    "proposed": {"active", "declined", "withdrawn"},
    "declined": {"active", "proposed"},
    "active": {"paused", "done", "ended"},
    "paused": {"active", "done", "ended"},
    "withdrawn": set(),
    "discarded": set(),
    "done": set(),
    "ended": set(),
}
VERBS = {
    ("thea", "propose"): ({"draft"}, "proposed"),
    ("thea", "revise"): ({"declined"}, "proposed"),
    ("thea", "agree"): ({"draft", "proposed", "declined"}, "active"),
    ("thea", "withdraw"): ({"proposed"}, "withdrawn"),
    ("thea", "discard"): ({"draft"}, "discarded"),
    ("thea", "pause"): ({"active"}, "paused"),
    ("thea", "resume"): ({"paused"}, "active"),
    ("thea", "finish"): ({"active", "paused"}, "done"),
    ("thea", "end"): ({"active", "paused"}, "ended"),
    ("cleo", "accept"): ({"proposed", "declined"}, "active"),
    ("cleo", "decline"): ({"proposed"}, "declined"),
    ("cleo", "end"): ({"active", "paused"}, "ended"),
}
BODIES = {"decline": {"reason": "not_ready"}}
BEGINNINGS: dict[str, dict[str, Any]] = {
    "draft": {"draft": True, "agreed": False},
    "proposed": {"agreed": False},
    "active": {},
}
UNSEEN = {"draft", "discarded"}
DAY = timedelta(days=1)


def test_every_way_of_the_table_has_a_verb() -> None:
    ways = {(source, to) for sources, to in VERBS.values() for source in sources}
    assert ways == {(source, to) for source, onward in TABLE.items() for to in onward}


async def test_an_assignment_goes_where_the_table_says_and_nowhere_else(harbour: Cast) -> None:
    loop, tried = asyncio.get_running_loop(), set()

    def wait(coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(30)

    class Walk(RuleBasedStateMachine):
        @initialize(state=st.sampled_from(sorted(BEGINNINGS)))
        def begin(self, state: str) -> None:
            self.id = wait(assign(harbour, **BEGINNINGS[state]))["id"]
            self.state, self.by = state, "thea"

        @rule(way=st.sampled_from(sorted(VERBS)))
        def go(self, way: tuple[str, str]) -> None:
            name, verb = way
            sources, to = VERBS[way]
            answer = wait(put(harbour.people[name], self.id, verb, BODIES.get(verb)))
            tried.add((self.state, way))
            if name == "cleo" and self.state in UNSEEN:
                assert answer.status_code == 404, (self.state, way, answer.text)
            elif self.state in sources or (self.state, self.by) == (to, name):
                assert (answer.status_code, answer.json()["status"]) == (200, to), answer.text
                self.by = name
                self.state = to
            else:
                assert answer.status_code == 409, (self.state, way, answer.text)
                assert answer.json()["allowed"] == sorted(TABLE[self.state])

    walks = settings(max_examples=40, stateful_step_count=12, deadline=None)
    await asyncio.to_thread(run_state_machine_as_test, Walk, settings=walks)
    assert len(tried) > 40


@pytest.mark.parametrize("state", ["done", "ended"])
async def test_what_is_over_leaves_no_slot_to_fill(harbour: Cast, state: str) -> None:
    made = await assign(harbour, schedule={"kind": "daily"})
    await done(harbour.thea, made["id"], {"done": "finish", "ended": "end"}[state])
    days = f"from={made['starts_on']}&to={date.fromisoformat(made['starts_on']) + 27 * DAY}"
    slots = await harbour.cleo.http.get(f"/v1/me/occurrences?{days}&limit=100")
    assert {one["state"] for one in slots.json()["items"]} == {"cancelled"}


async def test_agreed_by_mistake_can_be_undone(harbour: Cast) -> None:
    made = await assign(harbour)
    ended = await done(harbour.thea, made["id"], "end")
    assert (ended["status"], ended["ended_as"]) == ("ended", "staff")
    today = (await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")).json()
    assert today["open"] == []


async def test_a_change_of_state_needs_the_version_that_was_seen(harbour: Cast) -> None:
    made = await assign(harbour)
    url = f"/v1/assignments/{made['id']}/pause"
    assert (await harbour.thea.http.post(url)).status_code == 428
    stale = await harbour.thea.http.post(url, headers={"If-Match": '"v9"'})
    assert (stale.status_code, stale.json()["current_version"]) == (412, 1)


async def test_a_pause_excuses_and_resuming_opens_again(harbour: Cast) -> None:
    made = await assign(harbour)
    on = made["starts_on"]
    await done(harbour.thea, made["id"], "pause")
    url = f"/v1/me/occurrences?from={on}&to={on}"
    excused = (await harbour.cleo.http.get(url)).json()["items"]
    await done(harbour.thea, made["id"], "resume")
    again = (await harbour.cleo.http.get(url)).json()["items"]
    assert [one["state"] for one in excused + again] == ["excused", "open"]


async def test_a_proposal_whose_schedule_is_over_is_not_accepted(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False, schedule={"kind": "daily"})
    over = {"kind": "daily", "starts_on": "2020-01-01", "ends_on": "2020-01-31"}
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Assignment, made["id"], schedule=over)
    answer = await put(harbour.cleo, made["id"], "accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "homework.schedule")


@pytest.mark.parametrize("verb", sorted(verb for name, verb in VERBS if name == "thea"))
async def test_a_supervisor_reads_and_changes_nothing(harbour: Cast, verb: str) -> None:
    made = await assign(harbour)
    answer = await put(harbour.sam, made["id"], verb)
    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_on_care_team")
