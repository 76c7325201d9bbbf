"""Secrets handed out once: found again by their hash alone."""

from app.accounts.secrets256 import new_token, token_hash


def test_a_secret_is_found_by_its_hash() -> None:
    token, stored = new_token()
    assert token_hash(token) == stored


def test_a_secret_is_256_random_bits_safe_in_an_address() -> None:
    tokens = {new_token()[0] for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(one) == 43 and one.replace("-", "").replace("_", "").isalnum() for one in tokens)


def test_the_stored_hash_says_nothing_of_the_secret() -> None:
    token, stored = new_token()
    assert len(stored) == 32
    assert token.encode() not in stored
