"""Sessions: the therapy hours, planned, moved, held or not."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Versioned, points_at
from app.core.walls import directory


class Session(Versioned, Base):
    """One session. `zone` keeps its local meaning; `minutes` is its planned length."""

    __tablename__ = "sessions"
    __table_args__ = (
        points_at("episodes", "client_id", "episode_id"),
        points_at("memberships", "therapist_id", to=("user_id",)),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint("setting in ('in_person','video','phone')", name="setting"),
        CheckConstraint("minutes between 5 and 480", name="minutes"),
        CheckConstraint(
            "attendance in ('scheduled','attended','late','no_show','cancelled_by_client',"
            "'cancelled_by_therapist')",
            name="attendance",
        ),
        Index("ix_sessions_page", "practice_id", "client_id", "starts_at"),
        Index("ix_sessions_day", "practice_id", "therapist_id", "starts_at"),
        Index("ix_sessions_starts", "practice_id", "starts_at"),
    )
    __wall__ = directory()
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    episode_id: Mapped[Id]
    therapist_id: Mapped[Id]
    starts_at: Mapped[datetime]
    zone: Mapped[str]
    minutes: Mapped[int] = mapped_column(server_default=text("50"))
    setting: Mapped[str]
    attendance: Mapped[str] = mapped_column(server_default=text("'scheduled'"))
