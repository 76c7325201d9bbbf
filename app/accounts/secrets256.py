"""Secrets handed out once and stored as a hash: refresh tokens, invitations, resets.

256 random bits cannot be guessed, so a plain SHA-256 is enough: there is nothing to slow down.
"""

import hashlib
import secrets


def new_token() -> tuple[str, bytes]:
    """A new secret as 43 URL-safe letters, for its owner alone, and the hash to store."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    """The 32 bytes by which a secret that was handed out is found again."""
    return hashlib.sha256(token.encode()).digest()
