"""The exchange with a device, as a tutorial would write it: a savepoint an item."""

import base64
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException
from sqlalchemy import select

from app.core.clock import now
from app.homework.sent import SubmissionCreate
from app.practices.help import NOT_WATCHED
from app.sync.schemas import SyncOut, SyncRequest
from tests.benchmarks.idiomatic import Current, Database, store
from tests.benchmarks.idiomatic_models import Practice
from tests.benchmarks.idiomatic_overview_models import Occurrence, Submission

mine = APIRouter()


@mine.post("/v1/me/sync", response_model=SyncOut)
async def sync_mine(db: Database, caller: Current, asked: SyncRequest) -> Any:
    if asked.client_id != caller.client_id:
        raise HTTPException(409)
    results = []
    for item in asked.items:
        about = {"client_key": item["client_key"], "sent_at": asked.sent_at, "zone": asked.zone}
        said = SubmissionCreate.model_validate(item["body"] | about)
        async with db.begin_nested():
            receipt = await store(db, caller, UUID(item["about_id"]), said)
        results.append(
            {
                "client_key": item["client_key"], "kind": item["kind"], "outcome": "stored",
                "keep": "nothing", "resend_key": None, "id": receipt["submission_id"],
                "current_version": None, "zone_replaced": False, "also_answered": [],
                "receipt": receipt,
                "problem": None,
            }
        )  # fmt: skip
    practice = await db.get(Practice, caller.practice_id)
    if practice is None:
        raise HTTPException(404)
    later = now() + timedelta(days=365)
    changed: list[Any] = []
    since: tuple[tuple[Any, Any], ...] = (
        (Occurrence, Occurrence.opens_at),
        (Submission, Submission.changed_at),
    )
    for table, at in since:
        rows = select(table).where(
            table.practice_id == caller.practice_id,
            table.client_id == caller.client_id,
            at > later,
        )
        changed += (await db.scalars(rows)).all()
    await db.commit()
    cursor = base64.b64encode(str(date.today()).encode()).decode()  # noqa: DTZ011
    return {
        "results": results, "changes": changed, "start_over": False, "more": False,
        "cursor": cursor, "server_time": now(),
        "help": {"not_watched": NOT_WATCHED, "resources": practice.crisis_resources},
    }  # fmt: skip
