"""What a transaction writes as it ends, in the round trip of its commit: audit rows and events."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from app.core.ids import new_id

_SAFE: Final = re.compile(r"[0-9A-Za-z_.:-]{1,120}")

Audit = tuple[str, str, str | None]
"""About which class of data, with what outcome, and the id that was asked for."""
Event = tuple[str, str, str | None]
"""What happened, to what, of which client."""


@lru_cache(maxsize=4096)
def safe(value: str | None) -> str:
    """A value as a literal for a simple query: ids and fixed words only, anything else raises."""
    if value is None:
        return "null"
    if not _SAFE.fullmatch(value):
        raise ValueError("only ids and fixed words go into a simple query")
    return f"'{value}'"


def settings(known: Mapping[str, str | None]) -> str:
    """A statement that puts these into the caller's settings, for this transaction."""
    sets = ", ".join(
        f"set_config('app.{name}', {safe(value)}, true)"
        for name, value in known.items()
        if value is not None
    )
    return f"select {sets}"


def widened(names: Iterable[str], value: str) -> str:
    """A statement that adds an id to these lists in the caller's settings."""
    sets = ", ".join(
        f"set_config('app.{name}', concat_ws(',', "
        f"nullif(current_setting('app.{name}', true), ''), {safe(value)}), true)"
        for name in names
    )
    return f"select {sets}"


def spoken(
    practice_id: str,
    user_id: str | None,
    capacity: str,
    operation: str,
    request_id: str,
    audits: Mapping[str | None, Audit],
    events: Iterable[Event],
) -> str:
    """The last statement of a transaction: its audit rows, its events, and the commit."""
    practice, said = safe(practice_id), ""
    if audits:
        who = f"{safe(user_id)}, {safe(capacity)}, {safe(operation)}"
        request = safe(request_id)
        rows = ", ".join(
            f"({practice}, '{new_id()}', {who}, {safe(about)}, {safe(client_id)},"
            f" {safe(outcome)}, {safe(asked)}, {request})"
            for client_id, (about, outcome, asked) in audits.items()
        )
        said = (
            "insert into audit_events (practice_id, id, user_id, capacity, operation, about,"
            f" client_id, outcome, asked_id, request_id) values {rows}; "
        )
    rows = ", ".join(
        f"({practice}, '{new_id()}', {safe(kind)}, {safe(subject)}, {safe(client_id)})"
        for kind, subject, client_id in events
    )
    if rows:
        said += f"insert into events (practice_id, id, kind, subject_id, client_id) values {rows}; "
    return said + "commit"
