"""The tables as the overviews need them mapped, with the relations an ORM loads."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import orjson
from sqlalchemy import ForeignKeyConstraint, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.vault.sealing import context
from app.vault.sealing import open as unseal
from tests.benchmarks.idiomatic_models import KEYS, OfPractice, opened, to


class Base(AsyncAttrs, DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: TIMESTAMP(timezone=True),
        list[str]: ARRAY(String),
        list[Any]: JSONB(),
        dict[str, Any]: JSONB(),
    }


def of_exercise() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["library_id", "exercise_version_id"], ["exercise_versions.practice_id",
                                                "exercise_versions.id"],
    )  # fmt: skip


class Practice(Base):
    __tablename__ = "practices"
    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    zone: Mapped[str]
    crisis_resources: Mapped[list[Any]]


class Client(OfPractice, Base):
    __tablename__ = "clients"
    words: Mapped[bytes]
    version: Mapped[int]

    @property
    def shown(self) -> str:
        words = opened(self, "words", self.id, "identity")
        return str(words["preferred_name"] or words["legal_name"])


class ExerciseVersion(OfPractice, Base):
    __tablename__ = "exercise_versions"
    texts: Mapped[dict[str, Any]]

    @property
    def title(self) -> str:
        return str(self.texts["en"]["title"])


class Assignment(OfPractice, Base):
    __tablename__ = "assignments"
    __table_args__ = (to("clients", "client_id"), of_exercise())
    client_id: Mapped[UUID]
    episode_id: Mapped[UUID]
    library_id: Mapped[UUID]
    exercise_version_id: Mapped[UUID]
    status: Mapped[str]
    words: Mapped[bytes]
    late_policy: Mapped[str]
    decline_reason: Mapped[str | None]
    decline_words: Mapped[bytes | None]
    size: Mapped[str]
    step: Mapped[int | None]
    schedule: Mapped[dict[str, Any]]
    starts_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    version: Mapped[int]
    client: Mapped[Client] = relationship()
    exercise: Mapped[ExerciseVersion] = relationship(viewonly=True)

    @property
    def opened(self) -> Any:
        return opened(self, "words", self.client_id)


class Occurrence(OfPractice, Base):
    __tablename__ = "occurrences"
    __table_args__ = (to("assignments", "assignment_id"),)
    client_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    local_on: Mapped[date]
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    status: Mapped[str]
    version: Mapped[int]
    is_extra: Mapped[bool]
    assignment: Mapped[Assignment] = relationship()


class Submission(OfPractice, Base):
    __tablename__ = "submissions"
    __table_args__ = (
        to("clients", "client_id"),
        to("assignments", "assignment_id"),
        to("occurrences", "occurrence_id"),
    )
    client_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    occurrence_id: Mapped[UUID]
    episode_id: Mapped[UUID]
    number: Mapped[int]
    outcome: Mapped[str]
    attention_level: Mapped[str | None]
    attention_reasons: Mapped[list[str]]
    reviewed_number: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    version: Mapped[int]
    client: Mapped[Client] = relationship()
    assignment: Mapped[Assignment] = relationship(viewonly=True)
    occurrence: Mapped[Occurrence] = relationship(viewonly=True)
    versions: Mapped[list["SubmissionVersion"]] = relationship(viewonly=True)

    @property
    def newest(self) -> "SubmissionVersion":
        return next(one for one in self.versions if one.number == self.number)


class SubmissionVersion(OfPractice, Base):
    __tablename__ = "submission_versions"
    __table_args__ = (to("submissions", "submission_id"), of_exercise())
    client_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    number: Mapped[int]
    answers_visible: Mapped[str]
    library_id: Mapped[UUID]
    exercise_version_id: Mapped[UUID]
    obstacles: Mapped[list[str]]
    occurred_corrected_at: Mapped[datetime]
    received_at: Mapped[datetime]
    in_window: Mapped[bool]
    exercise: Mapped[ExerciseVersion] = relationship(viewonly=True)


class Repetition(OfPractice, Base):
    __tablename__ = "repetitions"
    __table_args__ = (
        to("clients", "client_id"),
        to("assignments", "assignment_id"),
        of_exercise(),
    )
    client_id: Mapped[UUID]
    assignment_id: Mapped[UUID | None]
    occurrence_id: Mapped[UUID | None]
    episode_id: Mapped[UUID]
    library_id: Mapped[UUID]
    exercise_version_id: Mapped[UUID]
    times: Mapped[int]
    obstacles: Mapped[list[str]]
    attention_level: Mapped[str | None]
    attention_reasons: Mapped[list[str]]
    occurred_corrected_at: Mapped[datetime]
    received_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    version: Mapped[int]
    client: Mapped[Client] = relationship()
    assignment: Mapped[Assignment | None] = relationship(viewonly=True)
    exercise: Mapped[ExerciseVersion] = relationship(viewonly=True)


class Question(OfPractice, Base):
    __tablename__ = "questions"
    __table_args__ = (to("clients", "client_id"), to("assignments", "assignment_id"))
    client_id: Mapped[UUID]
    episode_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    question: Mapped[bytes]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int]
    client: Mapped[Client] = relationship()
    assignment: Mapped[Assignment] = relationship(viewonly=True)


class ClientAddress(OfPractice, Base):
    __tablename__ = "client_addresses"
    __table_args__ = (to("clients", "client_id"),)
    client_id: Mapped[UUID]
    value: Mapped[bytes]
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    client: Mapped[Client] = relationship()


class ClientLogin(Base):
    __tablename__ = "client_logins"
    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(primary_key=True)


class RestPeriod(OfPractice, Base):
    __tablename__ = "rest_periods"
    __table_args__ = (to("clients", "client_id"),)
    client_id: Mapped[UUID]
    assignment_id: Mapped[UUID | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    looked_in_at: Mapped[datetime | None]
    started_as: Mapped[str]
    version: Mapped[int]
    client: Mapped[Client] = relationship()


class Note(OfPractice, Base):
    __tablename__ = "notes"
    __table_args__ = (to("clients", "client_id"),)
    client_id: Mapped[UUID]
    author_id: Mapped[UUID]
    kind: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]
    version: Mapped[int]
    client: Mapped[Client] = relationship()


class Membership(Base):
    __tablename__ = "memberships"
    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[bytes]

    @property
    def name(self) -> str:
        place = context(str(self.practice_id), None, "memberships", "words", str(self.user_id))
        words = orjson.loads(unseal(KEYS[self.practice_id, "practice"], self.words, place))
        return str(words["name"])


class Session(OfPractice, Base):
    __tablename__ = "sessions"
    __table_args__ = (
        to("clients", "client_id"),
        ForeignKeyConstraint(
            ["practice_id", "therapist_id"], ["memberships.practice_id", "memberships.user_id"]
        ),
    )
    therapist: Mapped[Membership] = relationship(viewonly=True)
    client_id: Mapped[UUID]
    therapist_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    zone: Mapped[str]
    minutes: Mapped[int]
    setting: Mapped[str]
    attendance: Mapped[str]
    version: Mapped[int]
    client: Mapped[Client] = relationship()
