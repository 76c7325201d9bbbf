"""E-mail addresses: one parser, for what callers send and for what mails are written to."""

from functools import cache
from typing import Any, Final

LONGEST: Final = 254
INTERNAL: Final = "local"
"""A name that many networks of practices use for themselves, and the library would refuse."""


def parse(text: str) -> str:
    """Return the address as mail servers take it: trimmed, in ASCII, its domain in small letters.

    Whether the domain exists is not asked. Raises ValueError, without the text, for what is not
    one address, or is one that only newer mail servers take (letters beyond ASCII).
    """
    library = _library()
    try:
        found = library.validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False
        )
    except library.EmailNotValidError:
        raise ValueError("this is not an e-mail address, such as ana@example.org") from None
    address: str | None = found.ascii_email
    if address is None or len(address) > LONGEST:
        raise ValueError("this e-mail address is one that not every mail server takes")
    return address


def lookup_form(text: str) -> str:
    """Return the address as `parse` does; text that is no address comes back only trimmed.

    For finding what is stored: whoever has an address from before it was parsed so strictly still
    signs in with it.
    """
    try:
        return parse(text)
    except ValueError:
        return text.strip()


@cache
def _library() -> Any:
    # Imported when the first address is read: it takes 30 ms, which no command should wait for.
    import email_validator

    if INTERNAL in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(INTERNAL)
    return email_validator
