"""Access tokens: what we write we read, until it is over."""

import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

import app
from app.access.tokens import LIFETIME_SECONDS, TokenAuthority, TokenRefused
from app.vault.keyfile import Keys, SigningKey
from tests.access.conftest import Clock
from tests.access.forging import (
    ANA,
    AUDIENCE,
    CALLER,
    CLAIMS,
    CLEO,
    HARBOUR,
    ISSUER,
    NOW,
    SIGN_IN,
    fresh_pem,
    ours,
    signed,
    theirs,
)


def test_both_libraries_read_what_we_issue(authority: TokenAuthority, keys: Keys) -> None:
    token = authority.issue(**CALLER)
    assert (ours(authority, token), theirs(keys, token)) == (True, True)


def test_a_token_says_who_calls(authority: TokenAuthority) -> None:
    claims = authority.read(authority.issue(**(CALLER | {"kind": "guardian"}), client=CLEO))
    assert (claims.sub, claims.sid, claims.practice) == (ANA, SIGN_IN, HARBOUR)
    assert (claims.kind, claims.role, claims.client) == ("guardian", "owner", CLEO)
    assert claims.exp == NOW + LIFETIME_SECONDS


def test_a_token_holds_nothing_else(authority: TokenAuthority, keys: Keys) -> None:
    known = KeySet([ECKey.import_key(pem, {"kid": kid}) for kid, pem in keys.verifying])
    read = jwt.decode(authority.issue(**CALLER), known, algorithms=["ES256"])
    assert read.header == {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}
    assert set(read.claims) == set(CLAIMS)


def test_no_two_tokens_share_an_id(authority: TokenAuthority) -> None:
    tokens = [authority.issue(**CALLER) for _ in range(5)]
    assert len({authority.read(token).jti for token in tokens}) == 5


def test_what_the_other_library_signs_is_read(authority: TokenAuthority, keys: Keys) -> None:
    header = {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}
    key = ECKey.import_key(keys.signing.pem)
    assert ours(authority, jwt.encode(header, CLAIMS, key, default_type=None))


def test_a_key_that_no_longer_signs_still_verifies(authority: TokenAuthority, keys: Keys) -> None:
    token = authority.issue(**CALLER)
    kid, pem = "newer", fresh_pem(ec.SECP256R1())
    public = ECKey.import_key(pem).as_pem(private=False)
    rotated = Keys(keys.root, SigningKey(kid, pem), (*keys.verifying, (kid, public)))
    later = TokenAuthority(rotated, ISSUER, AUDIENCE, clock=Clock())
    assert (ours(later, token), ours(authority, later.issue(**CALLER))) == (True, False)


@pytest.mark.parametrize("seconds", [-6, -5, 0, 599, 604.9, 605, 606])
@pytest.mark.parametrize("is_known", [False, True])
def test_both_end_a_token_at_the_same_moment(
    authority: TokenAuthority, keys: Keys, clock: Clock, seconds: float, *, is_known: bool
) -> None:
    token = authority.issue(**CALLER)
    if is_known:
        authority.read(token)
    clock.at = NOW + seconds
    still = is_known and seconds < 605
    assert ours(authority, token) == (still or theirs(keys, token, clock.at))


def test_a_token_known_is_not_verified_again(authority: TokenAuthority) -> None:
    token = authority.issue(**CALLER)
    assert authority.read(token) is authority.read(token)


def test_what_is_remembered_is_bounded(keys: Keys, clock: Clock) -> None:
    authority = TokenAuthority(keys, ISSUER, AUDIENCE, clock=clock, remembered=10)
    tokens = [authority.issue(**CALLER) for _ in range(25)]
    first = [authority.read(token) for token in tokens]
    again = [authority.read(token) for token in tokens[-9:]]
    assert [one is two for one, two in zip(first[-9:], again, strict=True)] == [True] * 9
    assert authority.read(tokens[0]) is not first[0]


@pytest.mark.parametrize(
    "change", [{"sub": "ana"}, {"sid": ""}, {"kind": "root"}, {"role": "a b"}, {"client": "x"}]
)
def test_we_issue_nothing_that_we_would_refuse(
    authority: TokenAuthority, change: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="not a token to issue"):
        authority.issue(**(CALLER | change))


def test_the_published_keys_are_public_and_named(authority: TokenAuthority, keys: Keys) -> None:
    published = authority.jwks()["keys"]
    assert [key["kid"] for key in published] == [kid for kid, _ in keys.verifying]
    assert all(set(key) == {"alg", "crv", "kid", "kty", "use", "x", "y"} for key in published)


def test_the_published_keys_verify_our_tokens(authority: TokenAuthority) -> None:
    published = KeySet.import_key_set(authority.jwks())  # type: ignore[arg-type]
    assert jwt.decode(authority.issue(**CALLER), published, algorithms=["ES256"]).claims["sub"]


def test_a_refusal_quotes_nothing(authority: TokenAuthority, keys: Keys) -> None:
    head = {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}
    with pytest.raises(TokenRefused) as refused:
        authority.read(signed(keys.signing.pem, head, CLAIMS | {"iss": "Secret Words"}))
    assert "Secret" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_jose_is_imported_here_alone_and_never_for_encryption() -> None:
    root = Path(app.__file__).parent
    files = {path: path.read_text() for path in root.rglob("*.py")}
    users = [
        p.name for p, text in files.items() if re.search(r"^\s*(from|import) jose\b", text, re.M)
    ]
    assert users == ["tokens.py"]
    assert "jwe" not in files[root / "access" / "tokens.py"]
