"""Devices that are mostly offline: each keeps a journal of what its owner did, and sends it in
batches over a network that loses, repeats and reorders, by a clock that is wrong."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import and_, select

from app.core.clock import now
from app.core.ids import SYSTEM
from app.core.statements import Query
from app.homework.along import Repetition
from app.homework.models import Submission, SubmissionAnswer, SubmissionVersion
from app.operation.house import House
from app.operation.work import Work
from tests.homework.scenes import EXERCISE

OUTCOMES = ("completed", "partial", "attempted", "not_ready")
Post = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


@dataclass(slots=True)
class Device:
    """A phone in somebody's pocket. What is in `journal` survives its being killed."""

    name: str
    chance: random.Random
    skew: timedelta
    client_id: str
    slots: list[str]
    assignment_id: str
    journal: dict[str, dict[str, Any]] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    """What became of each item, by key, once the server said so."""
    cursor: str | None = None
    refusals: list[dict[str, Any]] = field(default_factory=list)

    def clock(self) -> datetime:
        """What its own clock shows."""
        return now() + self.skew

    def write_down(self, number: int) -> None:
        """Something its owner did just now, or a while ago."""
        key = f"{self.name}-{number:06}"
        item = self._something(key)
        self.journal[key] = {"client_key": key, **item}

    def _something(self, key: str) -> dict[str, Any]:
        at = (self.clock() - timedelta(minutes=self.chance.randrange(4000))).isoformat()
        version = str(EXERCISE.version.id)
        said = {"exercise_version_id": version, "occurred_at": at}
        sent = {
            **said,
            "outcome": self.chance.choice(OUTCOMES),
            "answers": {"what_happened": f"As it was written in {key}."},
        }
        kind = self.chance.randrange(10)
        if kind < 5:
            return {"kind": "submission", "about_id": self.chance.choice(self.slots), "body": sent}
        if kind < 7:
            return {"kind": "submission_extra", "about_id": self.assignment_id, "body": sent}
        if kind < 8 and (earlier := self._sent_before()):
            return {
                "kind": "submission_edit",
                "about_key": earlier,
                "base_version": 1,
                "body": sent,
            }
        note = f"Counted in {key}."
        times = self.chance.randrange(1, 9)
        return {"kind": "repetition", "body": {**said, "times": times, "note": note}}

    def _sent_before(self) -> str | None:
        mine = [k for k, one in self.journal.items() if one["kind"] == "submission_extra"]
        return self.chance.choice(mine) if mine else None

    def batch(self) -> dict[str, Any]:
        """Some of what is not settled, in no order, some of it twice."""
        open_ones = [one for key, one in self.journal.items() if key not in self.settled]
        many = min(len(open_ones), self.chance.randrange(1, 60))
        items = self.chance.sample(open_ones, many)
        items += self.chance.sample(items, len(items) // 10)
        return {
            "client_id": self.client_id,
            "zone": "Europe/Berlin",
            "sent_at": self.clock().isoformat(),
            "cursor": self.cursor,
            "items": items,
        }

    def hear(self, answer: dict[str, Any]) -> None:
        """Take the results in; what conflicts is said again of the version that is there now."""
        self.cursor = answer["cursor"]
        for one in answer["results"]:
            key, outcome = one["client_key"], one["outcome"]
            if outcome == "conflict":
                self.journal[key]["base_version"] = one["current_version"]
            elif outcome in ("stored", "duplicate"):
                self.settled[key] = outcome
            elif outcome != "again_later":
                self.settled[key] = outcome
                self.refusals.append(one)

    def die(self) -> None:
        """Killed by its owner: it remembers its journal and nothing else."""
        self.settled.clear()
        self.cursor = None

    @property
    def is_done(self) -> bool:
        return len(self.settled) == len(self.journal)


async def live(device: Device, post: Post, items: int) -> None:
    """Write things down and send them, until all of them are settled."""
    written = 0
    while written < items or not device.is_done:
        for _ in range(device.chance.randrange(30)):
            if written < items:
                device.write_down(written)
                written += 1
        if device.chance.random() < 0.05 and written < items:
            device.die()
        if device.journal:
            await _send(device, post)


async def _send(device: Device, post: Post) -> None:
    """One batch over a network like that in a lift."""
    asked, luck = device.batch(), device.chance.random()
    if luck < 0.1:
        return
    try:
        if luck < 0.3:
            first, second = await asyncio.gather(post(asked), post(asked))
            answer = device.chance.choice((first, second))
        elif luck < 0.4:
            async with asyncio.timeout(device.chance.uniform(0.001, 0.05)):
                answer = await post(asked)
        else:
            answer = await post(asked)
    except (httpx.TransportError, TimeoutError):
        return
    if device.chance.random() < 0.1:
        return
    if answer.status_code == 200:
        device.hear(answer.json())
    elif answer.status_code not in (429, 503):
        raise RuntimeError(f"{answer.status_code} {answer.text[:500]}")


_SENT = Query(
    select(
        SubmissionVersion.client_key,
        SubmissionVersion.outcome,
        SubmissionVersion.occurred_at,
        SubmissionVersion.number,
        Submission.id.label("submission_id"),
        SubmissionAnswer.id,
        SubmissionAnswer.client_id,
        SubmissionAnswer.answers,
    )
    .join(
        Submission,
        and_(
            Submission.practice_id == SubmissionVersion.practice_id,
            Submission.id == SubmissionVersion.submission_id,
        ),
    )
    .join(
        SubmissionAnswer,
        and_(
            SubmissionAnswer.practice_id == SubmissionVersion.practice_id,
            SubmissionAnswer.id == SubmissionVersion.id,
        ),
    )
)
_REPEATED = Query(
    select(
        Repetition.id,
        Repetition.client_id,
        Repetition.client_key,
        Repetition.times,
        Repetition.occurred_at,
        Repetition.note,
    )
)


async def differences(house: House, practice_id: str, devices: list[Device]) -> list[str]:
    """Where the record and the journals differ, in words; empty when nowhere."""
    work = Work(house, operation="test", request_id=SYSTEM)
    async with work.visit(capacity="job", practice_id=practice_id):
        sent, repeated = await work.rows(_SENT), await work.rows(_REPEATED)
    stored = {
        row["client_key"]: (row["outcome"], row["occurred_at"], row["answers"].value)
        for row in sent
    } | {
        row["client_key"]: (row["times"], row["occurred_at"], row["note"].value) for row in repeated
    }
    wrong = [f"{one} was refused" for device in devices for one in device.refusals]
    if len(stored) != len(sent) + len(repeated):
        wrong.append("a key is there twice")
    expected = {key: _as_stored(one) for d in devices for key, one in d.journal.items()}
    wrong += [f"{key} is not there" for key in expected.keys() - stored.keys()]
    wrong += [f"{key} was never written down" for key in stored.keys() - expected.keys()]
    both = expected.keys() & stored.keys()
    wrong += [f"{key} is other than written down" for key in both if expected[key] != stored[key]]
    numbers: dict[str, list[int]] = {}
    for row in sent:
        numbers.setdefault(row["submission_id"], []).append(row["number"])
    for submission_id, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            wrong.append(f"the versions of {submission_id} are numbered {sorted(found)}")
    return wrong


def _as_stored(item: dict[str, Any]) -> tuple[Any, ...]:
    body = item["body"]
    at = datetime.fromisoformat(body["occurred_at"])
    if item["kind"] == "repetition":
        return body["times"], at, body["note"]
    return body["outcome"], at, body["answers"]


def pair(seed: int, client_id: str, slots: list[str], assignment_id: str) -> tuple[Device, Device]:
    """Two devices of one client: one ten years behind, one three hours ahead."""
    skews = (timedelta(days=-3652), timedelta(hours=3))
    phone, tablet = (
        Device(name, random.Random(f"{seed}{name}"), skew, client_id, slots, assignment_id)
        for name, skew in zip(("phone", "tablet"), skews, strict=True)
    )
    return phone, tablet
