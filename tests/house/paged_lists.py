"""Every paged list, filled with three things each, and how the first of them is moved away.

All of it is Cleo's and Thea's of the practice Harbour, so that one scene serves every list.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from app.core.clock import now
from tests.cast import Cast
from tests.clients.caring import add
from tests.goals.test_goals import STATEMENT
from tests.homework.scenes import assign, slot, submission
from tests.jobs.conftest import Admin
from tests.library.scenes import change as change_exercise
from tests.library.scenes import make, publish, titled
from tests.notes.writing import signed
from tests.overview.scenes import asked, practised, sent
from tests.post import address, invite
from tests.programs.scenes import AT_ONCE, give, made
from tests.rests.test_mine import in_days, started
from tests.sessions.test_sessions import plan

ME = "/v1/me"
Move = Callable[[Cast, Admin, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PagedList:
    """One list: who asks, where, and what happens to its first item between two pages."""

    operation: str
    who: str
    path: str
    move: Move
    most: int = 100
    """The longest page there is."""


def gone_from(table: str, key: str = "id") -> Move:
    """The row is not there any more. What points at it stays: nothing checks it meanwhile."""

    async def move(cast: Cast, admin: Admin, anchor: str) -> None:
        await admin.execute(
            f"delete from {table} where practice_id = $1 and {key} = $2", cast.practice_id, anchor
        )

    return move


def changed_in(table: str, values: str) -> Move:
    """The row stands somewhere else in the order."""

    async def move(cast: Cast, admin: Admin, anchor: str) -> None:
        await admin.execute(
            f"update {table} set {values} where practice_id = $1 and id = $2",
            cast.practice_id,
            anchor,
        )

    return move


async def renamed(cast: Cast, admin: Admin, anchor: str) -> None:
    """The client is called otherwise."""
    url = f"/v1/clients/{anchor}"
    seen = (await cast.ana.http.get(url)).headers["etag"]
    answer = await cast.ana.http.patch(
        url, json={"legal_name": "Zz Last"}, headers={"If-Match": seen}
    )
    assert answer.status_code == 200, answer.text


async def fill(cast: Cast) -> list[PagedList]:
    """Three things at least in every list there is."""
    cleo = f"/v1/clients/{cast.client_ids['cleo']}"
    for name in ("theo", "sam"):
        await add(cast, name)
    for number in (1, 2, 3):
        await cast.thea.http.post(f"{cleo}/goals", json=STATEMENT)
        await sent(cast, obstacles=["unsafe"] if number == 3 else [])
        await practised(cast)
        await cast.thea.http.post(f"{cleo}/topics", json={"label": f"Topic {number}"})
        await started(cast.cleo, starts_on=in_days(number * 10), ends_on=in_days(number * 10))
        await plan(cast, starts_at=(now() + timedelta(days=number)).isoformat())
        await signed(cast)
        await give(cast, await made(cast, AT_ONCE))
        await invite(cast, "client", address(), client_id=cast.client_ids["cleo"])
    daily = await assign(cast, schedule={"kind": "daily"})
    for _ in range(3):
        await asked(cast, daily["id"], "What does this mean?")
    for number in (1, 2):
        await publish(cast, await make(cast, **titled(f"Another {number}")))
    exercise = await publish(cast, await make(cast))
    for number in (2, 3):
        edited = await change_exercise(cast, exercise, **titled(f"Shorter {number}"))
        exercise = await publish(cast, edited)
    await assign(cast)
    await assign(cast, "carl")
    slot_url = f"{ME}/occurrences/{(await slot(cast.carl))['id']}/submissions"
    for number in (1, 2, 3):
        receipt = await cast.carl.http.post(slot_url, json=submission(f"device-1-000{number}"))
    carls = f"submissions/{receipt.json()['submission_id']}/versions"
    version = gone_from("submission_versions")
    soon, then = f"from={in_days(0)}&to={in_days(4)}", f"from={in_days(5)}&to={in_days(20)}"
    slots = f"/v1/assignments/{daily['id']}/occurrences"
    later = changed_in("occurrences", "local_on = local_on + 4")
    read = changed_in("submissions", "reviewed_number = number")
    members = gone_from("memberships", "user_id")
    given, pause = gone_from("program_assignments"), gone_from("rest_periods")
    earlier = changed_in("sessions", "starts_at = starts_at - interval '30 days'")
    discharged = changed_in("clients", "status = 'discharged'")
    versions = f"/v1/exercises/{exercise['id']}/versions"
    return [
        PagedList("list_members", "ana", "/v1/members", members),
        PagedList("list_clients", "ana", "/v1/clients?sort=name", renamed),
        PagedList("list_clients", "ana", "/v1/clients?status=active", discharged),
        PagedList("list_invitations", "ana", "/v1/invitations", gone_from("invitations")),
        PagedList("list_care_team", "ana", f"{cleo}/care-team", gone_from("care_assignments")),
        PagedList("list_goals", "thea", f"{cleo}/goals", gone_from("goals")),
        PagedList("list_assignments", "thea", f"{cleo}/assignments", gone_from("assignments")),
        PagedList("list_submissions", "thea", f"{cleo}/submissions", read),
        PagedList("list_caseload_submissions", "thea", "/v1/submissions", read),
        PagedList("list_review_queue", "thea", "/v1/review-queue", read),
        PagedList("list_repetitions", "thea", f"{cleo}/repetitions", gone_from("repetitions")),
        PagedList("list_occurrences", "thea", f"{slots}?{soon}", later),
        PagedList("list_questions", "thea", "/v1/questions", gone_from("questions")),
        PagedList("list_topics", "thea", f"{cleo}/topics", gone_from("topics")),
        PagedList("list_rest_periods", "thea", f"{cleo}/rest-periods", pause),
        PagedList("list_programs", "thea", "/v1/programs", gone_from("programs")),
        PagedList("list_program_assignments", "thea", f"{cleo}/programs", given),
        PagedList("list_exercises", "thea", "/v1/exercises?mine=true", gone_from("exercises")),
        PagedList("list_exercise_versions", "thea", versions, gone_from("exercise_versions")),
        PagedList("list_sessions", "thea", f"{cleo}/sessions", earlier),
        PagedList("list_notes", "thea", f"{cleo}/notes", gone_from("notes")),
        PagedList("list_submission_versions", "theo", f"/v1/{carls}", version, most=10),
        PagedList("list_my_submission_versions", "carl", f"{ME}/{carls}", version, most=10),
        PagedList("list_my_goals", "cleo", f"{ME}/goals", gone_from("goals")),
        PagedList("list_my_assignments", "cleo", f"{ME}/assignments", gone_from("assignments")),
        PagedList("list_my_occurrences", "cleo", f"{ME}/occurrences?{then}", later),
        PagedList("list_my_rest_periods", "cleo", f"{ME}/rest-periods", pause),
        PagedList("list_my_questions", "cleo", f"{ME}/questions", gone_from("questions")),
        PagedList("list_my_submissions", "cleo", f"{ME}/submissions", gone_from("submissions")),
        PagedList("list_my_repetitions", "cleo", f"{ME}/repetitions", gone_from("repetitions")),
        PagedList("list_my_programs", "cleo", f"{ME}/programs", given),
        PagedList("list_my_sessions", "cleo", f"{ME}/sessions", earlier),
        PagedList("list_my_notes", "cleo", f"{ME}/notes", gone_from("notes")),
    ]
