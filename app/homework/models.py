"""Homework: what was agreed, when it is open, and what the client sent."""

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

from app.core.database import NOW, Base, Id, Key, PracticeId, Sealed, Stamped, Versioned, points_at
from app.core.ids import SYSTEM
from app.core.walls import STAFF, acting_as, both, clinical, either

CLIENT_SIDE = acting_as("self", "guardian", "job")


class Assignment(Versioned, Base):
    """One piece of homework. `words`: title, rationale, instructions, minimum version, steps.

    `schedule` says when (app.schedules); `planned_through` is the last local day whose slots
    exist, null where there is nothing to plan ahead. `moved_by` put it into its state.
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
    __wall__ = clinical()
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


class Occurrence(Versioned, Base):
    """One slot of an assignment. Open and no_response follow from the clock, the rest is kept.

    `opens_at` null: it waits for a session. `drafted_at`: a draft lies in it, and it never moves;
    `draft_version` is the newest version a draft of it ever had, so that the next draft's are none
    that a device has seen before. `draft_gone_at`: the last draft was sent or thrown away then,
    which the client's other devices are told, and nobody else.
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
    __wall__ = clinical()
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


class Submission(Versioned, Base):
    """What a client sent for an occurrence, in its newest version.

    `attention_level` is the worst of all its versions, and `attention_reasons` are those of all:
    an edit takes no mark away. `needs_attention` says that there is a level; it is written for
    processes of an older version and read by nobody.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        points_at("occurrences", "client_id", "occurrence_id"),
        points_at("assignments", "client_id", "assignment_id"),
        UniqueConstraint("practice_id", "client_id", "id"),
        UniqueConstraint("practice_id", "client_id", "occurrence_id"),
        Index("ix_submissions_page", "practice_id", "client_id", text("id desc")),
        Index("ix_submissions_assignment", "practice_id", "assignment_id", text("id desc")),
        Index(
            "ix_submissions_waiting",
            "practice_id",
            "client_id",
            text("attention_level desc nulls last"),
            "changed_at",
            "id",
            postgresql_where=text("reviewed_number is null or reviewed_number < number"),
        ),
        Index(
            "ix_submissions_urgent",
            "practice_id",
            "id",
            postgresql_where=text(
                "attention_level = 'urgent' and"
                " (reviewed_number is null or reviewed_number < number)"
            ),
        ),
        CheckConstraint("attention_level in ('urgent','soon')", name="attention_level"),
    )
    __wall__ = clinical(add=CLIENT_SIDE)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    occurrence_id: Mapped[Id]
    assignment_id: Mapped[Id]
    episode_id: Mapped[Id]
    number: Mapped[int] = mapped_column(server_default=text("1"))
    outcome: Mapped[str]
    needs_attention: Mapped[bool] = mapped_column(server_default=text("false"))
    attention_level: Mapped[str | None]
    attention_reasons: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    reviewed_number: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]


class SubmissionVersion(Stamped, Base):
    """One version of a submission, as it was sent: outcome, times, ratings and obstacles."""

    __tablename__ = "submission_versions"
    __table_args__ = (
        points_at("submissions", "client_id", "submission_id"),
        UniqueConstraint("practice_id", "submission_id", "number"),
        UniqueConstraint("practice_id", "client_id", "client_key"),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint(
            "outcome in ('completed','partial','attempted','not_ready')", name="outcome"
        ),
        CheckConstraint("answers_visible in ('shared','summary_only')", name="answers_visible"),
        CheckConstraint("attention_level in ('urgent','soon')", name="attention_level"),
        CheckConstraint("unsafe_from in ('myself','someone','not_sure')", name="unsafe_from"),
    )
    __wall__ = clinical(add=CLIENT_SIDE, change=None)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    submission_id: Mapped[Id]
    number: Mapped[int]
    client_key: Mapped[str]
    body_hash: Mapped[bytes]
    outcome: Mapped[str]
    answers_visible: Mapped[str]
    library_id: Mapped[Id]
    exercise_version_id: Mapped[Id]
    engagement: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    obstacles: Mapped[list[str]]
    unsafe_from: Mapped[str | None]
    attention_level: Mapped[str | None]
    attention: Mapped[list[str]]
    dropped: Mapped[list[str]]
    kept_hidden: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    occurred_at: Mapped[datetime]
    occurred_corrected_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(server_default=NOW)
    zone: Mapped[str]
    in_window: Mapped[bool]
    by_user_id: Mapped[Id]
    capacity: Mapped[str]


class SubmissionAnswer(Base):
    """A version's answers, in a row of their own: where the client keeps them, staff and guardians
    see the outcome and not these."""

    __tablename__ = "submission_answers"
    __table_args__ = (points_at("submission_versions", "client_id", "id"),)
    __wall__ = clinical(
        read=either(acting_as("self", "job"), "visible = 'shared'"), add=CLIENT_SIDE, change=None
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    visible: Mapped[str]
    answers: Mapped[bytes] = mapped_column(Sealed("record"))


class Review(Stamped, Base):
    """That a therapist read a version, with words to the client if there were any."""

    __tablename__ = "reviews"
    __table_args__ = (
        points_at("submissions", "client_id", "submission_id"),
        UniqueConstraint("practice_id", "submission_id", "number"),
        UniqueConstraint("practice_id", "client_id", "id"),
    )
    __wall__ = clinical(add=either(STAFF, acting_as("job")), change=None)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    submission_id: Mapped[Id]
    number: Mapped[int]
    user_id: Mapped[Id]
    comment: Mapped[bytes | None] = mapped_column(Sealed("record"))


class TeamComment(Stamped, Base):
    """What colleagues say to each other about a submission. No client door reads this table."""

    __tablename__ = "team_comments"
    __table_args__ = (points_at("submissions", "client_id", "submission_id"),)
    __wall__ = clinical(
        read=either(STAFF, acting_as("job")),
        add=both(either(STAFF, acting_as("job"))),
        change=None,
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    submission_id: Mapped[Id]
    user_id: Mapped[Id]
    comment: Mapped[bytes] = mapped_column(Sealed("record"))
