"""What tests of overviews begin with."""

from datetime import timedelta
from typing import Any

from app.access.grounds import CareAssignment
from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.homework.along import Question, Repetition
from app.rests.models import RestPeriod
from tests.cast import Cast, Person
from tests.homework.scenes import EXERCISE, assign, submission

DAY = timedelta(days=1)

__all__ = ["assign"]


async def read(person: Person, path: str) -> Any:
    """What a GET answers, that must be answered."""
    answer = await person.http.get(path)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return answer.json()


async def sent(cast: Cast, client: str = "cleo", **other: Any) -> str:
    """Something a client sent for homework of its own; the submission's id."""
    assignment = await assign(cast, client)
    return await sent_for(cast, assignment["id"], client, **other)


async def sent_for(cast: Cast, assignment_id: str, client: str = "cleo", **other: Any) -> str:
    """What a client sent for the first slot of this assignment that is open."""
    person = cast.people[client]
    today = await read(person, "/v1/me/today?zone=Europe/Berlin")
    where = next(one["id"] for one in today["open"] if one["assignment_id"] == assignment_id)
    body = submission(f"device-{new_id()}") | other
    made = await person.http.post(f"/v1/me/occurrences/{where}/submissions", json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["submission_id"])


async def sent_again(cast: Cast, submission_id: str, **other: Any) -> None:
    """Cleo's next version of what she sent."""
    mine = await read(cast.cleo, f"/v1/me/submissions/{submission_id}")
    body = submission(f"device-{new_id()}") | other
    url = f"/v1/me/occurrences/{mine['occurrence_id']}/submissions"
    made = await cast.cleo.http.post(url, json=body)
    assert made.status_code == 201, made.text


async def taken_back(cast: Cast, submission_id: str) -> None:
    """Cleo withdraws what she sent."""
    url = f"/v1/me/submissions/{submission_id}"
    headers = {"If-Match": f'"v{(await read(cast.cleo, url))["version"]}"'}
    gone = await cast.cleo.http.post(f"{url}/withdraw", headers=headers)
    assert gone.status_code == 200, gone.text


async def rests(cast: Cast, days: int, **other: Any) -> str:
    """A rest period of Cleo's that has run for so many days."""
    rest_id, starts_at = new_id(), now() - days * DAY
    await cast.write(
        RestPeriod,
        id=rest_id,
        client_id=cast.client_ids["cleo"],
        zone="Europe/Berlin",
        starts_on=starts_at.date(),
        starts_at=starts_at,
        started_by=cast.cleo.user_id,
        started_as="self",
        **other,
    )
    return rest_id


async def practised(cast: Cast, client: str = "cleo", **other: Any) -> str:
    """A repetition of the exercise, written as a job would; its id."""
    repetition_id = new_id()
    await cast.write(
        Repetition,
        **{
            "id": repetition_id,
            "client_id": cast.client_ids[client],
            "episode_id": cast.episode_ids[client],
            "library_id": SYSTEM,
            "exercise_version_id": str(EXERCISE.version.id),
            "client_key": f"device-{repetition_id}",
            "body_hash": b"",
            "times": 3,
            "obstacles": [],
            "needs_attention": "attention_level" in other,
            "occurred_at": now(),
            "occurred_corrected_at": now(),
            "zone": "Europe/Berlin",
            "by_user_id": cast.people[client].user_id,
            "capacity": "self",
        }
        | other,
    )
    return repetition_id


async def asked(cast: Cast, assignment_id: str, words: str) -> None:
    """A question of Cleo's about an assignment."""
    await cast.write(
        Question,
        id=new_id(),
        client_id=cast.client_ids["cleo"],
        episode_id=cast.episode_ids["cleo"],
        assignment_id=assignment_id,
        client_key=f"device-{new_id()}",
        body_hash=b"",
        question=words,
    )


async def covers(cast: Cast, name: str, client: str = "cleo") -> None:
    """This therapist covers the client's care from now on."""
    await cast.write(
        CareAssignment,
        id=new_id(),
        client_id=cast.client_ids[client],
        episode_id=cast.episode_ids[client],
        user_id=cast.people[name].user_id,
        part="covering",
    )
