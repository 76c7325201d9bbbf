"""Uploads: voice notes and pictures a client sends with an answer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import walls
from app.core.database import Base, Id, Key, PracticeId, Sealed, Versioned, points_at
from app.core.walls import (
    GUARDIAN,
    JOB,
    PRACTICE,
    SELF,
    STAFF,
    Wall,
    acting_as,
    all_of,
    among,
    both,
    either,
)

SENDER = both(GUARDIAN, walls.ME)
FOR_STAFF = "visible = any (array['shared', 'therapist'])"


MINE = f"({both(SELF, among(write=True))})"


class DraftFile(Base):
    """A file, by its id or key, that the client's draft for a slot names, and until when it is
    kept for that. Nothing else of the draft is told; the file itself may still be on its way."""

    __tablename__ = "draft_files"
    __table_args__ = (
        points_at("occurrences", "client_id", "occurrence_id"),
        Index("ix_draft_files_name", "practice_id", "client_id", "name"),
        Index("ix_draft_files_kept_until", "practice_id", "kept_until"),
    )
    __wall__ = Wall(
        read=both(PRACTICE, either(JOB, MINE)),
        add=both(PRACTICE, MINE),
        change=both(PRACTICE, MINE),
        remove=both(PRACTICE, JOB),
    )
    practice_id: Mapped[PracticeId]
    occurrence_id: Mapped[Key]
    name: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[Id]
    kept_until: Mapped[datetime]


class Upload(Versioned, Base):
    """A file in the making or made. Its bytes are chunks kept elsewhere, sealed under a key of its
    own, which is sealed here; `parts` names them in their order. It has no name here.

    `looking`: it is whole, and not cleaned yet (app.files.inspection).
    Until it is used it is its sender's; then whoever may read the answers may read it.
    `taken_back`: the client took back what it went with, and it is no guardian's to read.
    `reviewed`: it went with a version that was reviewed, which staff go on reading.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        points_at("clients", "client_id"),
        points_at("submissions", "client_id", "submission_id"),
        UniqueConstraint("practice_id", "client_id", "client_key"),
        CheckConstraint("status in ('receiving','looking','ready','refused')", name="status"),
        CheckConstraint("visible in ('own','shared','therapist','summary_only')", name="visible"),
        CheckConstraint("received between 0 and size", name="received"),
        Index(
            "ix_uploads_unused",
            "practice_id",
            "created_at",
            postgresql_where=text("submission_id is null"),
        ),
        Index(
            "ix_uploads_looking",
            "practice_id",
            "changed_at",
            postgresql_where=text("status = 'looking'"),
        ),
    )
    __wall__ = Wall(
        read=both(
            PRACTICE,
            either(JOB, among()),
            either(
                JOB,
                SELF,
                f"({SENDER})",
                all_of(STAFF, either(all_of(FOR_STAFF, "not taken_back"), "reviewed")),
                all_of(GUARDIAN, "visible = 'shared'", "not taken_back"),
            ),
        ),
        add=both(PRACTICE, either(JOB, among(write=True)), acting_as("self", "guardian", "job")),
        change=both(PRACTICE, either(JOB, among(write=True)), either(JOB, SELF, f"({SENDER})")),
        remove=both(PRACTICE, JOB),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    user_id: Mapped[Id]
    client_key: Mapped[str]
    body_hash: Mapped[bytes]
    media_type: Mapped[str]
    size: Mapped[int]
    received: Mapped[int] = mapped_column(server_default=text("0"))
    status: Mapped[str] = mapped_column(server_default=text("'receiving'"))
    refused_code: Mapped[str | None]
    file_key: Mapped[bytes] = mapped_column(Sealed("record"))
    parts: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    kept_size: Mapped[int | None]
    visible: Mapped[str] = mapped_column(server_default=text("'own'"))
    submission_id: Mapped[Id | None]
    used_at: Mapped[datetime | None]
    taken_back: Mapped[bool] = mapped_column(server_default=text("false"))
    reviewed: Mapped[bool] = mapped_column(server_default=text("false"))
