"""`praxis doctor`: what is well, what is not, and how to mend it."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
from rich.table import Table

from app.command.addresses import Addresses, from_settings, on_server, place
from app.command.explanations import sentence
from app.command.preparing import AHEAD, DATABASE, reach
from app.command.saying import out, plain, say
from app.core import embedded, schema
from app.core.clock import now
from app.core.zones import current_zones
from app.main import open_house
from app.settings import Settings
from app.upkeep.readiness import keys_open
from app.vault import keyfile
from app.vault.keyfile import Keys
from app.vault.sealing import Key

CLOCK_SECONDS: Final = 2.0
EXEMPT: Final = "^(alembic_version|pgqueuer.*)$"
"""Tables without walls: they hold no row of any practice's."""

_BYPASSING = """
select rolname from pg_roles
 where rolname = any($1::text[]) and (rolbypassrls or rolsuper)
 order by 1
"""
_MISSING = """
select name from unnest($1::text[]) as name
 where name not in (select rolname from pg_roles) order by 1
"""
_OPEN = """
select relname from pg_class
 where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
   and relname !~ $1 and not (relrowsecurity and relforcerowsecurity)
 order by 1
"""


_ZONES = "select name from unnest($1::text[]) as name except select name from pg_timezone_names"


@dataclass(frozen=True)
class Finding:
    """One check's outcome: `mend` is None when all is well."""

    check: str
    found: str
    mend: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Every check, in order; those that need what an earlier one did not find are left out."""
    findings = [_configuration(settings)]
    keys, finding = _keys(settings)
    findings.append(finding)
    try:
        with _addresses(settings, keys) as addresses:
            findings += asyncio.run(_database(settings, addresses, keys))
    except Exception as failure:
        findings.append(_bad("database", failure))
    return findings


def show(findings: list[Finding]) -> bool:
    """Print them as a table; whether all is well."""
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("", "check", "found"):
        table.add_column(heading, overflow="fold")
    bad = [one for one in findings if one.mend is not None]
    for one in findings:
        mark = "[green]well[/]" if one.mend is None else "[bold red]mend[/]"
        table.add_row(mark, one.check, plain(one.found))
    out.print(table)
    for one in bad:
        say()
        say(f"[bold]{one.check}[/]: {plain(one.mend)}")
    return not bad


def _configuration(settings: Settings) -> Finding:
    folder: Path = settings.data
    if not folder.exists() and settings.database_url is None:
        return Finding(
            "configuration",
            f"no data folder {folder}",
            "Run `praxis up`, which makes it, or name the right one with --data.",
        )
    return Finding("configuration", f"{settings.environment}, data in {folder}")


def _keys(settings: Settings) -> tuple[Keys | None, Finding]:
    try:
        keys = keyfile.load(settings.key_folder)
    except (keyfile.KeysMissing, keyfile.KeysUnreadable) as failure:
        return None, _bad("keys", failure)
    return keys, Finding("keys", f"readable, in {settings.key_folder}")


@contextmanager
def _addresses(settings: Settings, keys: Keys | None) -> Iterator[Addresses]:
    """Where to look; without keys only the owner's address is of use."""
    stand_in = keys or keyfile.Keys(_NO_KEY, keyfile.SigningKey("", b""), ())
    if settings.database_url or settings.application_database_url or settings.worker_database_url:
        yield from_settings(settings, stand_in)
        return
    if not (settings.data / "cluster").exists():
        raise schema.SchemaError(
            f"There is no database in {settings.data} yet: run `praxis up`, or set DATABASE_URL."
        )
    server = embedded.start(settings.data, run_as=settings.postgres_account)
    try:
        yield on_server(server.dsn(DATABASE), stand_in)
    finally:
        server.close()


_NO_KEY: Final = Key(bytes(32))


