"""The second factor: one-time codes from an authenticator app, and recovery codes on paper."""

import hashlib
import secrets
import unicodedata
from hmac import compare_digest

import pyotp

_DIGITS = 6
_WINDOW = (-1, 0, 1)
# Crockford's alphabet: no i, l, o or u, so that what is read off paper is what was printed.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans("ilo", "110")
_GROUPS = 4
_GROUP_LETTERS = 4


def new_secret() -> str:
    """A new shared secret: 160 random bits as 32 base32 letters."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """The otpauth:// address an authenticator app reads from a QR code; it holds the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def check(secret: str, code: str, last_step: int | None, at: float) -> int | None:
    """The 30-second step a code belongs to, or None when it is not good at `at` (Unix seconds).

    The step before and after count, for clocks that differ. A step at or before `last_step` does
    not: store the answer as the new last step, and every code works once.
    """
    typed = "".join(unicodedata.normalize("NFKC", code).replace("-", "").split())
    if len(typed) != _DIGITS or not typed.isascii() or not typed.isdigit():
        return None
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    first = 0 if last_step is None else last_step + 1
    steps = [now + offset for offset in _WINDOW if now + offset >= first]
    good = [step for step in steps if compare_digest(totp.generate_otp(step), typed)]
    return good[0] if good else None


def new_recovery_codes(n: int = 10) -> list[str]:
    """Codes of 80 random bits, easy to copy from paper: "7k2m-q9xd-04hv-twcb"."""
    return [
        "-".join(
            "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS)
        )
        for _ in range(n)
    ]


def recovery_hash(code: str) -> bytes:
    """SHA-256 of a recovery code, however it was typed: case, spaces, hyphens, o for 0, l for 1."""
    typed = unicodedata.normalize("NFKC", code).casefold().translate(_MISREAD)
    return hashlib.sha256("".join(c for c in typed if c.isalnum()).encode()).digest()
