"""The same answers as a tutorial would write them: FastAPI, ORM sessions, response models.

It has no audit, no row security (it connects past the walls) and no caller context; the token is
decoded in each request, and relations are loaded as the ORM's documentation advises.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID, uuid4

import orjson
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import OAuth2PasswordBearer
from jose import jwk, jwt  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload

from app.clients.schemas import ClientLine
from app.core.clock import now
from app.core.wire import Page
from app.homework.schemas import AssignmentOut
from app.homework.sent import Receipt, SubmissionCreate
from app.notes.schemas import NoteOut
from app.practices.help import NOT_WATCHED
from app.vault.keyfile import Keys
from app.vault.sealing import context, seal
from tests.benchmarks.idiomatic_models import (
    KEYS,
    Assignment,
    CareAssignment,
    Client,
    Note,
    Occurrence,
    Practice,
    Submission,
    SubmissionAnswer,
    SubmissionVersion,
    User,
)

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="/v1/auth/sign-in")
held: dict[str, Any] = {}


async def session() -> AsyncIterator[AsyncSession]:
    async with held["sessions"]() as one:
        yield one


Database = Annotated[AsyncSession, Depends(session)]


@dataclass
class Caller:
    user: User
    practice_id: UUID
    client_id: UUID | None


async def current_caller(token: Annotated[str, Depends(bearer)], db: Database) -> Caller:
    try:
        claims = jwt.decode(
            token, held["key"], algorithms=["ES256"], audience=held["url"], issuer=held["url"]
        )
    except jwt.JWTError:
        raise HTTPException(401) from None
    user = await db.get(User, UUID(claims["sub"]))
    if user is None or user.deactivated_at is not None:
        raise HTTPException(401)
    client = claims.get("client")
    return Caller(user, UUID(claims["practice"]), UUID(client) if client else None)


Current = Annotated[Caller, Depends(current_caller)]


async def demand_care(db: AsyncSession, caller: Caller, client_id: UUID) -> None:
    found = await db.scalars(
        select(CareAssignment).where(
            CareAssignment.practice_id == caller.practice_id,
            CareAssignment.client_id == client_id,
            CareAssignment.user_id == caller.user.id,
            CareAssignment.ends_at.is_(None),
        )
    )
    if found.first() is None:
        raise HTTPException(404)


@app.get("/v1/clients/{client_id}/assignments", response_model=Page[AssignmentOut])
async def list_assignments(
    db: Database,
    caller: Current,
    client_id: UUID,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    after: UUID | None = None,
    status: str | None = None,
) -> Any:
    await demand_care(db, caller, client_id)
    wanted = select(Assignment).where(
        Assignment.practice_id == caller.practice_id, Assignment.client_id == client_id
    )
    if after is not None:
        wanted = wanted.where(Assignment.id < after)
    if status is not None:
        wanted = wanted.where(Assignment.status == status)
    found = await db.scalars(wanted.order_by(Assignment.id.desc()).limit(limit))
    return {"items": [one.open() for one in found], "next": None}


@app.get("/v1/clients", response_model=Page[ClientLine])
async def list_clients(
    db: Database,
    caller: Current,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    after: UUID | None = None,
) -> Any:
    treated = select(CareAssignment.client_id).where(
        CareAssignment.practice_id == caller.practice_id,
        CareAssignment.user_id == caller.user.id,
        CareAssignment.ends_at.is_(None),
    )
    wanted = select(Client).where(Client.practice_id == caller.practice_id, Client.id.in_(treated))
    if after is not None:
        wanted = wanted.where(Client.id < after)
    found = await db.scalars(wanted.order_by(Client.id.desc()).limit(limit))
    return {"items": [one.open() for one in found], "next": None}


@app.get("/v1/notes/{note_id}", response_model=NoteOut)
async def get_note(db: Database, caller: Current, note_id: UUID) -> Any:
    found = await db.scalars(
        select(Note)
        .where(Note.practice_id == caller.practice_id, Note.id == note_id)
        .options(selectinload(Note.signatures))
    )
    note = found.one_or_none()
    if note is None:
        raise HTTPException(404)
    if note.author_id != caller.user.id:
        await demand_care(db, caller, note.client_id)
    for signature in note.signatures:
        signature.open()
    return note


@app.post("/v1/me/occurrences/{occurrence_id}/submissions", response_model=Receipt, status_code=201)
async def submit_my_homework(
    db: Database, caller: Current, occurrence_id: UUID, asked: SubmissionCreate
) -> Any:
    receipt = await store(db, caller, occurrence_id, asked)
    await db.commit()
    return receipt


async def store(
    db: AsyncSession, caller: Caller, occurrence_id: UUID, asked: SubmissionCreate
) -> dict[str, Any]:
    found = await db.scalars(
        select(Occurrence)
        .where(
            Occurrence.practice_id == caller.practice_id,
            Occurrence.client_id == caller.client_id,
            Occurrence.id == occurrence_id,
        )
        .options(selectinload(Occurrence.assignment))
        .with_for_update()
    )
    slot = found.one_or_none()
    if slot is None:
        raise HTTPException(404)
    known = await db.scalars(
        select(SubmissionVersion).where(
            SubmissionVersion.practice_id == caller.practice_id,
            SubmissionVersion.client_id == caller.client_id,
            SubmissionVersion.client_key == asked.client_key,
        )
    )
    if known.first() is not None:
        raise HTTPException(409)
    practice = await db.get(Practice, caller.practice_id)
    if practice is None:
        raise HTTPException(404)
    here = {"practice_id": caller.practice_id, "client_id": slot.client_id}
    received_at, version_id = now(), uuid4()
    submission = Submission(
        **here, id=uuid4(), occurrence=slot, assignment_id=slot.assignment_id,
        episode_id=slot.assignment.episode_id, outcome=asked.outcome, needs_attention=False,
        attention_level=None, attention_reasons=[],
    )  # fmt: skip
    version = SubmissionVersion(
        **here, id=version_id, submission=submission, number=1, client_key=asked.client_key,
        body_hash=sha256(asked.model_dump_json().encode()).digest(), outcome=asked.outcome,
        answers_visible=asked.answers_visible or "shared", library_id=slot.assignment.library_id,
        exercise_version_id=asked.exercise_version_id, engagement=None,
        obstacles=list(asked.obstacles), attention=[], attention_level=None,
        unsafe_from=asked.unsafe_from, dropped=[], kept_hidden=[],
        occurred_at=asked.occurred_at,
        occurred_corrected_at=asked.occurred_at, sent_at=asked.sent_at, received_at=received_at,
        zone=asked.zone, in_window=True, by_user_id=caller.user.id, capacity="self",
    )  # fmt: skip
    place = context(
        str(caller.practice_id), str(slot.client_id), "submission_answers", "answers",
        str(version_id),
    )  # fmt: skip
    sealed = seal(KEYS[slot.client_id, "record"], orjson.dumps(asked.answers), place)
    answers = SubmissionAnswer(**here, version=version, visible="shared", answers=sealed)
    slot.status, slot.version = "submitted", slot.version + 1
    db.add_all([submission, version, answers])
    await db.flush()
    await db.refresh(version)
    return {
        "submission_id": version.submission_id, "version": version.number,
        "submission_version": 1,
        "occurrence_id": occurrence_id, "state": "submitted",
        "received_at": version.received_at, "in_window": version.in_window,
        "dropped": version.dropped,
        "kept_hidden": version.kept_hidden,
        "also_answered": [], "told": None,
        "help": {"not_watched": NOT_WATCHED, "resources": practice.crisis_resources},
    }  # fmt: skip


def create(keys: Keys, url: str, dsn: str, client_keys: dict[Any, Any]) -> FastAPI:
    """The application; `dsn` is the superuser's, `client_keys` are opened already."""
    KEYS.update(client_keys)
    address = dsn.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address, pool_size=16)
    held["sessions"] = async_sessionmaker(engine, expire_on_commit=False)
    held["key"] = jwk.construct(keys.signing.pem, "ES256").public_key()
    held["url"] = url
    return app
