"""Progress notes: drafts, signatures that nothing can change, and what was released."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import walls
from app.core.database import Base, Id, Key, PracticeId, Sealed, Stamped, Versioned, points_at
from app.core.walls import JOB, PRACTICE, STAFF, Wall, acting_as, among, both, either

AUTHOR = f"author_id = {walls.setting('user_id', 'uuid')}"
SIGNED = "status in ('signed','cosigned','entered_in_error')"
MET_ELSEWHERE = walls.one_of_or_none("client_id", "hidden")


class Note(Versioned, Base):
    """A note. `body` is its header and sections; once signed it never changes.

    `released_at` is when the client may read it: a held note's lies in the future.
    """

    __tablename__ = "notes"
    __table_args__ = (
        points_at("episodes", "client_id", "episode_id"),
        points_at("sessions", "client_id", "session_id"),
        points_at("memberships", "author_id", to=("user_id",)),
        UniqueConstraint("practice_id", "client_id", "id"),
        CheckConstraint("kind in ('progress','intake','contact','termination')", name="kind"),
        CheckConstraint("format in ('SOAP','DAP','narrative')", name="format"),
        CheckConstraint(
            "status in ('draft','pending_cosign','returned','signed','cosigned','discarded',"
            "'entered_in_error')",
            name="status",
        ),
        Index("ix_notes_page", "practice_id", "client_id", text("id desc")),
        Index(
            "ix_notes_drafts",
            "practice_id",
            "author_id",
            "id",
            postgresql_where=text("status in ('draft','returned')"),
        ),
    )
    __wall__ = Wall(
        read=both(
            PRACTICE,
            either(
                JOB,
                both(STAFF, AUTHOR, either(among(), f"({SIGNED} and not {MET_ELSEWHERE})")),
                both(STAFF, among(), "status not in ('draft','discarded')"),
                both(acting_as("self"), among(), SIGNED, "released_at <= now()"),
                both(acting_as("guardian"), among(), SIGNED, "released_to_guardians_at <= now()"),
            ),
        ),
        add=both(PRACTICE, either(JOB, both(STAFF, AUTHOR, among(write=True)))),
        change=both(PRACTICE, either(JOB, both(STAFF, AUTHOR, among(write=True)))),
        gate=("practice_id", "client_id", "id"),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    episode_id: Mapped[Id]
    session_id: Mapped[Id | None]
    author_id: Mapped[Id]
    kind: Mapped[str]
    format: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'draft'"))
    body: Mapped[bytes] = mapped_column(Sealed("record"))
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    signed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_to_guardians_at: Mapped[datetime | None]


class Signature(Stamped, Base):
    """Who signed, as what, and the digest of what was signed.

    `words`: name, licence, capacity and time, as they were then.
    """

    __tablename__ = "signatures"
    __table_args__ = (
        points_at("notes", "client_id", "note_id"),
        UniqueConstraint("practice_id", "note_id", "purpose", "revision"),
        CheckConstraint("purpose in ('author','cosigner')", name="purpose"),
    )
    __wall__ = Wall(
        read=both(PRACTICE, either(JOB, STAFF, among())),
        add=both(PRACTICE, either(JOB, both(STAFF, among(write=True)))),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    note_id: Mapped[Id]
    purpose: Mapped[str]
    user_id: Mapped[Id]
    words: Mapped[bytes] = mapped_column(Sealed("record"))
    revision: Mapped[int]
    digest: Mapped[bytes]
    signed_at: Mapped[datetime]


class NoteRelease(Stamped, Base):
    """To whom a note was released, by whom, when; or why it is held, and until when."""

    __tablename__ = "note_releases"
    __table_args__ = (points_at("notes", "client_id", "note_id"),)
    __wall__ = Wall(
        read=both(PRACTICE, either(JOB, both(STAFF, among()))),
        add=both(PRACTICE, either(JOB, both(STAFF, among(write=True)))),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    note_id: Mapped[Id]
    audience: Mapped[str]
    by_user_id: Mapped[Id]
    hold_until: Mapped[datetime | None]
    reason: Mapped[bytes | None] = mapped_column(Sealed("record"))
