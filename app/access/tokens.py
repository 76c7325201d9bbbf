"""Access tokens: issued and read here, and nowhere else. The only module that imports jose.

A token is an ES256 JWT of `typ` at+jwt that lives ten minutes. It says who calls, for which
practice and as what; it carries no names. Whether that is still true, the database says on every
request: this module only says that we wrote the token and that it is not over.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, get_args

import uuid_utils
from jose import jwk, jwt  # type: ignore[import-untyped]
from jose.exceptions import JOSEError  # type: ignore[import-untyped]

from app.vault.keyfile import Keys

Kind = Literal["staff", "client", "guardian", "enrolling"]

LIFETIME_SECONDS = 600
LEEWAY_SECONDS = 5
_LONGEST = 4096
_REMEMBERED = 10_000

# Strict base64url: jose alone skips foreign characters, and reads 16 spellings of one signature.
_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ROLE = re.compile(r"[a-z][a-z_]{0,31}")

_IDS = ("sub", "sid", "practice", "jti")
_TIMES = ("iat", "nbf", "exp")
_ALWAYS = frozenset({"iss", "aud", "kind", "role", *_IDS, *_TIMES})
_REQUIRED_BY_JOSE = {
    f"require_{claim}": True for claim in ("aud", "iat", "exp", "nbf", "iss", "sub", "jti")
}


class TokenRefused(Exception):
    """Not a token of ours, or over. The message is for our logs, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. Ids are lower-case UUID text; `exp` is in Unix seconds.

    `client` is the client the caller is, or acts for; absent for staff.
    """

    sub: str
    sid: str
    practice: str
    kind: Kind
    role: str
    client: str | None
    jti: str
    exp: int


class TokenAuthority:
    """Issues and reads the access tokens of one issuer for one audience.

    Built once, at start: key objects are made here. `clock` gives Unix seconds.
    """

    def __init__(
        self,
        keys: Keys,
        issuer: str,
        audience: str,
        *,
        clock: Callable[[], float] = time.time,
        remembered: int = _REMEMBERED,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._signer = jwk.construct(keys.signing.pem, "ES256")
        self._signing_header = _header(keys.signing.kid)
        public = {kid: jwk.construct(pem, "ES256") for kid, pem in keys.verifying}
        # A token's first segment must be, letter for letter, one that we write: so its algorithm,
        # type, key and the absence of anything else are settled before anything is decoded.
        self._by_segment = {_segment(_header(kid)): key for kid, key in public.items()}
        self._jwks = {
            "keys": [{**key.to_dict(), "kid": kid, "use": "sig"} for kid, key in public.items()]
        }
        self._options = {**_REQUIRED_BY_JOSE, "leeway": float("inf")}
        self._known: dict[str, Claims] = {}
        self._remembered = remembered

    def issue(
        self,
        *,
        sub: str,
        sid: str,
        practice: str,
        kind: Kind,
        role: str,
        client: str | None = None,
        now: float | None = None,
    ) -> str:
        """A new token, good for ten minutes from `now` (Unix seconds; the clock's by default).

        Raises ValueError for what `read` would refuse: ids that are not lower-case UUID text, an
        unknown kind, a role that is not a plain word.
        """
        issued = int(self._clock() if now is None else now)
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": sub,
            "sid": sid,
            "practice": practice,
            "kind": kind,
            "role": role,
            "jti": str(uuid_utils.uuid7()),
            "iat": issued,
            "nbf": issued,
            "exp": issued + LIFETIME_SECONDS,
        }
        if client is not None:
            claims["client"] = client
        try:
            self._checked(claims, issued)
        except TokenRefused as refusal:
            raise ValueError(f"not a token to issue: {refusal}") from None
        return str(jwt.encode(claims, self._signer, "ES256", headers=self._signing_header))

    def read(self, token: str) -> Claims:
        """What this token says, when we wrote it and it is not over; raises TokenRefused else.

        A token read before is not verified again, only held against the clock.
        """
        now = self._clock()
        known = self._known.get(token)
        if known is not None and now < known.exp + LEEWAY_SECONDS:
            return known
        claims = self._verified(token, now)
        self._remember(token, claims)
        return claims

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys as a JWK set (RFC 7517), those not yet and no longer signing included."""
        return self._jwks

    def _verified(self, token: str, now: float) -> Claims:
        if len(token) > _LONGEST:
            raise TokenRefused("longer than a token")
        segments = _COMPACT.fullmatch(token)
        if segments is None:
            raise TokenRefused("not three base64url segments")
        key = self._by_segment.get(segments[1])
        if key is None:
            raise TokenRefused("header not one of ours")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=["ES256"],
                audience=self._audience,
                issuer=self._issuer,
                # jose knows only the machine's clock: its leeway has no end, ours follows below.
                options=self._options,
            )
        except (JOSEError, ValueError, TypeError, OverflowError, RecursionError):
            raise TokenRefused("signature or claims not ours") from None
        return self._checked(claims, now)

    def _checked(self, claims: Mapping[str, Any], now: float) -> Claims:
        names = frozenset(claims)
        if names != _ALWAYS and names != _ALWAYS | {"client"}:
            raise TokenRefused("claims missing, or not ours")
        if claims["iss"] != self._issuer or claims["aud"] != self._audience:
            raise TokenRefused("for another service")
        if not all(type(claims[moment]) is int for moment in _TIMES):
            raise TokenRefused("times that are not whole seconds")
        if not 0 < claims["exp"] - claims["iat"] <= LIFETIME_SECONDS:
            raise TokenRefused("lives longer than a token, or not at all")
        if max(claims["iat"], claims["nbf"]) > now + LEEWAY_SECONDS:
            raise TokenRefused("not yet valid")
        if now >= claims["exp"] + LEEWAY_SECONDS:
            raise TokenRefused("over")
        ids = [claims[name] for name in (*_IDS, "client") if name in claims]
        if not all(type(one) is str and _UUID.fullmatch(one) for one in ids):
            raise TokenRefused("ids that are not UUIDs")
        if claims["kind"] not in get_args(Kind):
            raise TokenRefused("unknown kind")
        if type(claims["role"]) is not str or not _ROLE.fullmatch(claims["role"]):
            raise TokenRefused("role that is not a word")
        return Claims(
            sub=claims["sub"],
            sid=claims["sid"],
            practice=claims["practice"],
            kind=claims["kind"],
            role=claims["role"],
            client=claims.get("client"),
            jti=claims["jti"],
            exp=claims["exp"],
        )

    def _remember(self, token: str, claims: Claims) -> None:
        if len(self._known) >= self._remembered:
            # The first in are the first to be over; a tenth at once keeps this rare.
            oldest = list(islice(self._known, max(1, self._remembered // 10)))
            for one in oldest:
                self._known.pop(one, None)
        self._known[token] = claims


def _header(kid: str) -> dict[str, str]:
    return {"alg": "ES256", "kid": kid, "typ": "at+jwt"}


def _segment(header: Mapping[str, str]) -> str:
    written = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()
