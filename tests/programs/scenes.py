"""Programs as tests begin with them."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select

from app.core.clock import now
from app.core.ids import new_id
from app.core.statements import Query, p
from app.jobs.delivering import do_chore, drain
from app.operation.house import House
from app.operation.work import Work
from app.programs.models import ProgramAssignment
from app.rests.models import RestPeriod
from app.sessions.models import Session
from tests.cast import Cast, Person
from tests.homework.scenes import EXERCISE, submission
from tests.jobs.conftest import Admin

AT_ONCE = {"kind": "at_once"}
NEXT = {"kind": "after_previous"}
WEEK = {"kind": "after_delay", "days": 7}
BEFORE = {"kind": "before_session"}
AFTER = {"kind": "after_session"}


def step(comes: dict[str, Any] = NEXT, **other: Any) -> dict[str, Any]:
    return {
        "exercise_id": str(EXERCISE.id),
        "rationale": "You said you want to know where the rule began.",
        "comes": comes,
    } | other


def wanted(*steps: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {"title": "Six small steps", "steps": [*steps] or [step(), step()]} | other


async def create(person: Person, *steps: dict[str, Any], **other: Any) -> httpx.Response:
    return await person.http.post("/v1/programs", json=wanted(*steps, **other))


async def made(cast: Cast, *comes: dict[str, Any], **other: Any) -> dict[str, Any]:
    """A program by Thea, of one step for each of `comes`."""
    answer = await create(cast.thea, *[step(one) for one in comes], **other)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def give(
    cast: Cast, program: dict[str, Any], client: str = "cleo", *, agreed: bool = True
) -> dict[str, Any]:
    """The program, given to this client by their therapist."""
    therapist = cast.theo if client == "carl" else cast.thea
    url = f"/v1/clients/{cast.client_ids[client]}/programs"
    body = {"program_id": program["id"], "agreed": agreed}
    answer = await therapist.http.post(url, json=body)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def started(cast: Cast, *comes: dict[str, Any], agreed: bool = True) -> dict[str, Any]:
    """A program of such steps, made and given to Cleo."""
    return await give(cast, await made(cast, *comes), agreed=agreed)


async def now_of(cast: Cast, given: dict[str, Any]) -> dict[str, Any]:
    """The program as its therapist sees it now."""
    answer = await cast.thea.http.get(f"/v1/program-assignments/{given['id']}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def states(cast: Cast, given: dict[str, Any]) -> str:
    """Where its steps stand: a letter each, of given, waiting and done."""
    return "".join(one["state"][0] for one in (await now_of(cast, given))["steps"])


async def move(cast: Cast, given: dict[str, Any], number: int, verb: str) -> httpx.Response:
    """Thea does this to the homework of a step."""
    shown = await now_of(cast, given)
    url = f"/v1/assignments/{shown['steps'][number - 1]['assignment_id']}"
    version = (await cast.thea.http.get(url)).json()["version"]
    return await cast.thea.http.post(f"{url}/{verb}", headers={"If-Match": f'"v{version}"'})


async def send(cast: Cast, given: dict[str, Any], number: int) -> None:
    """Cleo sends the homework of a step."""
    assignment_id = (await now_of(cast, given))["steps"][number - 1]["assignment_id"]
    today = now().date()
    days = f"?from={today - timedelta(days=1)}&to={today + timedelta(days=2)}"
    found = (await cast.cleo.http.get(f"/v1/me/occurrences{days}")).json()["items"]
    slot = next(one["id"] for one in found if one["assignment_id"] == assignment_id)
    url, body = f"/v1/me/occurrences/{slot}/submissions", submission(f"device-{new_id()}")
    answer = await cast.cleo.http.post(url, json=body)
    assert answer.status_code == 201, answer.text


async def work(worker: House) -> None:
    """The worker does what waits, and its hourly round."""
    await drain(worker)
    await do_chore(worker, "give_program_steps")


async def pass_days(admin: Admin, given: dict[str, Any], days: int) -> None:
    """So many days pass: all that is there of the program and its client is that much older.

    The client is where no clock changes, so that they are days of 24 hours.
    """
    await admin.execute("update clients set zone = 'UTC' where id = $1", given["client_id"])
    for statement in (
        "update program_assignments set next_at = next_at - $2::interval where client_id = $1",
        "update assignments set created_at = created_at - $2::interval where client_id = $1",
        "update sessions set starts_at = starts_at - $2::interval where client_id = $1",
    ):
        await admin.execute(statement, given["client_id"], timedelta(days=days))


async def plan_session(cast: Cast, *, days: int, **other: Any) -> None:
    """A session of Cleo's, so many days from now."""
    await cast.write(
        Session,
        id=new_id(),
        client_id=cast.client_ids["cleo"],
        episode_id=cast.episode_ids["cleo"],
        therapist_id=cast.thea.user_id,
        starts_at=now() + timedelta(days=days),
        minutes=50,
        zone="Europe/Berlin",
        setting="video",
        **other,
    )


async def rest(cast: Cast) -> str:
    """Cleo rests, from yesterday on; the rest period's id."""
    rest_id, since = new_id(), now() - timedelta(days=1)
    await cast.write(
        RestPeriod,
        id=rest_id,
        client_id=cast.client_ids["cleo"],
        zone="Europe/Berlin",
        starts_on=since.date(),
        starts_at=since,
        started_by=cast.cleo.user_id,
        started_as="self",
    )
    return rest_id


_STEPS = Query(
    select(ProgramAssignment.steps).where(
        ProgramAssignment.practice_id == p("practice_id"), ProgramAssignment.id == p("id")
    )
)


async def frozen_steps(work: Work, given: dict[str, Any]) -> list[dict[str, Any]]:
    """The program's steps as they are stored."""
    row: Any = await work.row(_STEPS, id=given["id"])
    steps: list[dict[str, Any]] = row["steps"].value
    return steps
