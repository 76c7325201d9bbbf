"""Rest periods: times in which nothing is asked of a client."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Versioned, points_at
from app.core.walls import clinical


class RestPeriod(Versioned, Base):
    """Whole local days of rest, with an open end where nobody knows yet. No reason is kept.

    With an `assignment_id` it is the pause of that one assignment, and of nothing else. One that
    was taken back before it began ends at the moment it starts. `looked_in_at` and `asked_at` (when
    the therapist was last asked to look in) are staff's alone: they change without a new version.
    """

    __tablename__ = "rest_periods"
    __table_args__ = (
        points_at("clients", "client_id"),
        points_at("assignments", "client_id", "assignment_id"),
        UniqueConstraint("practice_id", "client_id", "id"),
        UniqueConstraint("practice_id", "client_id", "client_key"),
        CheckConstraint("ends_at >= starts_at", name="order"),
        CheckConstraint("started_as in ('self','guardian','staff','job')", name="started_as"),
        Index("ix_rest_periods_client", "practice_id", "client_id", "starts_at"),
        Index(
            "ix_rest_periods_running",
            "practice_id",
            "starts_at",
            postgresql_where=text("assignment_id is null"),
        ),
    )
    __wall__ = clinical()
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    assignment_id: Mapped[Id | None]
    zone: Mapped[str]
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    client_key: Mapped[str | None]
    body_hash: Mapped[bytes | None]
    started_by: Mapped[Id]
    started_as: Mapped[str]
    ended_by: Mapped[Id | None]
    looked_in_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
