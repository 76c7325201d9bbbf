"""Goals, and ratings of them by client and therapist, each their own."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import NOW, Base, Id, Key, PracticeId, Sealed, Stamped, Versioned, points_at
from app.core.walls import NOT_KEPT, clinical


class Goal(Versioned, Base):
    """What client and therapist work towards. `words`: statement, current state, ideal state.

    `answered_as`: the capacity in which the client's side said yes or no to it. `quiet_at`: it was
    rated then in a way no guardian is told of.
    """

    __tablename__ = "goals"
    __table_args__ = (
        points_at("episodes", "client_id", "episode_id"),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint(
            "status in ('proposed','active','declined','on_hold','achieved','let_go',"
            "'superseded','maintaining')",
            name="status",
        ),
        CheckConstraint("answered_as in ('self','guardian')", name="answered_as"),
        Index("ix_goals_page", "practice_id", "client_id", text("id desc")),
    )
    __wall__ = clinical()
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    episode_id: Mapped[Id]
    status: Mapped[str]
    rating_kind: Mapped[str] = mapped_column(server_default=text("'zero_to_ten'"))
    areas: Mapped[list[str]]
    words: Mapped[bytes] = mapped_column(Sealed("record"))
    review_on: Mapped[date | None] = mapped_column(Date)
    proposed_by: Mapped[Id]
    answered_as: Mapped[str | None]
    quiet_at: Mapped[datetime | None]


class GoalRating(Stamped, Base):
    """One rating by one rater, 0 to 10. A correction is a new row.

    `kept_by` gave it and keeps it from guardians (other ones, where a guardian did).
    """

    __tablename__ = "goal_ratings"
    __table_args__ = (
        points_at("goals", "client_id", "goal_id"),
        CheckConstraint("rater in ('client','guardian','therapist')", name="rater"),
        CheckConstraint("value between 0 and 10", name="value"),
        UniqueConstraint("practice_id", "client_id", "client_key"),
        Index("ix_goal_ratings_goal", "practice_id", "client_id", "goal_id", text("at desc")),
    )
    __wall__ = clinical(read=NOT_KEPT, change=None)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    goal_id: Mapped[Id]
    rater: Mapped[str]
    user_id: Mapped[Id]
    value: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    occurred_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    client_key: Mapped[str | None]
    body_hash: Mapped[bytes | None]
    kept_by: Mapped[Id | None]
