"""What tests of telling begin with: something urgent, who was told, and time that passes."""

from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from app.access.grounds import Bar, BreakGlass, CareAssignment, Membership
from app.accounts.models import User
from app.core.clock import now
from app.core.ids import new_id
from app.jobs.delivering import do_chore, drain
from app.operation.house import House
from tests.cast import Cast
from tests.homework.scenes import submission, submit

STAFF = ("ana", "thea", "theo", "sam", "abe")


async def urgent(cast: Cast, client: str = "cleo", **other: Any) -> dict[str, Any]:
    """Something that is not safe, sent by the client; the receipt."""
    said: dict[str, Any] = {"outcome": "attempted", "answers": {}, "obstacles": ["unsafe"]}
    return await submit(cast, client, **said | other)


async def again(cast: Cast, receipt: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Cleo's next version of it; the receipt."""
    url = f"/v1/me/occurrences/{receipt['occurrence_id']}/submissions"
    said: dict[str, Any] = {"outcome": "attempted", "answers": {}} | other
    sent = await cast.cleo.http.post(url, json=submission(f"device-{new_id()}", **said))
    assert sent.status_code == 201, sent.text
    shown: dict[str, Any] = sent.json()
    return shown


async def go_round(worker: House) -> None:
    """What the worker does when something happened, and every five minutes."""
    await drain(worker)
    await do_chore(worker, "tell_of_attention")


async def pass_minutes(admin: Any, cast: Cast, minutes: int) -> None:
    """Let all that is written down lie so much further back."""
    await admin.execute(
        "update attention_notices set due_at = due_at - make_interval(mins => $2),"
        " tried_at = tried_at - make_interval(mins => $2),"
        " opened_at = opened_at - make_interval(mins => $2) where practice_id = $1",
        cast.practice_id,
        minutes,
    )


def letters(cast: Cast, name: str) -> list[EmailMessage]:
    """The mails that this person got."""
    folder = cast.house.settings.mail_folder
    read = [message_from_bytes(one.read_bytes(), policy=default) for one in folder.glob("*.eml")]
    address = _address(cast, name)
    return [one for one in read if isinstance(one, EmailMessage) and one["To"] == address]


def told(cast: Cast) -> Counter[str]:
    """How many mails each of the staff got."""
    folder = cast.house.settings.mail_folder
    to = Counter(message_from_bytes(one.read_bytes())["To"] for one in folder.glob("*.eml"))
    names = [name for name in cast.people if name in STAFF or name.startswith("new")]
    return Counter({name: to[_address(cast, name)] for name in names if to[_address(cast, name)]})


def _address(cast: Cast, name: str) -> str:
    return f"{name}.{cast.people[name].user_id}@example.org"


async def suspended(cast: Cast, *names: str, since: Any = True) -> None:
    work, transaction = cast.job()
    async with transaction:
        for name in names:
            at = now() if since else None
            await work.alter(Membership, cast.people[name].user_id, suspended_at=at)


async def policies(cast: Cast, **values: Any) -> None:
    """What Ana decides for the practice."""
    seen = (await cast.ana.http.get("/v1/practice")).headers["etag"]
    answer = await cast.ana.http.patch(
        "/v1/practice", json={"policies": values}, headers={"If-Match": seen}
    )
    assert answer.status_code == 200, answer.text


async def covers(cast: Cast, name: str, part: str = "covering") -> None:
    await cast.write(
        CareAssignment,
        id=new_id(),
        client_id=cast.client_ids["cleo"],
        episode_id=cast.episode_ids["cleo"],
        user_id=cast.people[name].user_id,
        part=part,
    )


async def unreachable(cast: Cast, *names: str) -> None:
    """Their addresses are none to which a mail could ever go."""
    work, transaction = cast.job()
    async with transaction:
        for name in names:
            words = {"email": "not an address"}
            await work.alter(User, cast.people[name].user_id, words=words)


async def barred(cast: Cast, name: str) -> None:
    """This member never meets Cleo."""
    await cast.write(
        Bar,
        id=new_id(),
        client_id=cast.client_ids["cleo"],
        user_id=cast.people[name].user_id,
        reason="Neighbours.",
    )


async def without_address(cast: Cast, name: str) -> None:
    """This login's words hold no address: a mail to it cannot even be written."""
    work, transaction = cast.job()
    async with transaction:
        await work.alter(User, cast.people[name].user_id, words={})


async def with_address(cast: Cast, name: str) -> None:
    """This login's words hold its address again."""
    work, transaction = cast.job()
    async with transaction:
        words = {"email": _address(cast, name)}
        await work.alter(User, cast.people[name].user_id, words=words)


async def repeated(cast: Cast, **other: Any) -> dict[str, Any]:
    """A repetition that is not safe, by Cleo; the receipt."""
    body = submission(obstacles=["unsafe"]) | other
    body = {name: body[name] for name in body if name not in ("outcome", "answers")}
    sent = await cast.cleo.http.post("/v1/me/repetitions", json=body)
    assert sent.status_code == 201, sent.text
    shown: dict[str, Any] = sent.json()
    return shown


async def lost(admin: Any, cast: Cast) -> None:
    """What happened is passed on to nobody."""
    await admin.execute(
        "update events set dispatched_at = now() where practice_id = $1", cast.practice_id
    )


async def breaks_glass(cast: Cast, name: str) -> None:
    """This member looks at Cleo's records for an hour, though they do not treat her."""
    work, transaction = cast.job()
    async with transaction:
        await work.introduce(capacity="staff")
        await work.add(
            BreakGlass,
            id=new_id(),
            client_id=cast.client_ids["cleo"],
            user_id=cast.people[name].user_id,
            reason="At night.",
            expires_at=now() + timedelta(hours=1),
        )


async def opened(cast: Cast, receipt: dict[str, Any], name: str = "thea") -> None:
    """This member reads what was sent."""
    found = await cast.people[name].http.get(f"/v1/submissions/{receipt['submission_id']}")
    assert found.status_code == 200, found.text
