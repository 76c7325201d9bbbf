"""Homework as tests begin with it."""

from typing import Any

from app.core.clock import now
from app.core.ids import SYSTEM
from app.homework.models import Assignment
from app.library.catalogue import catalogue
from app.library.models import ExerciseVersion
from app.operation.work import Work
from tests.cast import Cast, Person
from tests.library.identities import IDS

EXERCISE = next(one for one in catalogue() if one.slug == "a-moment-on-my-timeline")
ANSWERS = {"age": 9, "what_happened": "The swing, and nobody came.", "distress_now": 4}


def assignment(**other: Any) -> dict[str, Any]:
    return {
        "exercise_id": str(EXERCISE.id),
        "rationale": "You said you want to know where the rule began.",
        "agreed": True,
    } | other


async def assign(cast: Cast, client: str = "cleo", **other: Any) -> dict[str, Any]:
    """An assignment by the client's therapist, active unless told otherwise."""
    therapist = cast.theo if client == "carl" else cast.thea
    made = await therapist.http.post(
        f"/v1/clients/{cast.client_ids[client]}/assignments", json=assignment(**other)
    )
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def slot(person: Person) -> dict[str, Any]:
    """The first slot that is open for this client."""
    today = await person.http.get("/v1/me/today?zone=Europe/Berlin")
    shown: dict[str, Any] = today.json()["open"][0]
    return shown


def submission(key: str = "device-1-0001", **other: Any) -> dict[str, Any]:
    return {
        "client_key": key,
        "outcome": "completed",
        "answers": ANSWERS,
        "exercise_version_id": str(EXERCISE.version.id),
        "occurred_at": now().isoformat(),
        "zone": "Europe/Berlin",
    } | other


async def submit(cast: Cast, client: str = "cleo", **other: Any) -> dict[str, Any]:
    """Homework assigned and sent by the client; the receipt."""
    await assign(cast, client)
    person = cast.people[client]
    where = (await slot(person))["id"]
    sent = await person.http.post(
        f"/v1/me/occurrences/{where}/submissions", json=submission(**other)
    )
    assert sent.status_code == 201, sent.text
    receipt: dict[str, Any] = sent.json()
    return receipt


async def older_version(cast: Cast) -> str:
    """The version of `EXERCISE` that was shipped first, as an older database holds it."""
    work = Work(cast.house, operation="test", request_id=SYSTEM)
    newest = EXERCISE.version.model_dump(mode="json", exclude_none=True)
    texts = newest["texts"]["en"]
    del texts["fields"]["safe_now"]
    version_id = IDS[EXERCISE.slug][1]
    async with work.visit(capacity="job", practice_id=SYSTEM):
        await work.add(
            ExerciseVersion,
            unless=("practice_id", "id"),
            id=version_id,
            exercise_id=str(EXERCISE.id),
            number=1,
            minutes=EXERCISE.version.minutes,
            form={"fields": [one for one in newest["form"]["fields"] if one["id"] != "safe_now"]},
            texts={"en": texts},
        )
    return version_id


async def assign_older(cast: Cast, **other: Any) -> dict[str, Any]:
    """Homework for Cleo that was given when the older version was the newest."""
    made = await assign(cast, **other)
    version_id = await older_version(cast)
    work, transaction = cast.job()
    async with transaction:
        await work.alter(
            Assignment,
            made["id"],
            client_id=cast.client_ids["cleo"],
            exercise_version_id=version_id,
        )
    return made | {"exercise_version_id": version_id}
