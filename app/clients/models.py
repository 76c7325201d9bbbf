"""Clients, the ways to find them, and their episodes of care."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Key, PracticeId, Sealed, Stamped, Versioned, points_at
from app.core.walls import (
    JOB,
    PRACTICE,
    SELF,
    STAFF,
    among,
    both,
    clinical,
    directory,
    either,
    in_directory,
)


class Client(Versioned, Base):
    """A person in care. `words` holds names, pronouns, birth date and contact points."""

    __tablename__ = "clients"
    __table_args__ = (
        points_at("practices", to=()),
        CheckConstraint("status in ('active','discharged','deceased','merged')", name="status"),
    )
    __wall__ = directory("id", by_client=True, gate=("practice_id", "id", "zone", "status"))
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    words: Mapped[bytes] = mapped_column(Sealed("identity"))
    zone: Mapped[str]
    locale: Mapped[str] = mapped_column(server_default=text("'en'"))
    status: Mapped[str] = mapped_column(server_default=text("'active'"))
    birth_hash: Mapped[bytes | None]


class ClientLookup(Base):
    """Keyed hashes a client is found by: words of the names, e-mail, phone, birth date."""

    __tablename__ = "client_lookups"
    __table_args__ = (
        points_at("clients", "client_id"),
        Index("ix_client_lookups_client", "practice_id", "client_id"),
    )
    __wall__ = directory(change=False, remove=True, by_client=True)
    practice_id: Mapped[PracticeId]
    kind: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    client_id: Mapped[Key] = mapped_column(sort_order=1)


# A guardian says of no address that it is the client's.
_KEPT = both(
    PRACTICE,
    either(
        JOB,
        f"({both(STAFF, in_directory(write=True))})",
        f"({both(SELF, among(write=True))})",
    ),
)


class ClientAddress(Stamped, Base):
    """An e-mail address on file that may be written to, and who has said that it is the client's.

    A client joins only by an address that is here and, unless the practice chose otherwise,
    confirmed: by a therapist who treats them, or by themselves.
    """

    __tablename__ = "client_addresses"
    __table_args__ = (
        points_at("clients", "client_id"),
        UniqueConstraint("practice_id", "client_id", "email_hash"),
    )
    __wall__ = replace(directory(), add=_KEPT, change=_KEPT, remove=_KEPT)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    email_hash: Mapped[bytes]
    value: Mapped[bytes] = mapped_column(Sealed("identity"))
    added_by: Mapped[Id]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[Id | None]


class ExternalRef(Base):
    """What another system calls a client; found by a keyed hash, shown from the sealed value."""

    __tablename__ = "external_refs"
    __table_args__ = (
        points_at("clients", "client_id"),
        UniqueConstraint("practice_id", "system", "value_hash"),
        Index("ix_external_refs_client", "practice_id", "client_id"),
    )
    __wall__ = directory(change=False, remove=True)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    system: Mapped[str]
    value_hash: Mapped[bytes]
    value: Mapped[bytes] = mapped_column(Sealed("identity"))


class Episode(Versioned, Base):
    """An episode of care, from opening to closing."""

    __tablename__ = "episodes"
    __table_args__ = (
        points_at("clients", "client_id"),
        UniqueConstraint("practice_id", "client_id", "id"),
    )
    __wall__ = directory()
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    opened_on: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime | None]


class EpisodeFocus(Stamped, Base):
    """What an episode is about: one to three lines client and therapist both see.

    In a row of its own (its id is the episode's): the front desk knows the episode and not this.
    """

    __tablename__ = "episode_focuses"
    __table_args__ = (points_at("episodes", "client_id", "id"),)
    # Whoever opens the episode hands it in, also where they may not read it afterwards.
    __wall__ = replace(clinical(add=None, change=None), add=directory().add)
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    lines: Mapped[bytes] = mapped_column(Sealed("record"))
