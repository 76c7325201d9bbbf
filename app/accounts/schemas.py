"""Signing in, on the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from app.core.email_addresses import LONGEST, parse
from app.core.wire import Id, Input, Output

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_WRITTEN = rf"^{_ATOM}([.]{_ATOM})*@({_LABEL}[.])+([A-Za-z0-9][A-Za-z0-9-]{{0,60}})?[A-Za-z]$"
Email = Annotated[
    str,
    StringConstraints(max_length=LONGEST, strip_whitespace=True),
    AfterValidator(parse),
    Field(json_schema_extra={"pattern": _WRITTEN}),
]
"""An address that mail can be sent to, as mail servers everywhere take it: ASCII, other domains in
their xn-- form. Spaces around it are left out."""
LoginEmail = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s@]+@[^\s@]+$", max_length=LONGEST, strip_whitespace=True),
]
"""An address to look a login up by. It is not parsed: whoever has an address from before that was
done still signs in with it, and another is merely unknown."""
Password = Annotated[SecretStr, Field(min_length=1, max_length=256)]
Code = Annotated[str, StringConstraints(min_length=6, max_length=40)]
Secret = Annotated[str, StringConstraints(min_length=20, max_length=200)]
ContextKind = Literal["staff", "client", "guardian"]


class ContextChoice(Input):
    """As what, and where, to be signed in. `client_id` tells apart the files of someone who came
    back to a practice; without it, the newest is meant."""

    kind: ContextKind
    practice_id: Id
    client_id: Id | None = None


class SignInRequest(Input):
    email: LoginEmail
    password: Password
    otp: Code | None = None
    context: ContextChoice | None = None


class RefreshRequest(Input):
    refresh_token: Secret


class ContextRequest(Input):
    context: ContextChoice
    otp: Code | None = None


class StepUpRequest(Input):
    password: Password
    otp: Code | None = None


class EmailRequest(Input):
    email: LoginEmail


class ResetRequest(Input):
    token: Secret
    password: Password


class OtpRequest(Input):
    otp: Code


class ContextOut(Output):
    """Where the caller is signed in, and as what. `enrolling`: a second factor is still wanted."""

    kind: ContextKind
    practice_id: Id
    practice_name: str
    roles: list[str]
    client_id: Id | None
    enrolling: bool


class TokensOut(Output):
    """An access token for ten minutes, and the refresh token that gets the next one."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    context: ContextOut


class MeOut(Output):
    """Who the caller is, where, as what, and what the caller may do there."""

    user_id: Id
    email: str
    context: ContextOut
    permissions: list[str]
    has_second_factor: bool


class EnrolmentOut(Output):
    """The shared secret of the second factor, to be typed or scanned once."""

    secret: str
    provisioning_uri: str


class ConfirmedOut(Output):
    """Ten recovery codes, shown this once, and tokens with the full rights of the context."""

    recovery_codes: list[str]
    tokens: TokensOut