async def _database(settings: Settings, addresses: Addresses, keys: Keys | None) -> list[Finding]:
    address = addresses.owner or addresses.application or addresses.worker
    connection = await reach(address)
    try:
        version = await connection.fetchval("show server_version")
        findings = [Finding("database", f"PostgreSQL {version} at {place(address)}")]
        state = await schema.state(address)
        findings.append(_revision(state, address))
        findings.append(await _roles(connection))
        if state != "empty":
            findings.append(await _walls(connection))
        findings.append(await _clock(connection))
        findings.append(await zones_known(connection))
    finally:
        await connection.close()
    if keys is not None and state != "empty" and addresses.application:
        findings.append(await _sealed(settings, addresses.application, keys))
    return findings


def _revision(state: schema.State, address: str) -> Finding:
    if state == "current":
        return Finding("migrations", f"at this code's revision, {schema.head()}")
    if state == "ahead":
        return Finding("migrations", "ahead of this code", AHEAD.format(place=place(address)))
    return Finding("migrations", state, "Run `praxis migrate`.")


async def _roles(connection: Any) -> Finding:
    names = [schema.APPLICATION, schema.WORKER, schema.GATE]
    missing = [row["name"] for row in await connection.fetch(_MISSING, names)]
    if missing:
        return Finding("roles", f"missing: {', '.join(missing)}", "Run `praxis migrate`.")
    bypassing = [row["rolname"] for row in await connection.fetch(_BYPASSING, names)]
    if bypassing:
        return Finding(
            "roles",
            f"row security does not hold for {', '.join(bypassing)}",
            "Run, as a superuser: "
            + " ".join(f"alter role {name} nosuperuser nobypassrls;" for name in bypassing),
        )
    return Finding("roles", "none of them passes row security by")


async def _walls(connection: Any) -> Finding:
    tables = [row["relname"] for row in await connection.fetch(_OPEN, EXEMPT)]
    if tables:
        return Finding(
            "row security",
            f"not forced on {', '.join(tables)}",
            "Run, as the owner: "
            + " ".join(
                f"alter table {name} enable row level security, force row level security;"
                for name in tables
            ),
        )
    return Finding("row security", "forced on every table")


async def _clock(connection: Any) -> Finding:
    before = now()
    theirs = await connection.fetchval("select clock_timestamp()")
    ours = before + (now() - before) / 2
    apart = abs((theirs - ours).total_seconds())
    if apart >= CLOCK_SECONDS:
        return Finding(
            "clock",
            f"{apart:.1f} s between this machine and the database",
            "Let both machines keep time by NTP.",
        )
    return Finding("clock", f"{apart:.2f} s between this machine and the database")


async def zones_known(connection: Any) -> Finding:
    """Compare the zones that are stored with those the database knows."""
    names = sorted(current_zones())
    missing = sorted(row["name"] for row in await connection.fetch(_ZONES, names))
    if not missing:
        return Finding("time zones", f"the database knows all {len(names)}")
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return Finding(
        "time zones",
        f"the database does not know {', '.join(missing[:3])}{more}",
        "Install the newest time zone data where PostgreSQL runs (the package tzdata), and start"
        " PostgreSQL again. Until then guardianships of clients who live there begin and end with"
        " the day of UTC.",
    )


async def _sealed(settings: Settings, address: str, keys: Keys) -> Finding:
    house = await open_house(settings, dsn=address, keys=keys)
    try:
        async with house.pool.acquire() as connection:
            opens = await keys_open(house, connection)
    except asyncpg.InvalidAuthorizationSpecificationError:
        # Our roles' passwords follow from the root key: another key, another password.
        opens = settings.application_database_url is not None
        if opens:
            return _bad("sealed data", asyncpg.InvalidPasswordError())
    except Exception as failure:
        return _bad("sealed data", failure)
    finally:
        await house.pool.close()
    if opens:
        return Finding("sealed data", "the root key opens it")
    return Finding(
        "sealed data",
        f"the root key in {settings.key_folder} does not open it",
        "Restore the key folder this database was made with; if these keys are the right ones,"
        " run `praxis migrate`.",
    )


def _bad(check: str, failure: BaseException) -> Finding:
    found, *mend = re.split(r"[.:] ", sentence(failure), maxsplit=1)
    return Finding(check, found, mend[0][:1].upper() + mend[0][1:] if mend else "See the README.")
