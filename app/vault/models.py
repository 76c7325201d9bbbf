"""Where wrapped keys are kept: one for each practice, and each client's own."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Key, PracticeId, Stamped, points_at
from app.core.walls import JOB, PRACTICE, SELF, STAFF, Wall, both, either, in_directory


class PracticeKey(Stamped, Base):
    """A practice's key, wrapped by the root key."""

    __tablename__ = "practice_keys"
    __table_args__ = (points_at("practices", to=(), at_commit=True),)
    __wall__ = Wall(read=PRACTICE, add=both(PRACTICE, JOB))
    practice_id: Mapped[PracticeId]
    wrapped: Mapped[bytes]


class ClientKey(Stamped, Base):
    """One of a client's keys, wrapped by the practice's.

    `kind` is identity, record, or private; the row of a private key is shown to the client in
    person and to nobody else. The others are shown to all staff, for those who still read what
    they once signed: what a key opens has walls of its own. Psychotherapy keys are per author and
    come with those notes.
    """

    __tablename__ = "client_keys"
    __table_args__ = (
        # The client's own row is sealed under these keys, so they come first.
        points_at("clients", "client_id", at_commit=True),
        CheckConstraint("kind in ('identity','record','private')", name="kind"),
    )
    __wall__ = Wall(
        read=both(PRACTICE, either(JOB, STAFF, in_directory()), either("kind <> 'private'", SELF)),
        add=both(PRACTICE, either(JOB, STAFF, in_directory()), either("kind <> 'private'", SELF)),
    )
    practice_id: Mapped[PracticeId]
    client_id: Mapped[Key]
    kind: Mapped[str] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
