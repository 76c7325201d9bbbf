"""Who on the staff is told of what is urgent: each person once, with the time it is due."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Sealed, Stamped, points_at
from app.core.walls import JOB, ME, PRACTICE, STAFF, Wall, among, both, either, one_of_or_none

_HIDDEN = one_of_or_none("client_id", "hidden")
TOLD = f"({both(ME, f'not {_HIDDEN}')})"
"""The caller was told, maybe of a client who is not on the caseload; of nobody they never meet."""


class AttentionNotice(Stamped, Base):
    """Someone is told of an urgent submission or repetition, unless it was opened before.

    `subject_id` is the submission's version, or the repetition, that was urgent: a later version
    may be told again. `outcome`: sent, bounced (no mail will ever arrive there), away.
    `opened_at`: someone who was told, or who treats the client, opened it; `opened_number` is the
    number of the submission's version that they read. `settled_at`: it was reviewed.
    `client_name`: whom it is about, for those who do not keep the directory. `user_id` null, with
    why `nobody`: there was nobody to tell, and the worker goes on looking.
    """

    __tablename__ = "attention_notices"
    __table_args__ = (
        points_at("clients", "client_id"),
        points_at("submissions", "client_id", "submission_id"),
        points_at("repetitions", "client_id", "repetition_id"),
        points_at("memberships", "user_id", to=("user_id",)),
        UniqueConstraint("practice_id", "subject_id", "user_id"),
        CheckConstraint("num_nonnulls(submission_id, repetition_id) = 1", name="subject"),
        CheckConstraint("why in ('treating','covering','on_call','owner','nobody')", name="why"),
        CheckConstraint("(user_id is null) = (why = 'nobody')", name="nobody"),
        CheckConstraint("outcome in ('sent','bounced','away')", name="outcome"),
        Index(
            "ix_attention_notices_unopened",
            "practice_id",
            "due_at",
            postgresql_where=text("opened_at is null"),
        ),
        Index(
            "ix_attention_notices_submission",
            "practice_id",
            "submission_id",
            postgresql_where=text("submission_id is not null"),
        ),
        Index(
            "ix_attention_notices_user",
            "practice_id",
            "user_id",
            postgresql_where=text("settled_at is null"),
        ),
    )
    __wall__ = Wall(
        read=both(PRACTICE, either(JOB, f"({both(STAFF, either(among(), TOLD))})")),
        add=both(PRACTICE, JOB),
        change=both(PRACTICE, either(JOB, f"({both(STAFF, either(among(write=True), TOLD))})")),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    submission_id: Mapped[Id | None]
    repetition_id: Mapped[Id | None]
    subject_id: Mapped[Id]
    user_id: Mapped[Id | None]
    why: Mapped[str]
    reasons: Mapped[list[str]]
    client_name: Mapped[bytes | None] = mapped_column(Sealed("identity"))
    due_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[Id | None]
    opened_number: Mapped[int | None]
    settled_at: Mapped[datetime | None]
