"""Reminders: what a client chose, and what was sent."""

from datetime import datetime, time

from sqlalchemy import CheckConstraint, Index, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Stamped, Versioned, points_at
from app.core.walls import JOB, PRACTICE, Wall, acting_as, both, clinical


class ReminderChoice(Versioned, Base):
    """How a client wants to be reminded: of everything, or of one assignment in its own way.

    Without a row there are no reminders. Times are local to where the slot is.
    """

    __tablename__ = "reminder_choices"
    __table_args__ = (
        points_at("clients", "client_id"),
        points_at("assignments", "client_id", "assignment_id"),
        UniqueConstraint(
            "practice_id", "client_id", "assignment_id", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("channel in ('none','app','email')", name="channel"),
    )
    __wall__ = clinical(
        add=acting_as("self", "guardian", "job"), change=acting_as("self", "guardian", "job")
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    assignment_id: Mapped[Id | None]
    channel: Mapped[str]
    remind_at: Mapped[time | None] = mapped_column(Time)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    is_digest: Mapped[bool] = mapped_column(server_default=text("false"))


class Reminder(Stamped, Base):
    """That a slot's reminder was taken in hand: once, whoever else is at work."""

    __tablename__ = "reminders"
    __table_args__ = (
        points_at("occurrences", "client_id", "occurrence_id"),
        UniqueConstraint("practice_id", "occurrence_id"),
        Index("ix_reminders_client", "practice_id", "client_id"),
    )
    __wall__ = Wall(read=both(PRACTICE, JOB), add=both(PRACTICE, JOB), change=both(PRACTICE, JOB))
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    occurrence_id: Mapped[Id]
    remind_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
