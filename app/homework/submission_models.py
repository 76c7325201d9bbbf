"""What was sent: submissions with their versions and answers, and that they were read."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import NOW, Base, Id, Key, PracticeId, Sealed, Stamped, Versioned, points_at
from app.core.walls import (
    GUARDIAN,
    JOB,
    NOT_KEPT,
    SELF,
    STAFF,
    acting_as,
    all_of,
    both,
    clinical,
    either,
    is_caller,
)

OWN_ENTRY = either(
    JOB,
    all_of(SELF, "guardian_id is null"),
    all_of(GUARDIAN, is_caller("guardian_id")),
)
"""The client's side writes its own entries, and a guardian those of their own sign-in."""
LEVEL = "between 0 and 2"


class Submission(Versioned, Base):
    """What was sent for an occurrence, in its newest version: by the client, or by one guardian
    (`guardian_id`), whose entry stands beside the client's.

    `attention_level` is the worst of all its versions, and `attention_reasons` are those of all:
    an edit takes no mark away. `needs_attention` says that there is a level; it is written for
    processes of an older version and read by nobody.
    `guardian_level`: how much of it guardians see (app.homework.visibility). `guardian_version` and
    `guardian_changed_at` are theirs while something changed that they are not told of; null: as
    `version` and `changed_at`. `kept_by` is its assignment's.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        points_at("occurrences", "client_id", "occurrence_id"),
        points_at("assignments", "client_id", "assignment_id"),
        UniqueConstraint("practice_id", "client_id", "id"),
        UniqueConstraint(
            "practice_id",
            "client_id",
            "occurrence_id",
            "guardian_id",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(f"guardian_level {LEVEL}", name="guardian_level"),
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
    __wall__ = clinical(read=NOT_KEPT, add=OWN_ENTRY, change=either(STAFF, OWN_ENTRY))
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
    guardian_id: Mapped[Id | None]
    guardian_level: Mapped[int] = mapped_column(server_default=text("2"))
    guardian_version: Mapped[int | None]
    guardian_changed_at: Mapped[datetime | None]
    kept_by: Mapped[Id | None]


class SubmissionVersion(Stamped, Base):
    """One version of a submission, as it was sent: outcome, times, ratings and obstacles.

    What was sent never changes. `guardian_level` and `staff_level` are how much of it they still
    read (app.homework.visibility), and only become less. `met` is the number of the version that
    was there when this came under another key, which the device had not seen.
    """

    __tablename__ = "submission_versions"
    __table_args__ = (
        points_at("submissions", "client_id", "submission_id"),
        UniqueConstraint("practice_id", "submission_id", "number"),
        UniqueConstraint("practice_id", "client_id", "client_key"),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint(
            "outcome in ('completed','partial','attempted','not_ready')", name="outcome"
        ),
        CheckConstraint("attention_level in ('urgent','soon')", name="attention_level"),
        CheckConstraint("unsafe_from in ('myself','someone','not_sure')", name="unsafe_from"),
        CheckConstraint(
            "answers_visible in ('shared','therapist','summary_only')", name="answers_visible"
        ),
        CheckConstraint(f"guardian_level {LEVEL}", name="guardian_level"),
        CheckConstraint(f"staff_level {LEVEL}", name="staff_level"),
    )
    __wall__ = clinical(
        read=either(
            acting_as("self", "staff", "job"), "guardian_level > 0", is_caller("guardian_id")
        ),
        add=OWN_ENTRY,
        change=OWN_ENTRY,
        columns=("guardian_level", "staff_level"),
    )
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
    met: Mapped[int | None]
    guardian_id: Mapped[Id | None]
    guardian_level: Mapped[int] = mapped_column(server_default=text("2"))
    staff_level: Mapped[int] = mapped_column(server_default=text("2"))


class SubmissionAnswer(Base):
    """A version's answers, in a row of their own: where the client keeps them, staff and guardians
    see the outcome and not these. The levels are the version's."""

    __tablename__ = "submission_answers"
    __table_args__ = (
        points_at("submission_versions", "client_id", "id"),
        CheckConstraint(f"guardian_level {LEVEL}", name="guardian_level"),
        CheckConstraint(f"staff_level {LEVEL}", name="staff_level"),
    )
    __wall__ = clinical(
        read=either(
            acting_as("self", "job"),
            is_caller("guardian_id"),
            all_of(STAFF, "visible <> 'summary_only'", "staff_level = 2"),
            all_of(GUARDIAN, "visible = 'shared'", "guardian_level = 2"),
        ),
        add=OWN_ENTRY,
        change=OWN_ENTRY,
        columns=("guardian_level", "staff_level"),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    visible: Mapped[str]
    answers: Mapped[bytes] = mapped_column(Sealed("record"))
    guardian_id: Mapped[Id | None]
    guardian_level: Mapped[int] = mapped_column(server_default=text("2"))
    staff_level: Mapped[int] = mapped_column(server_default=text("2"))


class Review(Stamped, Base):
    """That a therapist read a version, with words to the client if there were any. Guardians read
    it where they read the version it answers whole. `commented_at` and `commented_by`: the words
    came later, after it had been read without any."""

    __tablename__ = "reviews"
    __table_args__ = (
        points_at("submissions", "client_id", "submission_id"),
        UniqueConstraint("practice_id", "submission_id", "number"),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint(f"guardian_level {LEVEL}", name="guardian_level"),
    )
    __wall__ = clinical(
        read=either(
            acting_as("self", "staff", "job"), "guardian_level = 2", is_caller("guardian_id")
        ),
        add=either(STAFF, JOB),
        change=either(STAFF, OWN_ENTRY),
        columns=("guardian_level", "comment", "commented_at", "commented_by"),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    submission_id: Mapped[Id]
    number: Mapped[int]
    user_id: Mapped[Id]
    comment: Mapped[bytes | None] = mapped_column(Sealed("record"))
    commented_at: Mapped[datetime | None]
    commented_by: Mapped[Id | None]
    guardian_id: Mapped[Id | None]
    guardian_level: Mapped[int] = mapped_column(server_default=text("2"))


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
