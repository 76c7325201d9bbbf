"""The tables that say who may see whom: logins, memberships, care, supervision, guardianship.

They are read in three ways: by `gate.enter` when a caller comes in, by row security through what
`enter` found, and by the statements' own predicates in `app.access.visible`.
"""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import walls
from app.core.database import (
    NOW,
    Base,
    Id,
    Key,
    PracticeId,
    Sealed,
    Stamped,
    Versioned,
    points_at,
)
from app.core.walls import Wall, both, directory, either

OWN = either(walls.PRACTICE, walls.ME)
JOINING = walls.acting_as("invited")
"""The caller is accepting an invitation, proven by its secret."""


class Membership(Versioned, Base):
    """A person's place in a practice's staff. `words` holds name, licence and title."""

    __tablename__ = "memberships"
    __table_args__ = (
        points_at("practices", to=()),
        CheckConstraint(
            "roles <@ array['owner','therapist','assistant'] and cardinality(roles) > 0",
            name="roles",
        ),
        Index("ix_memberships_user_id", "user_id"),
    )
    __wall__ = Wall(
        read=OWN,
        add=both(walls.PRACTICE, either(walls.STAFF, walls.JOB, JOINING)),
        change=both(walls.PRACTICE, either(walls.STAFF, walls.JOB)),
        gate=("practice_id", "user_id", "roles", "starts_at", "ends_at", "suspended_at"),
    )
    practice_id: Mapped[PracticeId]
    user_id: Mapped[Key]
    roles: Mapped[list[str]]
    words: Mapped[bytes] = mapped_column(Sealed("practice"))
    starts_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ends_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]


class Supervision(Stamped, Base):
    """Who supervises whom, and until when; nobody supervises themselves."""

    __tablename__ = "supervisions"
    __table_args__ = (
        points_at("memberships", "supervisee_id", to=("user_id",)),
        points_at("memberships", "supervisor_id", to=("user_id",)),
        CheckConstraint("supervisee_id <> supervisor_id", name="never_self"),
        Index("ix_supervisions_supervisor", "practice_id", "supervisor_id"),
    )
    __wall__ = Wall(
        read=walls.PRACTICE,
        add=both(walls.PRACTICE, either(walls.STAFF, walls.JOB)),
        change=both(walls.PRACTICE, either(walls.STAFF, walls.JOB)),
        gate=("practice_id", "supervisee_id", "supervisor_id", "starts_at", "ends_at"),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    supervisee_id: Mapped[Id]
    supervisor_id: Mapped[Id]
    cosign_required: Mapped[bool] = mapped_column(server_default=text("false"))
    starts_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ends_at: Mapped[datetime | None]


class CareAssignment(Stamped, Base):
    """A therapist's part in an episode of care, from when to when."""

    __tablename__ = "care_assignments"
    __table_args__ = (
        points_at("episodes", "client_id", "episode_id"),
        points_at("memberships", "user_id", to=("user_id",)),
        CheckConstraint("part in ('primary','co','covering','trainee')", name="part"),
        Index(
            "uq_care_assignments_one_primary",
            "practice_id",
            "episode_id",
            unique=True,
            postgresql_where=text("part = 'primary' and ends_at is null"),
        ),
        Index("ix_care_assignments_user", "practice_id", "user_id", "client_id"),
    )
    # Care begins with an episode, which a therapist opens too; whose care ends, owners decide.
    __wall__ = replace(
        directory(gate=("practice_id", "client_id", "episode_id", "user_id", "part",
                        "starts_at", "ends_at")),
        change=both(
            walls.PRACTICE,
            either(walls.JOB, f"({both(walls.STAFF, walls.keeping_directory())})"),
        ),
    )  # fmt: skip
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    episode_id: Mapped[Id]
    user_id: Mapped[Id]
    part: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ends_at: Mapped[datetime | None]


class ClientLogin(Stamped, Base):
    """The one login that is a client in person. A login is several only where all are the same
    person, who came back."""

    __tablename__ = "client_logins"
    __table_args__ = (
        points_at("clients", "client_id"),
        Index("ix_client_logins_user_id", "user_id"),
    )
    __wall__ = Wall(
        read=either(
            walls.ME,
            both(walls.PRACTICE, either(walls.JOB, walls.STAFF, walls.in_directory())),
        ),
        add=both(walls.PRACTICE, either(walls.JOB, JOINING)),
        remove=both(
            walls.PRACTICE,
            either(walls.JOB, f"({both(walls.STAFF, walls.in_directory(write=True))})"),
        ),
        gate=("practice_id", "client_id", "user_id"),
    )
    practice_id: Mapped[PracticeId]
    client_id: Mapped[Key]
    user_id: Mapped[Id]


class Guardian(Versioned, Base):
    """Someone who acts for a client, within scopes, on local days of the client's zone."""

    __tablename__ = "guardians"
    __table_args__ = (
        points_at("clients", "client_id"),
        Index("ix_guardians_user_id", "user_id"),
        Index("ix_guardians_client", "practice_id", "client_id"),
        CheckConstraint(
            "scopes <@ array['profile','sessions','homework','submit','goals','goals_rate',"
            "'notes','measures']",
            name="scopes",
        ),
        # Fixed words, so that nothing anyone writes about a family stands open in a dump.
        CheckConstraint(
            "relation in ('parent','grandparent','sibling','relative','partner','foster_carer',"
            "'legal_guardian','other')",
            name="relation",
        ),
        CheckConstraint(
            "basis in ('parental_responsibility','court_order','power_of_attorney','consent',"
            "'other')",
            name="basis",
        ),
    )
    __wall__ = Wall(
        read=either(
            walls.ME,
            both(walls.PRACTICE, either(walls.JOB, walls.STAFF)),
        ),
        add=both(walls.PRACTICE, either(walls.JOB, walls.STAFF, JOINING)),
        change=both(walls.PRACTICE, either(walls.JOB, walls.STAFF)),
        gate=(
            "practice_id",
            "client_id",
            "user_id",
            "relation",
            "scopes",
            "starts_on",
            "ends_on",
            "suspended_at",
            "revoked_at",
        ),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    user_id: Mapped[Id]
    relation: Mapped[str]
    basis: Mapped[str]
    scopes: Mapped[list[str]]
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    suspended_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Bar(Stamped, Base):
    """This member never meets this client."""

    __tablename__ = "bars"
    __table_args__ = (
        points_at("clients", "client_id"),
        UniqueConstraint("practice_id", "user_id", "client_id"),
    )
    __wall__ = Wall(
        read=both(walls.PRACTICE, either(walls.STAFF, walls.JOB)),
        add=both(walls.PRACTICE, either(walls.STAFF, walls.JOB)),
        gate=("practice_id", "client_id", "user_id"),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    user_id: Mapped[Id]
    reason: Mapped[bytes] = mapped_column(Sealed("practice"))


class BreakGlass(Stamped, Base):
    """A dated, reasoned look at one client's record by someone not on the care team."""

    __tablename__ = "break_glasses"
    __table_args__ = (
        points_at("clients", "client_id"),
        Index("ix_break_glasses_user", "practice_id", "user_id", "expires_at"),
    )
    __wall__ = Wall(
        read=both(walls.PRACTICE, either(walls.STAFF, walls.JOB)),
        add=both(walls.PRACTICE, walls.STAFF),
        change=both(walls.PRACTICE, either(walls.STAFF, walls.JOB)),
        gate=("practice_id", "client_id", "user_id", "expires_at", "closed_at"),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    client_id: Mapped[Id]
    user_id: Mapped[Id]
    reason: Mapped[bytes] = mapped_column(Sealed("practice"))
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
