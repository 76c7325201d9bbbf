"""Programs: exercises in an order, given to a client step by step."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Versioned, points_at
from app.core.walls import JOB, PRACTICE, STAFF, Wall, both, clinical, either

WRITERS = either(STAFF, JOB)


class Program(Versioned, Base):
    """A practice's program: its title and steps, each an exercise and when it comes."""

    __tablename__ = "programs"
    __table_args__ = (points_at("practices", to=()),)
    __wall__ = Wall(
        read=both(PRACTICE, WRITERS), add=both(PRACTICE, WRITERS), change=both(PRACTICE, WRITERS)
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    title: Mapped[str]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    is_retired: Mapped[bool] = mapped_column(server_default=text("false"))
    made_by: Mapped[Id]


class ProgramAssignment(Versioned, Base):
    """A program given to a client: title and steps as they were then, and how many were given.

    A step's homework is the assignment that names this row and the step's place. `agreed`: each
    step is active at once, otherwise proposed. `next_at` is when the next step is looked at
    again; null where it waits for what the client or the therapist does.
    """

    __tablename__ = "program_assignments"
    __table_args__ = (
        points_at("episodes", "client_id", "episode_id"),
        points_at("programs", "program_id"),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint("status in ('active','done','ended')", name="status"),
        Index("ix_program_assignments_client", "practice_id", "client_id", text("id desc")),
        Index(
            "ix_program_assignments_next",
            "practice_id",
            "next_at",
            postgresql_where=text("status = 'active'"),
        ),
    )
    __wall__ = clinical(add=either(STAFF, JOB), change=either(STAFF, JOB))
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    episode_id: Mapped[Id]
    program_id: Mapped[Id]
    title: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'active'"))
    agreed: Mapped[bool]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    given: Mapped[int] = mapped_column(server_default=text("0"))
    next_at: Mapped[datetime | None]
    assigned_by: Mapped[Id]
    ended_by: Mapped[Id | None]
