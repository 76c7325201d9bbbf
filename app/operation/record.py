"""Who did what, and what happened: audit rows for people, events for the worker. Ids and words."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import NOW, Base, Id, Key, PracticeId
from app.core.walls import PRACTICE, STAFF, Wall, acting_as, both


class AuditEvent(Base):
    """One act or look: who, acting as what, at which class of data, of which client."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_client", "practice_id", "client_id", "id"),)
    __wall__ = Wall(
        read=both(PRACTICE, STAFF),
        add=PRACTICE,
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    user_id: Mapped[Id | None]
    capacity: Mapped[str]
    operation: Mapped[str]
    about: Mapped[str]
    client_id: Mapped[Id | None]
    outcome: Mapped[str]
    asked_id: Mapped[Id | None]
    request_id: Mapped[Id]


class Event(Base):
    """What happened, in the order the practice's change feed tells it: ids only."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_waiting", "id", postgresql_where=text("dispatched_at is null")),
    )
    __wall__ = Wall(
        read=both(PRACTICE, acting_as("job")), add=PRACTICE, gate=("at", "dispatched_at")
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    kind: Mapped[str]
    subject_id: Mapped[Id]
    client_id: Mapped[Id | None]
    dispatched_at: Mapped[datetime | None]
