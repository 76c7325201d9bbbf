"""Where the database is, for each of the three who go there: owner, application and worker."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pydantic import SecretStr

from app.command.saying import Complaint
from app.core import schema
from app.settings import Settings
from app.vault.keyfile import Keys
from app.vault.sealing import Key, derive

EXAMPLE: Final = "postgresql://user:password@host:5432/praxis"
LESSER: Final = (schema.APPLICATION, schema.WORKER)


@dataclass(frozen=True)
class Addresses:
    """One database's addresses. `owner` is None where only the lesser roles' were given.

    `passwords` are those that we choose: of the roles without an address of their own.
    """

    owner: str | None = field(repr=False)
    application: str = field(repr=False)
    worker: str = field(repr=False)
    passwords: dict[str, str] = field(repr=False)


def password_of(root: Key, role: str) -> str:
    """The password of a role that is ours to make: it follows from the root key."""
    return derive(root, f"role:{role}").raw.hex()


def from_settings(settings: Settings, keys: Keys) -> Addresses:
    """The addresses in the settings; roles without one use the owner's server, as themselves.

    Raises Complaint as `demand_named` does.
    """
    owner, application, worker = demand_named(settings)
    passwords = {
        role: password_of(keys.root, role)
        for role, own in ((schema.APPLICATION, application), (schema.WORKER, worker))
        if own is None
    }

    def of(role: str, own: str | None) -> str:
        if own is not None:
            return own
        if owner is None:
            return ""
        return as_role(owner, role, passwords[role])

    return Addresses(
        owner, of(schema.APPLICATION, application), of(schema.WORKER, worker), passwords
    )


def demand_named(settings: Settings) -> tuple[str | None, str | None, str | None]:
    """The addresses as they are set: the owner's, the application's and the worker's.

    Raises Complaint when there is none at all, or one that is no address.
    """
    given = (
        _read(settings.database_url, "DATABASE_URL"),
        _read(settings.application_database_url, "PRAXIS_APPLICATION_DATABASE_URL"),
        _read(settings.worker_database_url, "PRAXIS_WORKER_DATABASE_URL"),
    )
    if given == (None, None, None):
        raise Complaint(
            f"No database is named: set DATABASE_URL (such as {EXAMPLE}), or use `praxis up`,"
            " which starts its own PostgreSQL."
        )
    return given


def on_server(owner: str, keys: Keys) -> Addresses:
    """The addresses on a server whose roles are all ours."""
    application, worker = (password_of(keys.root, role) for role in LESSER)
    return Addresses(
        owner,
        as_role(owner, schema.APPLICATION, application),
        as_role(owner, schema.WORKER, worker),
        {schema.APPLICATION: application, schema.WORKER: worker},
    )


def as_role(address: str, role: str, password: str) -> str:
    """The same database for another role."""
    parts = urlsplit(address)
    hosts = parts.netloc.rpartition("@")[2]
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in ("user", "password", "passfile")
    ]
    who = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return urlunsplit(
        parts._replace(netloc=f"{who}@{hosts}", query=urlencode(kept, quote_via=quote))
    )


def place(address: str) -> str:
    """Where an address leads, without user and password."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    hosts = parts.netloc.rpartition("@")[2] or query.get("host", "") or "this machine"
    return f"{hosts}, database {parts.path.lstrip('/') or query.get('dbname') or 'of the role'}"


def checked(address: str, name: str) -> str:
    """The address, if it can be one. Raises Complaint, which does not repeat it."""
    wrong = Complaint(f"{name} is not a database's address: write it like {EXAMPLE}.")
    address = address.strip()
    try:
        parts = urlsplit(address)
        _ = [urlsplit(f"//{one}").port for one in parts.netloc.rpartition("@")[2].split(",")]
    except ValueError:
        raise wrong from None
    if parts.scheme.startswith("postgresql+"):
        raise Complaint(
            f"{name} begins with {parts.scheme}: leave the driver out and write postgresql."
        )
    if parts.scheme not in ("postgresql", "postgres") or not address.isprintable():
        raise wrong
    return address


def _read(given: SecretStr | None, name: str) -> str | None:
    if given is None:
        return None
    return checked(given.get_secret_value(), name)
