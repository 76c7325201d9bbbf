"""Invitations on the wire: accepted by anyone who has the secret, listed and withdrawn by staff."""

from datetime import date, datetime
from typing import Literal

from app.accounts.schemas import Code, ContextKind, Password, Secret
from app.core.wire import Id, Input, Line, Output, Version

State = Literal["to_confirm", "sending", "sent", "bounced", "expired", "accepted", "withdrawn"]


class TokenRequest(Input):
    token: Secret


class JoinRequest(Input):
    """`name` is asked of staff; `birth_date` where the practice has one on file."""

    token: Secret
    password: Password
    name: Line | None = None
    birth_date: date | None = None
    otp: Code | None = None


class InvitationOut(Output):
    """What an invitation is for, and what accepting it asks."""

    kind: ContextKind
    practice_name: str
    asks_birth_date: bool
    asks_name: bool


class SentInvitationOut(Output):
    """Someone who was asked to join, and what became of it.

    `to_confirm`: the front desk put the address on file, and a treating therapist has not
    confirmed it. `sending`: the mail is being written. `bounced`: it cannot be delivered.
    `withdrawn`: by somebody, or because its sender may not send it any more, or because the
    address is no longer on file. `client` is the name to be shown; null for staff.
    """

    id: Id
    kind: ContextKind
    state: State
    email: str
    client_id: Id | None
    client: str | None
    roles: list[str] | None
    invited_by: Id
    created_at: datetime
    expires_at: datetime | None
    bounced_at: datetime | None
    accepted_at: datetime | None
    version: Version
