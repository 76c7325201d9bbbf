"""Exercises and their immutable versions. The shipped ones belong to the practice of everyone."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Stamped, Versioned, points_at
from app.core.walls import JOB, PRACTICE, SHARED_OR_OWN, STAFF, Wall, both, either

WRITERS = either(STAFF, JOB)


class Exercise(Versioned, Base):
    """A tool a therapist can assign, once it has a current version."""

    __tablename__ = "exercises"
    __table_args__ = (
        UniqueConstraint("practice_id", "slug"),
        CheckConstraint(
            "kind in ('worksheet','skill','reflection','reading','conversation')", name="kind"
        ),
    )
    __wall__ = Wall(read=SHARED_OR_OWN, add=both(PRACTICE, WRITERS), change=both(PRACTICE, WRITERS))
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    slug: Mapped[str]
    kind: Mapped[str]
    areas: Mapped[list[str]]
    modality: Mapped[list[str]]
    difficulty: Mapped[int]
    current_version_id: Mapped[Id | None]
    is_retired: Mapped[bool] = mapped_column(server_default=text("false"))
    copied_from: Mapped[Id | None]


class ExerciseDraft(Versioned, Base):
    """What an exercise of the practice is to become when it is published next."""

    __tablename__ = "exercise_drafts"
    __table_args__ = (points_at("exercises", "id"),)
    __wall__ = Wall(
        read=both(PRACTICE, WRITERS),
        add=both(PRACTICE, WRITERS),
        change=both(PRACTICE, WRITERS),
        remove=both(PRACTICE, WRITERS),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    minutes: Mapped[int]
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ExerciseVersion(Stamped, Base):
    """One version, never changed: the form, and its texts in each locale."""

    __tablename__ = "exercise_versions"
    __table_args__ = (
        points_at("exercises", "exercise_id"),
        UniqueConstraint("practice_id", "exercise_id", "number"),
    )
    __wall__ = Wall(read=SHARED_OR_OWN, add=both(PRACTICE, WRITERS))
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    exercise_id: Mapped[Id]
    number: Mapped[int]
    minutes: Mapped[int]
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
