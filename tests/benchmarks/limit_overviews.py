"""The overviews with the least there is to do: our statements, and rows shaped by hand."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from starlette.requests import Request

from app.access.tokens import Claims
from app.core.clock import now
from app.core.ids import first_id
from app.library.languages import chosen
from app.overview import board, counting, diary, queue, today, weekly
from app.practices.help import shown
from app.schedules import rules
from app.schedules.slots import next_after
from app.vault.sealing import context
from app.vault.sealing import open as unseal
from tests.benchmarks.limit_base import Limit, Told, arguments

_queue_arguments = arguments(queue._LISTS[None])
_head_arguments = arguments(queue._FIRST)
_day_arguments = arguments(diary.DAYS[True, False])
_waiting_arguments = arguments(today._WAITING)
_board_arguments = arguments(board._ASSIGNMENTS)
_counts_arguments = arguments(counting.COUNTS)
SLOTS = weekly.SLOTS["self"]
_slots_arguments = arguments(SLOTS)
HAPPENED: Final = weekly.HAPPENED["self"]
_happened_arguments = arguments(HAPPENED)
_active_arguments = arguments(weekly.ACTIVE)
QUEUE_ITEM: Final = (
    "kind", "id", "client_id", "assignment_id", "outcome", "number", "received_at",
    "needs_attention", "attention_level", "attention_reasons",
    "changed_since_review", "withdrawn", "side", "answers_visible", "version",
)  # fmt: skip
COUNTS: Final = tuple(board._SHOWN.items())
SLOT: Final = (
    "id", "assignment_id", "exercise_version_id", "state", "local_on", "opens_at", "due_at",
    "closes_at", "version", "size", "step",
)  # fmt: skip
DONE: Final = ("kind", "id", "assignment_id", "occurrence_id", "at", "outcome", "times", "was_read")


async def _all_keys(self: Limit, db: Any, practice: str, records: list[Any]) -> None:
    ids = {record["client_id"] for record in records if record["client_id"]}
    await self.keyring.fetch(db, practice, ids, "identity")
    await self.keyring.fetch(db, practice, ids, "record")


def _client(self: Limit, practice: str, record: Any) -> str:
    client, sealed = record["client_id"], record["client_words"]
    words = orjson.loads(self.opened(practice, client, "clients.words", client, sealed, "identity"))
    return str(words["preferred_name"] or words["legal_name"])


def _title(self: Limit, practice: str, record: Any) -> str | None:
    sealed = record["assigned"]
    if sealed is None:
        return None
    row, client = record["assignment_id"], record["assigned_to"]
    words = orjson.loads(self.opened(practice, client, "assignments.words", row, sealed))
    return str(words["title"])


def _queued(self: Limit, practice: str, records: list[Any]) -> list[dict[str, Any]]:
    items = []
    for record in records:
        item = {name: record[name] for name in QUEUE_ITEM}
        item["client"] = _client(self, practice, record)
        item["assignment"] = _title(self, practice, record)
        item["exercise_title"] = chosen(record["exercise"])["title"]
        items.append(item)
    return items


async def list_review_queue(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    limit = int(request.query_params["limit"])
    values = {"practice_id": claims.practice, "me": claims.sub, "limit": limit + 1}
    records = await db.fetch(queue._LISTS[None].sql, *_queue_arguments(values | queue._BEFORE_ALL))
    await _all_keys(self, db, claims.practice, records)
    items = _queued(self, claims.practice, records)
    read = {item["client_id"] for item in items}
    return {"items": items, "next": None}, [("homework", one) for one in read], []


async def get_today(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    practice, me = claims.practice, claims.sub
    who = {"practice_id": practice, "me": me}
    moment = now()
    values: dict[str, Any] = who | {
        "begins_at": moment - diary.LONGEST_DAY, "ends_at": moment + diary.LONGEST_DAY,
        "most": diary.MOST_READ, "of_therapist": me,
    }  # fmt: skip
    days = await db.fetch(diary.DAYS[True, False].sql, *_day_arguments(values))
    values = who | {"limit": 25}
    head = await db.fetch(queue._FIRST.sql, *_head_arguments(values))
    waiting = await db.fetch(today._WAITING.sql, *_waiting_arguments(who | {"author": me}))
    await _all_keys(self, db, practice, [*days, *head, *waiting])
    read: dict[str, str] = {}
    sessions = []
    key = await self.keyring.practice(db, practice)
    here = ZoneInfo(days[0]["here"])
    on = moment.astimezone(here).date()
    for record in days:
        starts_at = record["starts_at"]
        if starts_at is None or starts_at.astimezone(here).date() != on:
            continue
        place = context(practice, None, "memberships", "words", record["therapist_id"])
        staff = orjson.loads(unseal(key, record["therapist_words"], place))
        item = {name: record[name] for name in diary._SESSION}
        item |= {"id": record["session_id"], "client_id": record["client_id"]}
        item |= {"client": _client(self, practice, record), "therapist": staff["name"]}
        sessions.append(item)
        read[record["client_id"]] = "contact"
    items = _queued(self, practice, head)
    sections: dict[str, Any] = {name: [] for name in today._SHOWN}
    for record in waiting:
        name, client = record["section"], record["client_id"]
        row = dict(record) | {"assignment": _title(self, practice, record)}
        if row["question"] is not None:
            sealed = row["question"]
            found = self.opened(practice, client, "questions.question", row["question_id"], sealed)
            row["question"] = orjson.Fragment(found)
        if row["decline_words"] is not None:
            sealed, place = row["decline_words"], row["assignment_id"]
            found = self.opened(practice, client, "assignments.decline_words", place, sealed)
            row["decline_words"] = orjson.Fragment(found)
        if row["email"] is not None:
            sealed, place = row["email"], row["address_id"]
            found = self.opened(
                practice, client, "client_addresses.value", place, sealed, "identity"
            )
            row["email"] = orjson.Fragment(found)
        item = {"client_id": client, "client": _client(self, practice, record)}
        sections[name].append(item | {shown: row[inner] for shown, inner in today._SHOWN[name]})
        about = {"drafts": "notes", "addresses_to_confirm": "contact"}
        read[client] = about.get(name, "homework")
    read |= {item["client_id"]: "homework" for item in items}
    content = {
        "on": on, "zone": here.key, "sessions": sessions,
        "needs_attention": [item for item in items if item["needs_attention"]],
        "urgent": {
            "count": head[0]["urgent"], "more": False, "review_queue": today.URGENT_QUEUE,
        },
        "review_queue": {"count": head[0]["waiting"], "more": False, "first": items[:10]},
        "unattended": None, "escalated": [],
    }  # fmt: skip
    return content | sections, [(about, client) for client, about in read.items()], []


async def get_homework_board(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    practice, client = claims.practice, request.path_params["client_id"]
    moment = now()
    since, lately = moment - timedelta(days=28), moment - timedelta(days=14)
    values = {
        "practice_id": practice, "me": claims.sub, "of_client": client, "since": since,
        "lately": lately, "first_id": first_id(since),
        "first_on": since.astimezone(UTC).date() - timedelta(days=29),
        "last_on": moment.astimezone(UTC).date() + timedelta(days=1),
    }  # fmt: skip
    records = await db.fetch(board._ASSIGNMENTS.sql, *_board_arguments(values))
    facts = await db.fetch(counting.COUNTS.sql, *_counts_arguments(values))
    await self.keys(db, practice, client)
    found: dict[str | None, dict[str, Any]] = {}
    for fact in facts:
        found.setdefault(fact["assignment_id"], {})[fact["what"]] = (fact["fewer"], fact["all"])
    none, items = (0, 0), []
    for record in records:
        counts = found.get(record["id"], {})
        sealed = self.opened(practice, client, "assignments.words", record["id"], record["words"])
        recurring = sorted(
            (-times, what[9:])
            for what, (_, times) in counts.items()
            if times > 1 and what.startswith("obstacle:")
        )
        items.append(
            {
                "assignment_id": record["id"], "title": orjson.loads(sealed)["title"],
                "exercise_title": chosen(record["exercise"])["title"],
                "status": record["status"], "late_policy": record["late_policy"],
                "last_14_days": {name: counts.get(what, none)[0] for name, what in COUNTS},
                "last_28_days": {name: counts.get(what, none)[1] for name, what in COUNTS},
                "last_answer_at": record["last_answer_at"],
                "recurring_obstacles": [{"obstacle": o, "times": -n} for n, o in recurring],
            }
        )  # fmt: skip
    fewer, more = (
        sum(counts.get("repetitions", none)[at] for counts in found.values()) for at in (0, 1)
    )
    repetitions = {"last_14_days": fewer, "last_28_days": more}
    return {"assignments": items, "repetitions": repetitions}, [("homework", client)], []


async def get_my_week(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    practice, client = claims.practice, claims.client
    assert client is not None
    zone = request.query_params["zone"]
    here, moment = ZoneInfo(zone), now()
    on = moment.astimezone(here).date()
    monday = on - timedelta(days=on.weekday())
    sunday, around = monday + timedelta(days=6), timedelta(days=35)
    begins_at = datetime.combine(monday, time(), here)
    values = {
        "practice_id": practice, "me": claims.sub, "acting": client, "first_on": monday,
        "last_on": sunday, "from_on": monday - around, "to_on": sunday + around,
        "first_id": first_id(begins_at), "begins_at": begins_at,
        "ends_at": datetime.combine(sunday + timedelta(days=1), time(), here),
    }  # fmt: skip
    slots = await db.fetch(SLOTS.sql, *_slots_arguments(values))
    happened = await db.fetch(HAPPENED.sql, *_happened_arguments(values))
    active = await db.fetch(weekly.ACTIVE.sql, *_active_arguments(values))
    await self.keys(db, practice, client)
    days: dict[Any, dict[str, list[Any]]] = {
        monday + timedelta(days=n): {"happened": [], "open": [], "passed": []} for n in range(7)
    }
    until = datetime.combine(on + timedelta(days=1), time(), here)
    for record in happened:
        item = {name: record[name] for name in DONE}
        item["title"] = _title(self, practice, record) or chosen(record["exercise"])["title"]
        days[record["at"].astimezone(here).date()]["happened"].append(item)
    met: set[str] = set()
    also: list[Any] = []
    for record in sorted(slots, key=lambda one: (one["local_on"], one["closes_at"], one["id"])):
        met.add(record["assignment_id"])
        if record["state"] not in ("open", "upcoming") or record["assigned_as"] != "active":
            continue
        place = record["assignment_id"]
        sealed = self.opened(practice, client, "assignments.words", place, record["words"])
        words = orjson.loads(sealed)
        item = {name: record[name] for name in SLOT}
        item |= {"title": words["title"], "minimum_version": words["minimum_version"]}
        item["step_text"] = words["steps"][item["step"] - 1] if item["step"] else None
        day = days.get(record["local_on"])
        (also if day is None else day["open"]).append(item)
        for at in (record["opens_at"], record["due_at"], record["closes_at"]):
            if at is not None and moment < at < until:
                until = at
    coming = []
    for record in active:
        if record["id"] in met:
            continue
        rule = rules.read(record["schedule"].value)
        next_on = next_after(rule, starts_on=record["starts_on"], after=sunday)
        sealed = self.opened(practice, client, "assignments.words", record["id"], record["words"])
        if next_on is not None:
            coming.append(
                {
                    "assignment_id": record["id"], "title": orjson.loads(sealed)["title"],
                    "kind": rule.kind, "next_on": next_on,
                }
            )  # fmt: skip
    content = {
        "zone": zone, "today": on, "days": [{"on": day} | held for day, held in days.items()],
        "also_open": also, "coming": coming, "valid_until": until,
        "help": shown(active[0]["crisis_resources"]),
    }  # fmt: skip
    return content, [], []
