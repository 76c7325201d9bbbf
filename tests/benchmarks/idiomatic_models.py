"""The tables as an ORM tutorial maps them; sealed columns are opened by properties."""

from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

import orjson
from sqlalchemy import FetchedValue, ForeignKeyConstraint, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.vault.sealing import Key, context
from app.vault.sealing import open as unseal

KEYS: Final[dict[tuple[UUID, str], Key]] = {}
"""Clients' keys by client and kind, all read at start."""


class Base(AsyncAttrs, DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: TIMESTAMP(timezone=True),
        list[str]: ARRAY(String),
        list[UUID]: ARRAY(Uuid),
        list[Any]: JSONB(),
        dict[str, Any]: JSONB(),
    }


class OfPractice:
    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


def to(table: str, column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["practice_id", column], [f"{table}.practice_id", f"{table}.id"])


def opened(row: Any, column: str, client_id: UUID, kind: str = "record") -> Any:
    place = context(str(row.practice_id), str(client_id), row.__tablename__, column, str(row.id))
    return orjson.loads(unseal(KEYS[client_id, kind], getattr(row, column), place))


class User(Base):
    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    email_hash: Mapped[bytes]
    deactivated_at: Mapped[datetime | None]


class Practice(Base):
    __tablename__ = "practices"
    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    crisis_resources: Mapped[list[Any]]


class Client(OfPractice, Base):
    __tablename__ = "clients"
    words: Mapped[bytes]
    zone: Mapped[str]
    locale: Mapped[str]
    status: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    def open(self) -> "Client":
        """Put what the sealed column holds beside the other attributes."""
        for name, value in opened(self, "words", self.id, "identity").items():
            setattr(self, name, value)
        return self


class CareAssignment(OfPractice, Base):
    __tablename__ = "care_assignments"
    client_id: Mapped[UUID]
    user_id: Mapped[UUID]
    part: Mapped[str]
    ends_at: Mapped[datetime | None]


class Assignment(OfPractice, Base):
    __tablename__ = "assignments"
    client_id: Mapped[UUID]
    episode_id: Mapped[UUID]
    goal_id: Mapped[UUID | None]
    library_id: Mapped[UUID]
    exercise_version_id: Mapped[UUID]
    status: Mapped[str]
    origin: Mapped[str]
    words: Mapped[bytes]
    areas: Mapped[list[str]]
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    zone: Mapped[str]
    late_policy: Mapped[str]
    confidence: Mapped[int | None]
    decline_reason: Mapped[str | None]
    decline_words: Mapped[bytes | None]
    assigned_by: Mapped[UUID]
    created_at: Mapped[datetime]
    schedule: Mapped[dict[str, Any]]
    zone_follows: Mapped[bool]
    starts_on: Mapped[date | None]
    topics: Mapped[list[UUID]]
    size: Mapped[str]
    step: Mapped[int | None]
    ended_as: Mapped[str | None]
    ended_words: Mapped[bytes | None]
    answered_as: Mapped[str | None]
    changed_at: Mapped[datetime]
    version: Mapped[int]

    rrule: ClassVar[None] = None
    visibility: ClassVar[str] = "shared"
    smaller: ClassVar[None] = None
    larger: ClassVar[None] = None
    warnings: ClassVar[list[Any]] = []

    def open(self) -> "Assignment":
        """Put what the sealed column holds beside the other attributes."""
        words = {"steps": []} | opened(self, "words", self.client_id)
        for name, value in words.items():
            setattr(self, name, value)
        return self


class Occurrence(OfPractice, Base):
    __tablename__ = "occurrences"
    __table_args__ = (to("assignments", "assignment_id"),)
    client_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    local_on: Mapped[date]
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    drafted_at: Mapped[datetime | None]
    status: Mapped[str]
    version: Mapped[int]
    assignment: Mapped[Assignment] = relationship()
    submission: Mapped["Submission | None"] = relationship(back_populates="occurrence")


class Submission(OfPractice, Base):
    __tablename__ = "submissions"
    __table_args__ = (to("occurrences", "occurrence_id"),)
    client_id: Mapped[UUID]
    occurrence_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    episode_id: Mapped[UUID]
    outcome: Mapped[str]
    needs_attention: Mapped[bool]
    attention_level: Mapped[str | None]
    attention_reasons: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    occurrence: Mapped[Occurrence] = relationship(back_populates="submission")


class SubmissionVersion(OfPractice, Base):
    __tablename__ = "submission_versions"
    __table_args__ = (to("submissions", "submission_id"),)
    client_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    number: Mapped[int]
    client_key: Mapped[str]
    body_hash: Mapped[bytes]
    outcome: Mapped[str]
    answers_visible: Mapped[str]
    library_id: Mapped[UUID]
    exercise_version_id: Mapped[UUID]
    engagement: Mapped[dict[str, Any] | None]
    obstacles: Mapped[list[str]]
    unsafe_from: Mapped[str | None]
    attention_level: Mapped[str | None]
    attention: Mapped[list[str]]
    dropped: Mapped[list[str]]
    kept_hidden: Mapped[list[str]]
    occurred_at: Mapped[datetime]
    occurred_corrected_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    zone: Mapped[str]
    in_window: Mapped[bool]
    by_user_id: Mapped[UUID]
    capacity: Mapped[str]
    submission: Mapped[Submission] = relationship()


class SubmissionAnswer(OfPractice, Base):
    __tablename__ = "submission_answers"
    __table_args__ = (to("submission_versions", "id"),)
    client_id: Mapped[UUID]
    visible: Mapped[str]
    answers: Mapped[bytes]
    version: Mapped[SubmissionVersion] = relationship()


class Session(OfPractice, Base):
    __tablename__ = "sessions"
    client_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    attendance: Mapped[str]


class Note(OfPractice, Base):
    __tablename__ = "notes"
    client_id: Mapped[UUID]
    episode_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    author_id: Mapped[UUID]
    kind: Mapped[str]
    format: Mapped[str]
    status: Mapped[str]
    sealed_body: Mapped[bytes] = mapped_column("body")
    revision: Mapped[int]
    signed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int]
    signatures: Mapped[list["Signature"]] = relationship()

    @property
    def body(self) -> Any:
        place = context(str(self.practice_id), str(self.client_id), "notes", "body", str(self.id))
        return orjson.loads(unseal(KEYS[self.client_id, "record"], self.sealed_body, place))


class Signature(OfPractice, Base):
    __tablename__ = "signatures"
    __table_args__ = (to("notes", "note_id"),)
    client_id: Mapped[UUID]
    note_id: Mapped[UUID]
    purpose: Mapped[str]
    words: Mapped[bytes]
    signed_at: Mapped[datetime]
    sealed_digest: Mapped[bytes] = mapped_column("digest")

    @property
    def digest(self) -> str:
        return self.sealed_digest.hex()

    def open(self) -> "Signature":
        """Put what the sealed column holds beside the other attributes."""
        words = opened(self, "words", self.client_id)
        self.name, self.licence = words["name"], words["licence"]
        self.capacity = words["capacity"]
        return self
