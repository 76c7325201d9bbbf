"""Mail: written from a room's text templates, and sent by SMTP or kept in a folder.

A mail names the practice and a link, and nothing else of anybody: it crosses other people's
servers, and may be read over a shoulder.
"""

import asyncio
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import aiosmtplib
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.clock import now
from app.core.email_addresses import parse
from app.jobs.registry import NotDone
from app.settings import Settings


class _Whole(UnstructuredHeader):
    """A header that is one long word: folded or encoded, no mail program would read it."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type]

TIMEOUT_SECONDS: Final = 15
FINAL: Final = 500
WIRE: Final = SMTP.clone(header_factory=_HEADERS)
ON_DISK: Final = WIRE.clone(linesep="\n")


class Mailer(Protocol):
    """Where mails go."""

    async def send(self, mail: EmailMessage) -> None:
        """Hand the mail over. Raises NotDone with a code: permanent where the other side has
        refused this mail for good, else so that it is tried again later."""


@dataclass(frozen=True, slots=True)
class Folder:
    """For development: each mail becomes a file that only its owner reads, named by its time."""

    path: Path

    async def send(self, mail: EmailMessage) -> None:
        try:
            await asyncio.to_thread(self._keep, mail.as_bytes(policy=ON_DISK))
        except OSError:
            raise NotDone("mail.folder") from None

    def _keep(self, raw: bytes) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{now():%Y-%m-%dT%H-%M-%S.%f}Z-{secrets.token_hex(4)}"
        hidden, shown = self.path / f".{name}", self.path / f"{name}.eml"
        handle = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        hidden.rename(shown)


@dataclass(frozen=True, slots=True)
class Smtp:
    """An SMTP server, reached as the settings say."""

    settings: Settings

    async def send(self, mail: EmailMessage) -> None:
        chosen = self.settings
        code, permanent = "mail.refused", False
        try:
            await aiosmtplib.send(
                mail,
                hostname=chosen.smtp_host,
                port=chosen.smtp_port,
                username=chosen.smtp_user,
                password=chosen.smtp_password.get_secret_value() if chosen.smtp_password else None,
                local_hostname=urlsplit(chosen.public_url).hostname,
                use_tls=chosen.smtp_tls == "tls",
                start_tls=chosen.smtp_tls == "starttls",
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = "mail.recipient"
            permanent = all(_is_final(one.code) for one in refused.recipients)
        except aiosmtplib.SMTPDataError as refused:
            code, permanent = "mail.contents", _is_final(refused.code)
        except aiosmtplib.SMTPAuthenticationError:
            code = "mail.credentials"
        except OSError:
            code = "mail.unreachable"
        except (aiosmtplib.SMTPException, ValueError):
            pass
        else:
            return
        raise NotDone(code, permanent=permanent)


def _is_final(status: int) -> bool:
    """Return whether an SMTP status is a refusal for good (RFC 5321: 5yz)."""
    return status >= FINAL


def mailer(settings: Settings) -> Mailer:
    """The SMTP server of the settings, or without one the folder they name."""
    return Folder(settings.mail_folder) if settings.smtp_host is None else Smtp(settings)


def templates(folder: Path) -> Environment:
    """A room's mails: each a text file whose first line is the subject."""
    # Plain text, never HTML: there is nothing to escape.
    return Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True)


def write(settings: Settings, texts: Environment, name: str, to: str, **words: str) -> EmailMessage:
    """The mail `name` to one address. Raises NotDone `mail.address`, for good, for what is not
    one."""
    head, _, body = texts.get_template(f"{name}.txt").render(words).partition("\n")
    mail = EmailMessage(WIRE)
    address = None
    with suppress(ValueError):
        address = parse(to)
    if address is None:
        raise NotDone("mail.address", permanent=True)
    mail["To"] = Address(addr_spec=address)
    mail["From"] = settings.mail_from
    mail["Subject"] = " ".join(head.split())
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(domain=parseaddr(settings.mail_from)[1].rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body.strip() + "\n")
    return mail


def let_stop(mail: EmailMessage, url: str) -> None:
    """Add the headers by which a mail program stops such mails in one click (RFC 8058).

    `url` answers a POST; it holds no white space.
    """
    mail["List-Unsubscribe"] = f"<{url}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
