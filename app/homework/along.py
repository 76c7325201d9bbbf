"""What happens along the way: drafts, repetitions, questions, topics, pinned exercises."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import NOW, Base, Id, Key, PracticeId, Sealed, Stamped, Versioned, points_at
from app.core.ids import SYSTEM
from app.core.walls import (
    JOB,
    NOT_KEPT,
    PRACTICE,
    SELF,
    STAFF,
    Wall,
    acting_as,
    among,
    both,
    clinical,
    either,
)

CLIENT_SIDE = acting_as("self", "guardian", "job")
IN_PERSON = both(PRACTICE, among(write=True), SELF)


class Draft(Versioned, Base):
    """What a client has begun for an occurrence and not sent. Nobody else reads it, ever."""

    __tablename__ = "drafts"
    __table_args__ = (
        points_at("occurrences", "client_id", "occurrence_id"),
        UniqueConstraint("practice_id", "occurrence_id"),
        Index("ix_drafts_client", "practice_id", "client_id"),
    )
    __wall__ = Wall(read=IN_PERSON, add=IN_PERSON, change=IN_PERSON, remove=IN_PERSON)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    occurrence_id: Mapped[Id]
    body: Mapped[bytes] = mapped_column(Sealed("private"))


class Repetition(Versioned, Base):
    """Practice of an exercise: any number of times, for a slot or for none.

    `needs_attention` says that there is a level; it is written for processes of an older version
    and read by nobody. `kept_by` did it and keeps it from guardians (other ones, where a guardian
    did).
    """

    __tablename__ = "repetitions"
    __table_args__ = (
        points_at("episodes", "client_id", "episode_id"),
        points_at("assignments", "client_id", "assignment_id"),
        points_at("occurrences", "client_id", "occurrence_id"),
        ForeignKeyConstraint(
            ("library_id", "exercise_version_id"),
            ("exercise_versions.practice_id", "exercise_versions.id"),
        ),
        UniqueConstraint("practice_id", "client_id", "client_key"),
        CheckConstraint(f"library_id in (practice_id, '{SYSTEM}')", name="library"),
        CheckConstraint("times between 1 and 1000", name="times"),
        CheckConstraint("minutes between 0 and 1440", name="minutes"),
        CheckConstraint("distress_before between 0 and 10", name="distress_before"),
        CheckConstraint("distress_after between 0 and 10", name="distress_after"),
        Index("ix_repetitions_page", "practice_id", "client_id", text("id desc")),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint("attention_level in ('urgent','soon')", name="attention_level"),
        CheckConstraint("unsafe_from in ('myself','someone','not_sure')", name="unsafe_from"),
        Index(
            "ix_repetitions_waiting",
            "practice_id",
            "client_id",
            text("attention_level desc"),
            "received_at",
            "id",
            postgresql_where=text("attention_level is not null and seen_at is null"),
        ),
        Index(
            "ix_repetitions_urgent",
            "practice_id",
            "id",
            postgresql_where=text("attention_level = 'urgent' and seen_at is null"),
        ),
    )
    __wall__ = clinical(read=NOT_KEPT, add=CLIENT_SIDE, change=either(STAFF, JOB))
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    episode_id: Mapped[Id]
    assignment_id: Mapped[Id | None]
    occurrence_id: Mapped[Id | None]
    library_id: Mapped[Id]
    exercise_version_id: Mapped[Id]
    client_key: Mapped[str]
    body_hash: Mapped[bytes]
    times: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    minutes: Mapped[int | None] = mapped_column(SmallInteger)
    distress_before: Mapped[int | None] = mapped_column(SmallInteger)
    distress_after: Mapped[int | None] = mapped_column(SmallInteger)
    obstacles: Mapped[list[str]]
    unsafe_from: Mapped[str | None]
    note: Mapped[bytes | None] = mapped_column(Sealed("record"))
    needs_attention: Mapped[bool] = mapped_column(server_default=text("false"))
    attention_level: Mapped[str | None]
    attention_reasons: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    occurred_at: Mapped[datetime]
    occurred_corrected_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(server_default=NOW)
    zone: Mapped[str]
    by_user_id: Mapped[Id]
    capacity: Mapped[str]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[Id | None]
    kept_by: Mapped[Id | None]


class Question(Versioned, Base):
    """What a client asks about an assignment; it stands in the therapist's day until answered.

    Guardians do not read it: nothing grants them a child's questions yet.
    """

    __tablename__ = "questions"
    __table_args__ = (
        points_at("episodes", "client_id", "episode_id"),
        points_at("assignments", "client_id", "assignment_id"),
        UniqueConstraint("practice_id", "client_id", "client_key"),
        Index("ix_questions_page", "practice_id", "client_id", text("id desc")),
        Index(
            "ix_questions_open",
            "practice_id",
            "client_id",
            "id",
            postgresql_where=text("answered_at is null"),
        ),
    )
    __wall__ = clinical(
        read=either(SELF, STAFF, JOB), add=either(SELF, JOB), change=either(STAFF, JOB)
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    episode_id: Mapped[Id]
    assignment_id: Mapped[Id]
    client_key: Mapped[str]
    body_hash: Mapped[bytes]
    question: Mapped[bytes] = mapped_column(Sealed("record"))
    answer: Mapped[bytes | None] = mapped_column(Sealed("record"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Id | None]


class Topic(Versioned, Base):
    """What a client's work is about, in their words; assignments and boundaries point at it."""

    __tablename__ = "topics"
    __table_args__ = (
        points_at("clients", "client_id"),
        UniqueConstraint("practice_id", "client_id", "id"),
    )
    __wall__ = clinical()
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    label: Mapped[bytes] = mapped_column(Sealed("record"))
    slug: Mapped[str | None]


class Pin(Stamped, Base):
    """An exercise a therapist put into a client's toolbox."""

    __tablename__ = "pins"
    __table_args__ = (
        points_at("clients", "client_id"),
        ForeignKeyConstraint(
            ("library_id", "exercise_id"), ("exercises.practice_id", "exercises.id")
        ),
        UniqueConstraint("practice_id", "client_id", "exercise_id"),
        CheckConstraint(f"library_id in (practice_id, '{SYSTEM}')", name="library"),
    )
    __wall__ = Wall(
        read=both(PRACTICE, either(JOB, among())),
        add=both(PRACTICE, either(JOB, f"({both(STAFF, among(write=True))})")),
        remove=both(PRACTICE, either(JOB, f"({both(STAFF, among(write=True))})")),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    library_id: Mapped[Id]
    exercise_id: Mapped[Id]
    pinned_by: Mapped[Id]
