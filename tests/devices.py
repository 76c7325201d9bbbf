"""Devices that are mostly offline: each keeps a journal of what its owner did, and sends it in
batches over a network that loses, repeats and reorders, by a clock that is wrong.

Each does what the description says and nothing else: of every result it keeps what `keep` names.
It spells the same work otherwise each time, and its keyboard leaves half an emoji now and then.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal
from unicodedata import normalize

import httpx

from app.core.clock import now
from tests.device_drafts import FIELD, Drafts, words_in
from tests.homework.scenes import EXERCISE

OUTCOMES = ("completed", "partial", "attempted", "not_ready")
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "America/Lima", "Etc/Unknown", None)
HALF = "\ud83d"
OBSTACLES = ["too_busy", "unclear", "forgot"]
Post = Callable[[bytes], Awaitable[httpx.Response]]


@dataclass(slots=True)
class Device:
    """A phone in somebody's pocket. What is in `journal` survives its being killed."""

    name: str
    chance: random.Random
    skew: timedelta
    client_id: str
    slots: list[str]
    drafting: list[str]
    """Slots whose work is begun as a draft; the others are answered at once."""
    assignment_id: str
    drafts: Drafts = field(default_factory=Drafts)
    journal: dict[str, dict[str, Any]] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    """What became of each item, by key, once the server said so."""
    cursor: str | None = None
    refusals: list[dict[str, Any]] = field(default_factory=list)
    tries: int = 0
    repaired: int = 0
    met: set[str] = field(default_factory=set)
    """Keys of which it was told what else the slot had been answered with."""

    def clock(self) -> datetime:
        """What its own clock shows."""
        return now() + self.skew

    def write_down(self, number: int) -> None:
        """Something its owner did just now, or a while ago."""
        key = f"{self.name}-{number:06}"
        roll = self.chance.randrange(12)
        if roll < 3:
            self.drafts.write(key, self.chance.choice(self.drafting))
        elif roll < 4:
            self._end_draft(key, self.chance.choice(self.drafting))
        else:
            self.journal[key] = {"client_key": key, **self._something(key)}

    def _end_draft(self, key: str, slot: str) -> None:
        item = {"client_key": key, "about_id": slot}
        if self.chance.random() < 0.3:
            version = self.drafts.throw_away(slot)
            if version is not None:
                self.journal[key] = item | {"kind": "draft_discard", "base_version": version}
                return
        self.send_draft(key, slot)

    def send_draft(self, key: str, slot: str) -> None:
        """Send what is begun in a slot, with one more word."""
        words, version = self.drafts.send(key, slot)
        body = words | {"outcome": "partial", "occurred_at": self.clock().isoformat()}
        item = {"client_key": key, "about_id": slot, "kind": "submission"}
        self.journal[key] = item | {"body": body | {"draft_version": version}}

    def _something(self, key: str) -> dict[str, Any]:
        at = (self.clock() - timedelta(minutes=self.chance.randrange(4000))).isoformat()
        version = str(EXERCISE.version.id)
        said = {"exercise_version_id": version, "occurred_at": at, "obstacles": OBSTACLES}
        half = HALF if self.chance.random() < 0.05 else ""
        sent = {
            **said,
            "outcome": self.chance.choice(OUTCOMES),
            "answers": {
                FIELD: f"As Zoë wrote it in {key}.{half}",
                "age": 9,
                "learned": ["be_strong", "stay_small"],
            },
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
        note = f"As Zoë counted in {key}.{half}"
        times = self.chance.randrange(1, 9)
        return {"kind": "repetition", "body": {**said, "times": times, "note": note}}

    def _sent_before(self) -> str | None:
        mine = [k for k, one in self.journal.items() if one["kind"] == "submission_extra"]
        return self.chance.choice(mine) if mine else None

    def batch(self) -> dict[str, Any]:
        """Some of what is not settled, in no order, some of it twice, in whatever spelling."""
        open_ones = [one for key, one in self.journal.items() if key not in self.settled]
        open_ones += self.drafts.items()
        many = min(len(open_ones), self.chance.randrange(1, 60))
        items = self.chance.sample(open_ones, many)
        items += self.chance.sample(items, len(items) // 10)
        self.tries += 1
        return {
            "client_id": self.client_id,
            "zone": self.chance.choice(ZONES),
            "sent_at": self.clock().isoformat(),
            "cursor": self.cursor,
            "items": [respelled(one, self.chance) for one in items],
        }

    def hear(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Take the results in, and keep what they say; then what changed."""
        self.cursor = answer["cursor"]
        for item, one in zip(asked["items"], answer["results"], strict=True):
            if item["kind"] == "draft":
                self.drafts.hear(item, one)
            elif one["keep"] == "nothing":
                self._settle(item, one)
            elif one["keep"] == "words":
                self._correct(item, one)
        if answer["start_over"]:
            self.drafts.heard.clear()
        for change in answer["changes"]:
            if change["kind"] == "draft":
                self.drafts.change(change["id"], change["body"])

    def _settle(self, item: dict[str, Any], result: dict[str, Any]) -> None:
        self.settled[item["client_key"]] = result["outcome"]
        if result["also_answered"]:
            self.met.add(item["client_key"])

    def _correct(self, item: dict[str, Any], result: dict[str, Any]) -> None:
        """What its owner does with words that are not stored."""
        key, mine = item["client_key"], self.journal[item["client_key"]]
        errors = (result["problem"] or {}).get("errors", [])
        if item["kind"] == "draft_discard":
            # More was written elsewhere: it is read first.
            self.settled[key] = "kept"
        elif result["outcome"] == "conflict":
            mine["base_version"] = result["current_version"]
        elif errors and {one["code"] for one in errors} == {"wire.string_unicode"}:
            self.journal[key] = json.loads(json.dumps(mine).replace(json.dumps(HALF)[1:-1], ""))
            self.repaired += 1
        else:
            self.settled[key] = result["outcome"]
            self.refusals.append(result)

    def summary(self) -> str:
        """What it went through."""
        words = sum(len(one) for one in self.drafts.told.values())
        return (
            f"{len(self.journal)} sent and {words} words of drafts stored in {self.tries} batches,"
            f" {self.repaired} half emoji mended, {len(self.met)} times told of another's answer"
        )

    def die(self) -> None:
        """Killed by its owner: it remembers its journal, what waits, and nothing else."""
        self.settled.clear()
        self.drafts.heard.clear()
        self.cursor = None

    @property
    def is_done(self) -> bool:
        return len(self.settled) == len(self.journal) and not self.drafts.waiting


def respelled(item: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same in other words: another offset, order, kind of number, form of its characters."""
    if item["kind"] in ("draft", "draft_discard"):
        return item
    body = dict(item["body"])
    away = timezone(timedelta(minutes=15 * chance.randrange(-40, 41)))
    body["occurred_at"] = datetime.fromisoformat(body["occurred_at"]).astimezone(away).isoformat()
    if "obstacles" in body:
        body["obstacles"] = chance.sample(body["obstacles"], len(body["obstacles"]))
    forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
    form = chance.choice(forms)
    if "note" in body:
        return item | {
            "body": body | {"note": normalize(form, body["note"]), "times": float(body["times"])}
        }
    answers = body["answers"] | {FIELD: normalize(form, body["answers"][FIELD])}
    if "learned" in answers:
        answers |= {"age": 9.0, "learned": chance.sample(answers["learned"], 2)}
    return item | {"body": body | {"answers": answers | {"words_for_then": None}}}


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
        await _send(device, post)


async def part(devices: tuple[Device, Device], post: Post) -> None:
    """Both hear all that is new; one ends half of the drafts there are, and the other hears of
    that: what is gone on one is gone on both."""
    for one in devices:
        await _hear_all(one, post)
    sender, other = devices
    for number, slot in enumerate(sender.drafting):
        key = f"last-{number:06}"
        version = sender.drafts.throw_away(slot) if number % 3 == 0 else None
        if version is not None:
            ended = {"kind": "draft_discard", "base_version": version}
            sender.journal[key] = {"client_key": key, "about_id": slot, **ended}
        elif number % 3 == 1:
            sender.send_draft(key, slot)
    while not sender.is_done:
        await _send(sender, post)
    for one in (sender, other):
        await _hear_all(one, post)


async def _hear_all(device: Device, post: Post) -> None:
    more = True
    while more:
        asked = device.batch()
        answer = await post(_written(asked))
        device.hear(asked, answer.json())
        more = answer.json()["more"]


def _written(asked: dict[str, Any]) -> bytes:
    return json.dumps(asked).encode()


async def _send(device: Device, post: Post) -> None:
    """One batch over a network like that in a lift."""
    asked, luck = device.batch(), device.chance.random()
    body = _written(asked)
    if luck < 0.1:
        return
    try:
        if luck < 0.3:
            first, second = await asyncio.gather(post(body), post(body))
            answer = device.chance.choice((first, second))
        elif luck < 0.4:
            async with asyncio.timeout(device.chance.uniform(0.001, 0.05)):
                answer = await post(body)
        else:
            answer = await post(body)
    except (httpx.TransportError, TimeoutError):
        return
    if device.chance.random() < 0.1:
        return
    if answer.status_code == 200:
        device.hear(asked, answer.json())
    elif answer.status_code not in (429, 503):
        raise RuntimeError(f"{answer.status_code} {answer.text[:500]}")


def pair(seed: int, client_id: str, slots: list[str], assignment_id: str) -> tuple[Device, Device]:
    """Two devices of one client: one ten years behind, one three hours ahead. In every fourth
    slot work is begun as a draft."""
    skews = (timedelta(days=-3652), timedelta(hours=3))
    drafting, others = slots[::4], [one for number, one in enumerate(slots) if number % 4]
    phone, tablet = (
        Device(
            name, random.Random(f"{seed}{name}"), skew, client_id, others, drafting, assignment_id
        )
        for name, skew in zip(("phone", "tablet"), skews, strict=True)
    )
    return phone, tablet


async def drafts_of(http: httpx.AsyncClient, slots: list[str]) -> dict[str, set[str]]:
    """The words of the drafts that the client finds, by slot."""
    found: dict[str, set[str]] = {}
    for slot in slots:
        answer = await http.get(f"/v1/me/occurrences/{slot}/draft")
        if answer.status_code == 200:
            found[slot] = words_in(answer.json())
    return found
