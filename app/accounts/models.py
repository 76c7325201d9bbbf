"""Logins, their sign-ins and secrets. A login is one person everywhere, and of no practice."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import walls
from app.core.database import (
    Base,
    Id,
    Key,
    PracticeId,
    Sealed,
    Stamped,
    Versioned,
    points_at,
)
from app.core.walls import JOB, ME, PRACTICE, SECRET, STAFF, Wall, acting_as, both, either

LOGIN = f"email_hash = decode({walls.setting('login')}, 'hex')"
VISITOR = acting_as("visitor", "invited")
USED_UP = (
    "created_at < now() - interval '30 days' and (rotated_at is not null or idle_until < now())"
)


class User(Versioned, Base):
    """One login identity. `words` holds the address; secrets are sealed on their own."""

    __tablename__ = "users"
    __wall__ = Wall(
        read=either(f"id = {walls.setting('user_id', 'uuid')}", LOGIN, JOB),
        add=either(LOGIN, JOB),
        change=either(f"id = {walls.setting('user_id', 'uuid')}", LOGIN, JOB),
        gate=("id", "deactivated_at"),
    )
    id: Mapped[Key]
    email_hash: Mapped[bytes] = mapped_column(unique=True)
    words: Mapped[bytes] = mapped_column(Sealed("accounts"))
    password_hash: Mapped[str | None]
    second_factor: Mapped[bytes | None] = mapped_column(Sealed("accounts"))
    second_factor_step: Mapped[int | None] = mapped_column(BigInteger)
    second_factor_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes that stand in for the second factor, each once."""

    __tablename__ = "recovery_codes"
    __wall__ = Wall(read=ME, add=ME, change=ME, remove=ME)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]


class SignIn(Stamped, Base):
    """A login session: one person, on one device, in one context."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        CheckConstraint("kind in ('staff','client','guardian')", name="kind"),
        Index("ix_sign_ins_user_id", "user_id"),
    )
    __wall__ = Wall(
        read=either(ME, JOB),
        add=ME,
        change=either(ME, JOB),
        gate=(
            "id",
            "user_id",
            "practice_id",
            "kind",
            "client_id",
            "second_factor_at",
            "expires_at",
            "ended_at",
        ),
    )
    id: Mapped[Key]
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id"))
    practice_id: Mapped[Id]
    kind: Mapped[str]
    client_id: Mapped[Id | None]
    second_factor_at: Mapped[datetime | None]
    stepped_up_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RefreshToken(Stamped, Base):
    """One link of a sign-in's chain of refresh tokens; only its hash is kept."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("ix_refresh_tokens_sign_in_id", "sign_in_id"),)
    __wall__ = Wall(
        read=either(SECRET, ME, both(JOB, USED_UP)),
        add=ME,
        change=either(SECRET, ME),
        remove=both(JOB, USED_UP),
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sign_in_id: Mapped[Id] = mapped_column(ForeignKey("sign_ins.id"))
    user_id: Mapped[Id]
    parent_hash: Mapped[bytes | None]
    idle_until: Mapped[datetime]
    rotated_at: Mapped[datetime | None]


class Reset(Stamped, Base):
    """A request to set a new password. The worker makes the secret when it writes the mail."""

    __tablename__ = "resets"
    __table_args__ = (
        Index("ix_resets_token_hash", "token_hash"),
        Index("ix_resets_email_hash", "email_hash", "created_at"),
    )
    __wall__ = Wall(
        read=either(SECRET, JOB),
        add=VISITOR,
        change=either(SECRET, JOB),
        remove=both(JOB, "created_at < now() - interval '1 day'"),
    )
    id: Mapped[Key]
    email_hash: Mapped[bytes]
    token_hash: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Throttle(Base):
    """How often someone tried, for one subject (a hash of an address or a peer) in one window."""

    __tablename__ = "throttles"
    __table_args__ = (Index("ix_throttles_window_ends_at", "window_ends_at"),)
    __wall__ = Wall(
        read=either(VISITOR, JOB),
        add=VISITOR,
        change=VISITOR,
        remove=both(JOB, "window_ends_at < now()"),
    )
    subject_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tries: Mapped[int] = mapped_column(server_default=text("1"))
    window_ends_at: Mapped[datetime]


def _of_invited(*, write: bool = False) -> str:
    """Staff reach invitations of the clients they know; of colleagues, who keeps the directory."""
    of_colleagues = f"({both('client_id is null', walls.keeping())})"
    known = either(of_colleagues, walls.in_directory(write=write))
    return both(PRACTICE, either(JOB, f"({both(STAFF, known)})"))


class Invitation(Versioned, Base):
    """Someone asked to join as staff, client or guardian. `words` holds the address and names.

    `email_hash`: of a client's, which address on file it went to. `bounced_at`: the mail could not
    be delivered. `used_by`: the login that joined by it.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        points_at("practices", to=()),
        points_at("clients", "client_id"),
        CheckConstraint("kind in ('staff','client','guardian')", name="kind"),
        Index("ix_invitations_token_hash", "token_hash"),
        Index("ix_invitations_client", "practice_id", "client_id"),
    )
    __wall__ = Wall(
        read=either(SECRET, _of_invited()),
        add=_of_invited(write=True),
        change=either(SECRET, _of_invited(write=True)),
    )
    practice_id: Mapped[PracticeId]
    id: Mapped[Key]
    kind: Mapped[str]
    client_id: Mapped[Id | None]
    roles: Mapped[list[str] | None]
    scopes: Mapped[list[str] | None]
    words: Mapped[bytes] = mapped_column(Sealed("practice"))
    email_hash: Mapped[bytes | None]
    birth_hash: Mapped[bytes | None]
    invited_by: Mapped[Id]
    token_hash: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_by: Mapped[Id | None]
    revoked_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
