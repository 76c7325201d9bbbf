"""Homework: what was agreed, and when it is open. What was sent is in `submission_models`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Sealed, Versioned, points_at
from app.core.ids import SYSTEM
from app.core.walls import NOT_KEPT, clinical
from app.homework.submission_models import Review as Review
from app.homework.submission_models import Submission as Submission
from app.homework.submission_models import SubmissionAnswer as SubmissionAnswer
from app.homework.submission_models import SubmissionVersion as SubmissionVersion
from app.homework.submission_models import TeamComment as TeamComment


class Assignment(Versioned, Base):
    """One piece of homework. `words`: title, rationale, instructions, minimum version, steps.

    `schedule` says when (app.schedules); `planned_through` is the last local day whose slots
    exist, null where there is nothing to plan ahead. `moved_by` put it into its state, and
    `answered_as` is the capacity in which the client's side said yes or no. `kept_by` took it up
    and keeps it from guardians (other ones, where a guardian did).
    """

    __tablename__ = "assignments"
    __table_args__ = (
        points_at("episodes", "client_id", "episode_id"),
        points_at("goals", "client_id", "goal_id"),
        points_at("program_assignments", "client_id", "program_assignment_id"),
        ForeignKeyConstraint(
            ("library_id", "exercise_version_id"),
            ("exercise_versions.practice_id", "exercise_versions.id"),
        ),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint(
            "status in ('draft','proposed','active','declined','withdrawn','discarded','paused',"
            "'done','ended')",
            name="status",
        ),
        CheckConstraint("origin in ('therapist','client')", name="origin"),
        CheckConstraint("confidence between 0 and 10", name="confidence"),
        CheckConstraint("size in ('whole','minimum')", name="size"),
        CheckConstraint("ended_as in ('self','guardian','staff','job')", name="ended_as"),
        CheckConstraint("answered_as in ('self','guardian')", name="answered_as"),
        UniqueConstraint("practice_id", "client_id", "client_key"),
        CheckConstraint(f"library_id in (practice_id, '{SYSTEM}')", name="library"),
        Index("ix_assignments_page", "practice_id", "client_id", text("id desc")),
        Index(
            "ix_assignments_waiting",
            "practice_id",
            "client_id",
            "id",
            postgresql_where=text("status in ('proposed','declined')"),
        ),
        Index(
            "ix_assignments_exercise",
            "practice_id",
            "exercise_version_id",
            postgresql_where=text("status in ('draft','proposed','active','paused')"),
        ),
        Index(
            "ix_assignments_to_plan",
            "practice_id",
            "planned_through",
            postgresql_where=text("status = 'active' and planned_through is not null"),
        ),
        Index(
            "ix_assignments_program_step",
            "practice_id",
            "program_assignment_id",
            "program_step",
            unique=True,
            postgresql_where=text("program_assignment_id is not null"),
        ),
    )
    __wall__ = clinical(read=NOT_KEPT, change=NOT_KEPT)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    episode_id: Mapped[Id]
    goal_id: Mapped[Id | None]
    library_id: Mapped[Id]
    exercise_version_id: Mapped[Id]
    status: Mapped[str]
    origin: Mapped[str] = mapped_column(server_default=text("'therapist'"))
    words: Mapped[bytes] = mapped_column(Sealed("record"))
    areas: Mapped[list[str]]
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    zone: Mapped[str]
    late_policy: Mapped[str] = mapped_column(server_default=text("'counts'"))
    confidence: Mapped[int | None] = mapped_column(SmallInteger)
    decline_reason: Mapped[str | None]
    decline_words: Mapped[bytes | None] = mapped_column(Sealed("record"))
    assigned_by: Mapped[Id]
    answered_at: Mapped[datetime | None]
    schedule: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text('\'{"kind": "once"}\'')
    )
    zone_follows: Mapped[bool] = mapped_column(server_default=text("true"))
    starts_on: Mapped[date | None] = mapped_column(Date)
    planned_through: Mapped[date | None] = mapped_column(Date)
    topics: Mapped[list[str]] = mapped_column(
        ARRAY(Uuid(as_uuid=False)), server_default=text("'{}'")
    )
    size: Mapped[str] = mapped_column(server_default=text("'whole'"))
    step: Mapped[int | None] = mapped_column(SmallInteger)
    ended_as: Mapped[str | None]
    ended_words: Mapped[bytes | None] = mapped_column(Sealed("record"))
    client_key: Mapped[str | None]
    body_hash: Mapped[bytes | None]
    program_assignment_id: Mapped[Id | None]
    program_step: Mapped[int | None] = mapped_column(SmallInteger)
    moved_by: Mapped[Id | None]
    answered_as: Mapped[str | None]
    kept_by: Mapped[Id | None]


class Occurrence(Versioned, Base):
    """One slot of an assignment. Open and no_response follow from the clock, the rest is kept.

    `opens_at` null: it waits for a session. `drafted_at`: a draft lies in it, and it never moves;
    `draft_version` is the newest version a draft of it ever had, so that the next draft's are none
    that a device has seen before. `draft_gone_at`: the last draft was sent or thrown away then,
    which the client's other devices are told, and nobody else. `quiet_at`: it changed then in what
    no guardian is told of. `kept_by` is its assignment's.
    """

    __tablename__ = "occurrences"
    __table_args__ = (
        points_at("assignments", "client_id", "assignment_id"),
        points_at("sessions", "client_id", "session_id"),
        UniqueConstraint("practice_id", "assignment_id", "slot"),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint(
            "status in ('upcoming','submitted','reviewed','excused','cancelled')", name="status"
        ),
        Index("ix_occurrences_window", "practice_id", "client_id", "opens_at"),
        Index("ix_occurrences_assignment", "practice_id", "assignment_id"),
        Index("ix_occurrences_day", "practice_id", "client_id", "local_on", "id"),
        Index(
            "ix_occurrences_draft_gone",
            "practice_id",
            "client_id",
            "draft_gone_at",
            postgresql_where=text("draft_gone_at is not null"),
        ),
        Index(
            "ix_occurrences_remind",
            "practice_id",
            "remind_at",
            postgresql_where=text("status = 'upcoming' and remind_at is not null"),
        ),
    )
    __wall__ = clinical(read=NOT_KEPT, change=NOT_KEPT)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    assignment_id: Mapped[Id]
    slot: Mapped[str]
    local_on: Mapped[date] = mapped_column(Date)
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default=text("'upcoming'"))
    session_id: Mapped[Id | None]
    drafted_at: Mapped[datetime | None]
    draft_version: Mapped[int | None]
    draft_gone_at: Mapped[datetime | None]
    is_extra: Mapped[bool] = mapped_column(server_default=text("false"))
    quiet_at: Mapped[datetime | None]
    kept_by: Mapped[Id | None]
