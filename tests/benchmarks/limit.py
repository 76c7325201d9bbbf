"""The least there is to do: bare Starlette, asyncpg and orjson.

The same statements as ours in the same transaction, entered as the same caller; the same sealed
fields opened with the same library; the same audit rows and events. No validation, no limits, no
headers, no refusals: what a hand-written handler could save, this one has saved.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.access.tokens import Claims
from app.clients import finding
from app.core.clock import now
from app.core.database import open_pool
from app.core.ids import new_id
from app.homework import assignments, slots, storing
from app.notes import service as notes
from app.practices.help import shown
from app.vault.keyfile import Keys
from app.vault.sealing import context, seal
from tests.benchmarks import limit_overviews, limit_sync
from tests.benchmarks.limit_base import Limit, Told, arguments

FIRST = "ffffffff-ffff-ffff-ffff-ffffffffffff"

_list_arguments = arguments(assignments._LIST)
CASELOAD = finding._matching((), keeps=False, opened=False)
_caseload_arguments = arguments(CASELOAD)
OPEN = slots._OPEN["self"]
_open_arguments = arguments(OPEN)
WAITING = slots._WAITING["self"]
_waiting_arguments = arguments(WAITING)
AROUND = slots._AROUND["self"]
_around_arguments = arguments(AROUND)
_note_arguments = arguments(notes._ONE)
SLOT = storing.SLOT["self"]
_slot_arguments = arguments(SLOT)
_there_arguments = arguments(storing.THERE)
_write_arguments = arguments(storing.WRITE_FIRST)


async def list_assignments(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    client, practice = request.path_params["client_id"], claims.practice
    limit = int(request.query_params["limit"])
    values = {
        "practice_id": practice, "me": claims.sub, "of_client": client, "after": FIRST,
        "limit": limit + 1, "status": None,
    }  # fmt: skip
    records = await db.fetch(assignments._LIST.sql, *_list_arguments(values))
    await self.keys(db, practice, client)
    rows = []
    for record in records:
        row = dict(record)
        sealed = row.pop("words")
        row.update(
            orjson.loads(self.opened(practice, client, "assignments.words", row["id"], sealed))
        )
        del row["kept_by"]
        row |= {"warnings": [], "steps": row.get("steps", []), "visibility": "shared"}
        rows.append(row)
    return {"items": rows, "next": None}, [("homework", client)], []


async def list_clients(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    practice = claims.practice
    limit = int(request.query_params["limit"])
    values = {"practice_id": practice, "me": claims.sub, "after": FIRST, "limit": limit + 1}
    records = await db.fetch(CASELOAD.sql, *_caseload_arguments(values))
    await self.keyring.fetch(db, practice, [record["id"] for record in records], "identity")
    rows, read = [], []
    for record in records:
        row = dict(record)
        client, sealed = row["id"], row.pop("words")
        row.update(
            orjson.loads(self.opened(practice, client, "clients.words", client, sealed, "identity"))
        )
        rows.append(row)
        read.append(("contact", client))
    return {"items": rows, "next": None}, read, []


async def get_my_today(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    zone = request.query_params["zone"]
    here, moment, practice, client = ZoneInfo(zone), now(), claims.practice, claims.client
    assert client is not None
    on = moment.astimezone(here).date()
    ends_at = datetime.combine(on + timedelta(days=1), time(), here)
    values = {
        "practice_id": practice, "me": claims.sub, "acting": client, "day_ends_at": ends_at,
    }  # fmt: skip
    found = await db.fetch(OPEN.sql, *_open_arguments(values))
    waiting = await db.fetch(WAITING.sql, *_waiting_arguments(values))
    around = await db.fetchrow(AROUND.sql, *_around_arguments(values))
    await self.keys(db, practice, client)
    until = ends_at
    opened: list[Any] = []
    later: list[Any] = []
    for record in found:
        row = dict(record)
        place, sealed = row["assignment_id"], row.pop("words")
        words = orjson.loads(self.opened(practice, client, "assignments.words", place, sealed))
        del row["_client_id"]
        row["title"], row["minimum_version"] = words["title"], words["minimum_version"]
        row["step_text"] = words["steps"][row["step"] - 1] if row["step"] else None
        for at in (row["opens_at"], row["due_at"], row["closes_at"]):
            if at is not None and moment < at < until:
                until = at
        (opened if row["state"] == "open" else later).append(row)
    step = opened[0] if opened else None
    asked: dict[str, list[Any]] = {"proposed": [], "active": []}
    for record in waiting:
        row = dict(record)
        sealed = row.pop("words")
        del row["client_id"]
        row.update(
            orjson.loads(self.opened(practice, client, "assignments.words", row["id"], sealed))
        )
        del row["kept_by"]
        row["visibility"] = "shared"
        row.setdefault("steps", [])
        asked[row["status"]].append(row)
    content = {
        "on": on, "zone": zone, "open": opened, "later_today": later, "proposed": asked["proposed"],
        "answers_visible_default": "shared",
        "on_demand": asked["active"], "resting": around["resting"],
        "next_step": step and {
            "occurrence_id": step["id"], "title": step["title"],
            "minimum_version": step["minimum_version"], "step_text": step["step_text"],
        },
        "practised": {"days": 14, "sent": around["done"], "repetitions": around["repeated"]},
        "next_session_at": around["next_session_at"], "valid_until": until,
        "help": shown(around["crisis_resources"]),
    }  # fmt: skip
    return content, [], []


async def get_note(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    practice = claims.practice
    values = {"practice_id": practice, "me": claims.sub, "id": request.path_params["note_id"]}
    found = [dict(row) for row in await db.fetch(notes._ONE.sql, *_note_arguments(values))]
    first = found[0]
    client = first["client_id"]
    await self.keys(db, practice, client)
    note = {name: first[name] for name in notes._SHOWN}
    body = self.opened(practice, client, "notes.body", note["id"], note["body"])
    note["body"] = orjson.Fragment(body)
    note["signatures"] = signatures = []
    for row in found:
        place, sealed = row["signature_id"], row["words"]
        words = orjson.loads(self.opened(practice, client, "signatures.words", place, sealed))
        signatures.append(
            {
                "purpose": row["purpose"], "name": words["name"], "licence": words["licence"],
                "capacity": words["capacity"], "signed_at": row["signature_at"],
                "digest": row["digest"].hex(),
            }
        )  # fmt: skip
    return note, [("notes", client)], []


async def submit_my_homework(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
    asked = orjson.loads(await request.body())
    receipt = await store(self, db, claims, request.path_params["occurrence_id"], asked)
    return receipt, [], [("homework.submitted", receipt["submission_id"], str(claims.client))]


async def store(
    self: Limit, db: Any, claims: Claims, slot_id: str, asked: dict[str, Any]
) -> dict[str, Any]:
    """Three statements; the receipt."""
    practice, client = claims.practice, claims.client
    assert client is not None
    values: dict[str, Any] = {
        "practice_id": practice, "me": claims.sub, "acting": client, "id": slot_id,
        "client_key": asked["client_key"], "occurrence_id": slot_id, "guardian_id": None,
    }  # fmt: skip
    slot = await db.fetchrow(SLOT.sql, *_slot_arguments(values))
    there = await db.fetch(storing.THERE.sql, *_there_arguments(values))
    assert slot is not None
    assert not there
    await self.keys(db, practice, client)
    received, occurred = now(), datetime.fromisoformat(asked["occurred_at"])
    sent = datetime.fromisoformat(asked["sent_at"])
    key = self.keyring.held(practice, client, "record")
    assert key is not None
    version_id, submission_id = new_id(), new_id()
    place = context(practice, client, "submission_answers", "answers", version_id)
    values |= {
        "version_id": version_id, "submission_id": submission_id, "number": 1,
        "assignment_id": slot["assignment_id"], "episode_id": slot["episode_id"],
        "library_id": slot["library_id"], "exercise_version_id": asked["exercise_version_id"],
        "body_hash": sha256(orjson.dumps(asked)).digest(), "outcome": asked["outcome"],
        "answers_visible": "shared", "engagement": None, "obstacles": asked["obstacles"],
        "attention": [], "needs_attention": False, "attention_level": None,
        "attention_reasons": [], "version_level": None, "unsafe_from": None,
        "dropped": [], "kept_hidden": [], "occurred_at": occurred,
        "occurred_corrected_at": occurred + (received - sent), "sent_at": sent,
        "received_at": received, "zone": asked["zone"], "in_window": True, "capacity": "self",
        "met": None, "guardian_level": 2, "staff_level": 2, "kept_by": None,
        "answers": seal(key, orjson.dumps(asked["answers"]), place),
    }  # fmt: skip
    await db.execute(storing.WRITE_FIRST.sql, *_write_arguments(values))
    return {
        "submission_id": submission_id, "version": 1, "submission_version": 1,
        "occurrence_id": slot_id, "state": "submitted", "received_at": received,
        "in_window": True, "also_answered": [], "dropped": [], "kept_hidden": [],
        "told": None, "help": shown(slot["crisis_resources"]),
    }  # fmt: skip


def create(keys: Keys, url: str, dsn: str) -> Starlette:
    """The application."""
    limit = Limit(keys, url)

    def route(
        path: str, handler: Any, capacity: str = "staff", method: str = "GET", status: int = 200
    ) -> Route:
        bound = handler.__get__(limit)

        async def endpoint(request: Request) -> Response:
            return await limit.answer(request, bound, handler.__name__, capacity, status)

        return Route(path, endpoint, methods=[method])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        limit.pool = await open_pool(dsn, size=16, name="limit")
        yield
        await limit.pool.close()

    return Starlette(
        lifespan=lifespan,
        routes=[
            route("/v1/me/today", get_my_today, "self"),
            route("/v1/clients/{client_id}/assignments", list_assignments),
            route("/v1/clients", list_clients),
            route("/v1/notes/{note_id}", get_note),
            route("/v1/today", limit_overviews.get_today),
            route("/v1/review-queue", limit_overviews.list_review_queue),
            route("/v1/clients/{client_id}/homework-board", limit_overviews.get_homework_board),
            route("/v1/me/week", limit_overviews.get_my_week, "self"),
            route("/v1/me/sync", limit_sync.handler(store), "self", "POST"),
            route(
                "/v1/me/occurrences/{occurrence_id}/submissions",
                submit_my_homework, "self", "POST", 201,
            ),
        ],
    )  # fmt: skip
