"""Tokens good and bad, and the verdicts of two libraries on them.

The other library (joserfc) is given our policy: our keys, ES256 alone, exactly our header, every
claim present, the same clock and the same leeway.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from joserfc.jwt import ClaimsOption

from app.access.tokens import LIFETIME_SECONDS, TokenAuthority, TokenRefused
from app.vault.keyfile import Keys

ISSUER, AUDIENCE, NOW = "https://praxis.example", "praxis", 1_800_000_000
ANA = "018f2b6e-0000-7000-8000-000000000001"
SIGN_IN = "018f2b6e-0000-7000-8000-000000000002"
HARBOUR = "018f2b6e-0000-7000-8000-000000000003"
CLEO = "018f2b6e-0000-7000-8000-000000000004"
CALLER: dict[str, Any] = {
    "sub": ANA, "sid": SIGN_IN, "practice": HARBOUR, "kind": "staff", "role": "owner"
}  # fmt: skip
CLAIMS: dict[str, Any] = {
    **CALLER, "iss": ISSUER, "aud": AUDIENCE, "jti": CLEO,
    "iat": NOW, "nbf": NOW, "exp": NOW + LIFETIME_SECONDS,
}  # fmt: skip


def ours(authority: TokenAuthority, token: str) -> bool:
    try:
        authority.read(token)
    except TokenRefused:
        return False
    return True


def theirs(keys: Keys, token: str, now: float = NOW) -> bool:
    known = KeySet([ECKey.import_key(pem, {"kid": kid}) for kid, pem in keys.verifying])
    wanted: dict[str, ClaimsOption] = {name: {"essential": True} for name in CLAIMS}
    wanted["iss"] = {"essential": True, "value": ISSUER}
    wanted["aud"] = {"essential": True, "value": AUDIENCE}
    policy = jwt.JWTClaimsRegistry(int(now), 5, **wanted)
    try:
        read = jwt.decode(token, known, algorithms=["ES256"])
        policy.validate(read.claims)
    except (JoseError, ValueError, RecursionError):
        return False
    return read.header == {"alg": "ES256", "kid": read.header["kid"], "typ": "at+jwt"}


def b64(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(pem: bytes, header: object, claims: object) -> str:
    """A token with any header and claims under a real signature, by neither of the libraries."""
    message = f"{b64(header)}.{b64(claims)}"
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    size = (key.curve.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{message}.{b64(r.to_bytes(size, 'big') + s.to_bytes(size, 'big'))}"


def fresh_pem(curve: ec.EllipticCurve) -> bytes:
    return ec.generate_private_key(curve).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


Mutate = Callable[[bytes, dict[str, Any], dict[str, Any]], str]


def header(**changes: object) -> Mutate:
    """A validly signed token whose header has these members too; None takes one away."""

    def mutate(pem: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
        changed = {name: value for name, value in (header | changes).items() if value is not None}
        return signed(pem, changed, claims)

    return mutate


def claims(**changes: object) -> Mutate:
    """A validly signed token whose claims have these members; "gone" takes one away."""

    def mutate(pem: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
        changed = {name: value for name, value in (claims | changes).items() if value != "gone"}
        return signed(pem, header, changed)

    return mutate


def text(change: Callable[[str], str]) -> Mutate:
    """A valid token whose text was changed afterwards."""
    return lambda pem, header, claims: change(signed(pem, header, claims))


def raw(header_text: str | None = None, claims_text: str | None = None) -> Mutate:
    """A validly signed token of this literal JSON; %KID% stands for the key's name."""

    def mutate(pem: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
        first = header_text.replace("%KID%", header["kid"]).encode() if header_text else header
        return signed(pem, first, claims_text.encode() if claims_text else claims)

    return mutate


def unsigned(alg: str) -> Mutate:
    return lambda pem, header, claims: f"{b64(header | {'alg': alg})}.{b64(claims)}."


def with_hmac(pem: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
    key = ECKey.import_key(pem).as_pem(private=False)
    message = f"{b64(header | {'alg': 'HS256'})}.{b64(claims)}"
    return f"{message}.{b64(hmac.digest(key, message.encode(), 'sha256'))}"


def own_key_inside(pem: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
    other = fresh_pem(ec.SECP256R1())
    shown = ECKey.import_key(other).as_dict(private=False)
    return signed(other, header | {"jwk": shown}, claims)


def other_claims(pem: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
    first, _, last = signed(pem, header, claims).split(".")
    return f"{first}.{b64(claims | {'role': 'assistant'})}.{last}"


def next_letter(token: str) -> str:
    """Another spelling of the same bytes: only the last letter's unused bits differ."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + letters[letters.index(token[-1]) + 1]


REFUSED_BY_BOTH: dict[str, Mutate] = {
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg ES256 without a signature": unsigned("ES256"),
    "HS256 with the public key": with_hmac,
    "alg ES384": header(alg="ES384"),
    "alg RS256": header(alg="RS256"),
    "alg missing": header(alg=None),
    "alg a list": header(alg=["ES256"]),
    "alg in lower case": header(alg="es256"),
    "typ JWT": header(typ="JWT"),
    "typ missing": header(typ=None),
    "kid missing": header(kid=None),
    "kid unknown": header(kid="unknown"),
    "kid a path": header(kid="../../dev/null"),
    "kid a number": header(kid=1),
    "crit unknown": header(crit=["praxis"], praxis=True),
    "crit empty": header(crit=[]),
    "b64 false": header(crit=["b64"], b64=False),
    "own key inside": own_key_inside,
    "jku": header(jku="https://elsewhere.example/keys"),
    "x5u": header(x5u="https://elsewhere.example/chain"),
    "cty": header(cty="JWT"),
    "header a list": raw("[]"),
    "header not JSON": raw("{"),
    "foreign key": lambda pem, h, c: signed(fresh_pem(ec.SECP256R1()), h, c),
    "foreign curve": lambda pem, h, c: signed(fresh_pem(ec.SECP384R1()), h, c),
    "other claims under the signature": other_claims,
    "signature of zeros": text(lambda token: token.rpartition(".")[0] + "." + "A" * 86),
    "signature cut": text(lambda token: token[:-4]),
    "signature empty": text(lambda token: token.rpartition(".")[0] + "."),
    "two segments": text(lambda token: token.rpartition(".")[0]),
    "four segments": text(lambda token: token + ".e30"),
    "five segments": text(lambda token: token + ".e30.e30"),
    "empty": text(lambda token: ""),
    "letters outside ASCII": text(lambda token: "\u00e9" + token),
    "claims a list": raw(claims_text="[]"),
    "claims a string": raw(claims_text='"praxis"'),
    "claims not JSON": raw(claims_text="{"),
    "claims not UTF-8": lambda pem, h, c: signed(pem, h, b"\xff\xfe"),
    "claims very deep": raw(claims_text="[" * 2500),
    **{f"{name} missing": claims(**{name: "gone"}) for name in CLAIMS},
    **{f"{name} null": claims(**{name: None}) for name in CLAIMS},
    **{f"{name} an object": claims(**{name: {}}) for name in CLAIMS},
    "over": claims(iat=NOW - 700, nbf=NOW - 700, exp=NOW - 100),
    "not yet": claims(nbf=NOW + 60),
    "issued tomorrow": claims(iat=NOW + 86_400, exp=NOW + 87_000),
    "exp text": claims(exp=str(NOW + 600)),
    "exp NaN": claims(exp=float("nan")),
    "exp infinite": claims(exp=float("inf")),
    "another audience": claims(aud="elsewhere"),
    "other audiences": claims(aud=["elsewhere"]),
    "audience nearly": claims(aud=AUDIENCE + "x"),
    "another issuer": claims(iss="https://elsewhere.example"),
    "sub a number": claims(sub=1),
}

# What the other library leaves to its caller, or reads generously; we do not.
REFUSED_BY_US: dict[str, Mutate] = {
    "header in another order": raw('{"typ":"at+jwt","alg":"ES256","kid":"%KID%"}'),
    "header with spaces": raw('{"alg": "ES256","kid":"%KID%","typ":"at+jwt"}'),
    "header said twice": raw('{"alg":"none","alg":"ES256","kid":"%KID%","typ":"at+jwt"}'),
    "several audiences": claims(aud=[AUDIENCE, "elsewhere"]),
    "a lifetime of a year": claims(exp=NOW + 31_536_000),
    "exp a fraction": claims(exp=NOW + 0.5),
    "exp without end": claims(exp=10**400),
    "sub not an id": claims(sub="ana"),
    "sub and more": claims(sub=ANA + "x"),
    "sub with a quote": claims(sub="' or true --"),
    "sub in capitals": claims(sub=ANA.upper()),
    "client not an id": claims(client="cleo"),
    "client null": claims(client=None),
    "kind unknown": claims(kind="root"),
    "role not a word": claims(role="owner'; --"),
    "role in capitals": claims(role="Owner"),
    "claims unknown": claims(scope="everything"),
    "role too long": claims(role="a" * 33),
    "longer than 4 KiB": lambda pem, h, c: signed(pem, h, json.dumps(c).encode() + b" " * 3000),
    "signature spelled otherwise": text(next_letter),
}
