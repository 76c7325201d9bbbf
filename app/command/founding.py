"""A practice and its first owner, made from the command line."""

import asyncio
import os
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from app.accounts.schemas import Email
from app.command.addresses import Addresses
from app.command.preparing import demand_keys, opened
from app.command.saying import Complaint
from app.core.ids import new_id
from app.core.wire import Line, Zone
from app.operation.work import Work
from app.practices.founding import first_owner, found
from app.practices.schemas import Country, CrisisResource
from app.settings import Settings
from app.vault.keyfile import Keys

LONGEST_PASSWORD_FILE: Final = 4096


class Founding(BaseModel):
    """What a practice begins with."""

    name: Line
    zone: Zone
    country: Country
    crisis_line: CrisisResource
    owner_name: Line
    email: Email


def checked(crisis_line: str, **given: str) -> Founding:
    """The particulars, as the API would take them. Raises Complaint, naming the flags to mend."""
    written = {name: _letters(value) for name, value in given.items()}
    try:
        return Founding.model_validate(
            {**written, "crisis_line": _crisis_line(_letters(crisis_line))}
        )
    except ValidationError as failure:
        said = {
            f"--{str(error['loc'][0]).replace('_', '-')}: {_words(error)}"
            for error in failure.errors(include_url=False)
        }
        raise Complaint(f"This is not as it should be: {'; '.join(sorted(said))}.") from None


def _crisis_line(words: str) -> dict[str, str]:
    """A crisis line as it is typed: "Name=phone". Raises Complaint for anything else."""
    name, equals, phone = words.rpartition("=")
    if not (equals and name.strip() and phone.strip()):
        raise Complaint('Write a crisis line as --crisis-line "Name=phone number".')
    return {"name": name.strip(), "phone": phone.strip()}


def password_in(file: Path) -> str:
    """The first line of a file (or of a pipe). Raises Complaint when there is none."""
    try:
        with file.open(encoding="utf-8") as reading:
            password = reading.read(LONGEST_PASSWORD_FILE).partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not text"
        raise Complaint(f"The password file {file} cannot be read ({why}).") from None
    if not password:
        raise Complaint(f"The first line of {file} is empty: write the owner's password there.")
    return password


def make(
    settings: Settings,
    keys: Keys,
    addresses: Addresses,
    what: Founding,
    *,
    password: str,
    treats: bool,
) -> str:
    """Make the practice and its owner, who also treats clients if `treats`; the practice's id.

    Raises Problem for a password that will not do.
    """
    return asyncio.run(_make(settings, keys, addresses, what, password, treats))


async def _make(
    settings: Settings,
    keys: Keys,
    addresses: Addresses,
    what: Founding,
    password: str,
    treats: bool,
) -> str:
    async with opened(settings, addresses, keys) as house:
        # Sealed under other keys than the rest, a practice would be lost with them.
        await demand_keys(house)
        work = Work(house, operation="create_practice", request_id=new_id())
        async with work.visit(capacity="job"):
            practice_id = await found(
                work,
                name=what.name,
                zone=what.zone,
                country=what.country,
                crisis_resources=[what.crisis_line.model_dump(exclude_none=True)],
            )
            await first_owner(
                work,
                email=what.email,
                password=password,
                name=what.owner_name,
                roles=("owner", "therapist") if treats else ("owner",),
            )
            return practice_id


def _letters(typed: str) -> str:
    """Text from the command line as it was typed, also where the locale knows no such letters."""
    try:
        return os.fsencode(typed).decode()
    except UnicodeError:
        return typed


def _words(error: Any) -> str:
    if error["type"] == "string_pattern_mismatch":
        return "it does not have the form that is asked for, such as DE or ana@example.org"
    return str(error["msg"]).removeprefix("Value error, ")
