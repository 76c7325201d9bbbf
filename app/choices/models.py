"""What a client chose: how to be reminded."""

from datetime import time

from sqlalchemy import CheckConstraint, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Versioned, points_at
from app.core.walls import acting_as, clinical


class ReminderChoice(Versioned, Base):
    """How a client wants to be reminded: of everything, or of one assignment in its own way.

    The row without an assignment is the client's choice as a whole, and its version that of all
    of it; without that row there are no reminders. An assignment's row says what is other there:
    what is null in it is as for everything. Times are local to where the slot is. `chosen_as` is
    the capacity in which the row without an assignment was last written.
    """

    __tablename__ = "reminder_choices"
    __table_args__ = (
        points_at("clients", "client_id"),
        points_at("assignments", "client_id", "assignment_id"),
        UniqueConstraint(
            "practice_id", "client_id", "assignment_id", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("channel in ('none','app','email')", name="channel"),
        CheckConstraint("channel is not null or assignment_id is not null", name="chosen"),
        CheckConstraint("chosen_as in ('self','guardian')", name="chosen_as"),
    )
    __wall__ = clinical(
        add=acting_as("self", "guardian", "job"), change=acting_as("self", "guardian", "job")
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    assignment_id: Mapped[Id | None]
    channel: Mapped[str | None]
    remind_at: Mapped[time | None] = mapped_column(Time)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    is_digest: Mapped[bool] = mapped_column(server_default=text("false"))
    chosen_as: Mapped[str | None]
