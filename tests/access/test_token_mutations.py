"""Tokens altered in every way we know: a second library never refuses what we accept."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.tokens import TokenAuthority
from app.vault.keyfile import Keys
from tests.access.forging import (
    ANA,
    AUDIENCE,
    CALLER,
    CLAIMS,
    ISSUER,
    NOW,
    REFUSED_BY_BOTH,
    REFUSED_BY_US,
    Mutate,
    ours,
    signed,
    theirs,
)

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(NOW - 700, NOW + 700), st.floats(), st.text(max_size=8),
    st.sampled_from([ANA, ANA.upper(), ISSUER, AUDIENCE, [AUDIENCE], [], {}, 10**400, "client"]),
)  # fmt: skip
MANY = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def mutated(request: pytest.FixtureRequest, keys: Keys) -> str:
    mutate: Mutate = request.param
    return mutate(
        keys.signing.pem, {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}, CLAIMS
    )


def test_the_mutations_start_from_a_good_token(authority: TokenAuthority, keys: Keys) -> None:
    head = {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}
    token = signed(keys.signing.pem, head, CLAIMS)
    assert (ours(authority, token), theirs(keys, token)) == (True, True)


@pytest.mark.parametrize(
    "mutated", REFUSED_BY_BOTH.values(), ids=REFUSED_BY_BOTH.keys(), indirect=True
)
def test_both_refuse(authority: TokenAuthority, keys: Keys, mutated: str) -> None:
    assert (ours(authority, mutated), theirs(keys, mutated)) == (False, False)


@pytest.mark.parametrize("mutated", REFUSED_BY_US.values(), ids=REFUSED_BY_US.keys(), indirect=True)
def test_we_are_stricter(authority: TokenAuthority, mutated: str) -> None:
    assert not ours(authority, mutated)


@pytest.mark.parametrize("padding", ["=", "==", "\n", " ", "\x00", "!", "~"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_nothing_is_skipped_or_trimmed(authority: TokenAuthority, padding: str, place: int) -> None:
    segments = authority.issue(**CALLER).split(".")
    segments[place] += padding
    assert not ours(authority, ".".join(segments))


@MANY
@given(data=st.data())
def test_any_changed_letter_is_refused(authority: TokenAuthority, data: st.DataObject) -> None:
    token = authority.issue(**CALLER)
    start = data.draw(st.integers(0, len(token)))
    end = data.draw(st.integers(start, min(len(token), start + 3)))
    changed = token[:start] + data.draw(st.text(max_size=3)) + token[end:]
    assert ours(authority, changed) == (changed == token)


@MANY
@given(changes=st.dictionaries(st.sampled_from([*CLAIMS, "client"]), VALUES, max_size=3))
def test_we_never_accept_claims_that_they_refuse(
    authority: TokenAuthority, keys: Keys, changes: dict[str, object]
) -> None:
    head = {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}
    token = signed(keys.signing.pem, head, CLAIMS | changes)
    assert theirs(keys, token) or not ours(authority, token)
