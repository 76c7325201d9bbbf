"""Mails as they are written, and as a server receives them."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jinja2 import meta

from app.accounts import mailing
from app.core.clock import now
from app.invitations import invitation_mail
from app.jobs import mail
from app.jobs.registry import NotDone
from app.settings import Settings

NAMES = [
    (module, name)
    for module in (mailing, invitation_mail)
    for name in module.TEXTS.list_templates()
]
WORDS = {
    "practice": "Harbour", "link": "https://praxis.example/join#token=t", "token": "t" * 43,
    "until": "24 November 2026, 09:30 (Europe/Berlin)",
}  # fmt: skip


@dataclass
class Server:
    """A mail server on this machine, and what it was given.

    `refuses` is what it says instead of taking a mail: for the address `refused`, or for any.
    """

    port: int = 0
    refuses: str | None = None
    refused: str | None = None
    got: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.refuses and self.refused in (None, address):
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        self.got.append(envelope)
        return "250 OK"


@asynccontextmanager
async def listening(server: Server, **options: Any) -> AsyncIterator[Settings]:
    """The server at work, and settings that send to it."""
    loop = asyncio.get_running_loop()
    made = await loop.create_server(lambda: SMTP(server, **options), "127.0.0.1", 0)
    async with made:
        server.port = made.sockets[0].getsockname()[1]
        tls = "starttls" if "tls_context" in options else "none"
        yield Settings(smtp_host="127.0.0.1", smtp_port=server.port, smtp_tls=tls)


def written(settings: Settings, to: str = "una@example.org", **words: str) -> EmailMessage:
    texts = invitation_mail.TEXTS
    return mail.write(settings, texts, "invitation_client", to, **(WORDS | words))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1, signed by itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return pem


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_server_receives_the_mail() -> None:
    server = Server()
    async with listening(server) as settings:
        await mail.mailer(settings).send(written(settings))
    (envelope,) = server.got
    assert envelope.rcpt_tos == ["una@example.org"]
    assert b"An invitation from Harbour" in (envelope.original_content or b"")


async def test_the_connection_is_secured_first(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = Server()
    options = {"tls_context": server_context(certificate), "require_starttls": True}
    async with listening(server, **options) as settings:
        await mail.mailer(settings).send(written(settings))
    assert len(server.got) == 1


async def test_a_server_nobody_vouches_for_gets_nothing(certificate: Path) -> None:
    server = Server()
    async with listening(server, tls_context=server_context(certificate)) as settings:
        with pytest.raises(NotDone, match=r"^mail\."):
            await mail.mailer(settings).send(written(settings))
    assert server.got == []


async def test_a_server_without_security_gets_nothing() -> None:
    server = Server()
    async with listening(server) as plain:
        settings = plain.model_copy(update={"smtp_tls": "starttls"})
        with pytest.raises(NotDone, match=r"^mail\.refused$"):
            await mail.mailer(settings).send(written(settings))
    assert server.got == []


@pytest.mark.parametrize(
    ("said", "permanent"), [("550 nobody of that name", True), ("450 busy, come later", False)]
)
async def test_mail_to_a_refused_address_is_a_code_and_permanent_only_for_good(
    said: str, permanent: bool
) -> None:
    async with listening(Server(refuses=said)) as settings:
        with pytest.raises(NotDone, match=r"^mail\.recipient$") as refused:
            await mail.mailer(settings).send(written(settings))
    assert refused.value.__context__ is None
    assert refused.value.permanent is permanent


async def test_a_server_that_is_not_there_is_a_code() -> None:
    async with listening(Server()) as settings:
        pass
    with pytest.raises(NotDone, match=r"^mail\.unreachable$"):
        await mail.mailer(settings).send(written(settings))


async def test_a_folder_that_cannot_be_is_a_code(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands in the way")
    settings = Settings(data=tmp_path)
    with pytest.raises(NotDone, match=r"^mail\.folder$"):
        await mail.mailer(settings).send(written(settings))


@pytest.mark.parametrize(
    "to",
    ["a, b@example.org", "a@example.org\nBcc: x@example.org", "una", "<una@example.org>", "",
     "x@[.y", "a@b.c>", "a,b@c.d"],
)  # fmt: skip
def test_what_is_not_one_address_gets_no_mail_now_or_later(to: str) -> None:
    with pytest.raises(NotDone, match=r"^mail\.address$") as refused:
        written(Settings(), to)
    assert refused.value.permanent


def test_a_practice_name_adds_no_header() -> None:
    made = written(Settings(), practice="Harbour\nBcc: eve@example.org")
    assert made["Bcc"] is None
    assert made["Subject"] == "An invitation from Harbour"


@pytest.mark.parametrize("practice", ["Praxis für Gespräche", "相談室", "🌊 " + "Harbour " * 30])
def test_any_name_survives_the_way(practice: str) -> None:
    raw = written(Settings(), practice=practice).as_bytes()
    read: Any = message_from_bytes(raw, policy=default)
    assert practice.strip() in read["Subject"]
    assert practice.strip() in read.get_content()


def test_a_mail_says_who_sent_it_and_that_nobody_typed_it() -> None:
    made = written(Settings(mail_from="Harbour Mail <mail@harbour.example>"))
    assert parseaddr(str(made["From"]))[1] == "mail@harbour.example"
    assert made["Message-ID"].rstrip(">").endswith("@harbour.example")
    assert made["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_mail_knows_practice_link_and_secret_only(module: Any, name: str) -> None:
    source = (Path(module.__file__).parent / "mails" / name).read_text()
    asked = meta.find_undeclared_variables(module.TEXTS.parse(source))
    assert "link" in asked
    assert asked <= WORDS.keys()


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_mail_uses_our_words(module: Any, name: str) -> None:
    shown = module.TEXTS.get_template(name).render(WORDS).lower()
    unwanted = (
        "!", "patient", "therap", "client", "treatment", "diagnos", "session", "homework", "goal",
        "failed", "missed", "compliant", "streak", "amazing",
    )  # fmt: skip
    assert [word for word in unwanted if word in shown] == []


def test_there_is_a_mail_for_every_kind_of_invitation() -> None:
    invitations = {f"invitation_{kind}.txt" for kind in ("staff", "client", "guardian")}
    assert invitations <= {name for _, name in NAMES}
