"""Reminders: what was sent."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.database import Base, Id, Key, PracticeId, Stamped, points_at
from app.core.walls import JOB, PRACTICE, Wall, both


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
