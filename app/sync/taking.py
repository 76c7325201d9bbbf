"""Items taken in, each by itself: what goes wrong with one undoes that one and nothing else."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import asyncpg
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from sqlalchemy import Text, and_, func, select

from app.access.grounds import Guardian
from app.access.permissions import SCOPES
from app.clients.models import Client
from app.core.clock import now
from app.core.errors import Forbidden, Invalid, Problem
from app.core.statements import UUID_TEXT, Query, p
from app.core.wire import KNOWN_ZONE
from app.core.zones import local_day
from app.operation import json_text, refusals
from app.operation.frame import AWAY, RETRIED
from app.operation.validation import errors_of
from app.operation.work import Row, Work
from app.sync import pointing, results
from app.sync.kinds import Kind, Said, kind_of
from app.sync.schemas import SyncItem, SyncRequest

_ONE_AT_A_TIME = Query(
    select(
        func.pg_advisory_xact_lock(
            func.hashtextextended(func.concat(p("practice_id"), p("acting")), 0)
        )
    )
)
_PATIENCE = Query(select(func.set_config("lock_timeout", p("long", Text()), True)))
LONGEST_WAIT: Final = "8s"
"""For the client's other devices: whoever waits holds a connection that others need."""
_MOST_NAMED: Final = 20
"""Errors of one item that are named at once."""
_ITEMS_AT_A_TIME: Final = 10
# As the gate lets a guardian in: by the guardianships that count today, and no others. Whose they
# are is read along, which tells them from another's; what day it is, Python says.
_SCOPES = Query(
    select(Guardian.scopes, Guardian.user_id, Guardian.starts_on, Guardian.ends_on, Client.zone)
    .join(Client, and_(Client.practice_id == Guardian.practice_id, Client.id == Guardian.client_id))
    .where(
        Guardian.practice_id == p("practice_id"),
        Guardian.client_id == p("acting", UUID_TEXT),
        Guardian.user_id == p("me"),
        Guardian.revoked_at.is_(None),
        Guardian.suspended_at.is_(None),
    )
)


@dataclass(slots=True)
class Batch:
    """One request's items, what they point at, and who sends them."""

    asked: SyncRequest
    instance: str
    scopes: frozenset[str] | None
    """A guardian's; None for the client in person."""
    items: list[SyncItem | None] = field(default_factory=list)
    results: list[Row | None] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)
    """The id of what each key's item made or was about."""


async def scopes_of(work: Work) -> frozenset[str] | None:
    """What a guardian may do here; None for the client in person, who may do all of it."""
    if work.actor.capacity == "self":
        return None
    rows = await work.rows(_SCOPES)
    return frozenset(one for row in rows if _counts_today(row) for one in row["scopes"])


def _counts_today(guardianship: Row) -> bool:
    today, last_on = local_day(now(), guardianship["zone"]), guardianship["ends_on"]
    return guardianship["starts_on"] <= today and (last_on is None or today <= last_on)


async def take(work: Work, asked: SyncRequest, scopes: frozenset[str] | None) -> list[Row]:
    """Take the items in, each after those it points at; their results, in the items' order.

    Raises TooMany for more than the caller's share of a minute, Unavailable while other devices of
    the client's are being heard for long.
    """
    batch = Batch(asked, f"urn:uuid:{work.request_id}", scopes)
    if not asked.items:
        return []
    work.weigh(len(asked.items))
    # Two devices of one client take turns: neither waits for a row the other will ask for.
    await work.row(_PATIENCE, long=LONGEST_WAIT)
    await work.rows(_ONE_AT_A_TIME)
    await work.row(_PATIENCE, long="0")
    for place, raw in enumerate(asked.items):
        batch.items.append(_read(batch, place, raw))
        await _let_others_in(place)
    there = [one for one in batch.items if one is not None]
    keys = [one.about_key for one in there]
    if any(one.kind == "draft" for one in there):
        keys += [one.client_key for one in there if one.kind == "submission"]
    stored = await pointing.stored(work, keys)
    for place, was_sent in pointing.overtaken(batch.items, stored).items():
        item = batch.items[place]
        assert item is not None
        about = str(item.about_id)
        batch.results[place] = results.overtaken(item, about, batch.instance, was_sent=was_sent)
    kept = work.headers
    try:
        for place in pointing.in_order(batch.items):
            batch.results[place] = batch.results[place] or await _take(work, batch, place, stored)
            await _let_others_in(place)
    finally:
        work.headers = kept
    return [one for one in batch.results if one is not None]


async def _let_others_in(place: int) -> None:
    """Items that are refused wait for nothing, and 500 of them would hold up everybody else."""
    if place % _ITEMS_AT_A_TIME == 0:
        await asyncio.sleep(0)


def _read(batch: Batch, place: int, raw: Any) -> SyncItem | None:
    try:
        _demand_storable(raw, place)
        item = _item(raw, place)
    except RequestValidationError as failure:
        key, kind = (_shown(raw, name) for name in ("client_key", "kind"))
        problem = refusals.invalid(failure)
        batch.results.append(results.unreadable(key, kind, problem, batch.instance))
        return None
    batch.results.append(None)
    return item


def _item(raw: Any, place: int) -> SyncItem:
    try:
        return SyncItem.model_validate(raw)
    except ValidationError as failure:
        raise _located(failure, place) from None


def _demand_storable(raw: Any, place: int) -> None:
    """Raises RequestValidationError for text that cannot be stored, wherever it stands."""
    found = islice(json_text.unstorable(raw, ("body", "items", place)), _MOST_NAMED)
    wrong = [{"type": "string_unicode", "loc": one, "msg": ""} for one in found]
    if wrong:
        raise RequestValidationError(wrong)


def _shown(raw: Any, name: str) -> str | None:
    """A member of an item that was not understood, where it can be told by it which it was."""
    value = raw.get(name) if isinstance(raw, dict) else None
    if not isinstance(value, str) or next(json_text.unstorable(value), None) is not None:
        return None
    return value[:100]


async def _take(work: Work, batch: Batch, place: int, stored: Mapping[str, str]) -> Row:
    item = batch.items[place]
    assert item is not None
    about = str(item.about_id) if item.about_id else None
    if about is None and item.about_key is not None:
        about = batch.made.get(item.about_key) or stored.get(item.about_key)
        if about is None:
            return results.waiting(item, batch.instance)
    for last_try in (False, True):
        try:
            kind = kind_of(item.kind)
            _demand_allowed(work, batch, kind)
            body, zone_replaced = _body(batch, place, item, kind, about)
            # What asks the request for the version seen is told the item's.
            work.headers = _headers(item)
            async with work.attempt():
                row, is_new = await kind.do(work, Said(about or "", body, item.base_version))
        except RequestValidationError as failure:
            return results.refused(item, refusals.invalid(failure), batch.instance)
        except Problem as problem:
            return results.of_problem(item, place, about, problem, batch.instance)
        except RETRIED as failure:
            if last_try:
                if isinstance(failure, asyncpg.UniqueViolationError):
                    refusals.log_fault(failure, work.request_id)
                return results.again_later(item)
        except AWAY:
            raise
        except Exception as failure:
            # A fault of ours with this item: the others are not to wait for its mending.
            refusals.log_fault(failure, work.request_id)
            return results.again_later(item)
        else:
            made = _id_of(row, kind, about)
            if made is not None:
                batch.made[item.client_key] = made
            return results.stored(item, made, row, is_new=is_new, zone_replaced=zone_replaced)
    raise AssertionError("two tries always end")


def _headers(item: SyncItem) -> dict[str, str]:
    return {} if item.base_version is None else {"if-match": f'"v{item.base_version}"'}


def _body(
    batch: Batch, place: int, item: SyncItem, kind: Kind, about: str | None
) -> tuple[BaseModel, bool]:
    """What the item says, as its operation takes it, and whether its zone was replaced by the
    client's own. Raises RequestValidationError."""
    if (kind.about is not None) is not (about is not None) and not kind.about_is_optional:
        raise _wrong_about(kind)
    fields = kind.body.model_fields
    body, zone_replaced = dict(item.body), False
    if kind.names_about and about is not None:
        body.setdefault(kind.names_about, about)
    filled_in = False
    if kind.happens_somewhere:
        told = body.pop("zone", None)
        zone = KNOWN_ZONE.validate_python(told)
        filled_in = zone is None
        body["zone"] = zone or batch.asked.zone
        zone_replaced = zone is None and (told is not None or batch.asked.zone is None)
    # The key is the item's and the time of sending the batch's, whatever else the body says.
    fixed = {"client_key": item.client_key, "sent_at": batch.asked.sent_at}
    body |= {name: value for name, value in fixed.items() if name in fields}
    try:
        said = kind.body.model_validate(body)
    except ValidationError as failure:
        raise _located(failure, place, "body") from None
    if filled_in:
        # What the batch filled in, the client did not say of this.
        said.model_fields_set.discard("zone")
    return said, zone_replaced


def _demand_allowed(work: Work, batch: Batch, kind: Kind) -> None:
    scope = SCOPES.get(kind.permission)
    allowed = batch.scopes is None or scope is None or scope in batch.scopes
    if not (work.actor.may(kind.permission) and allowed):
        raise _not_included()


def _id_of(row: Row | None, kind: Kind, about: str | None) -> str | None:
    found = row.get(kind.makes) if row is not None and kind.makes else None
    return str(found) if found is not None else about


def _located(failure: ValidationError, place: int, *inside: str) -> RequestValidationError:
    """The same findings, placed in the request's own body."""
    where: tuple[str | int, ...] = ("body", "items", place, *inside)
    return RequestValidationError(errors_of(failure, *where, most=_MOST_NAMED))


def _wrong_about(kind: Kind) -> Problem:
    if kind.about is None:
        return Invalid("sync.about", "Such an item is about nothing: leave out about_id.")
    return Invalid("sync.about", f"Name the {kind.about} it is about, by about_id or about_key.")


def _not_included() -> Problem:
    return Forbidden(
        "access.scope", "The guardianship you hold for this client does not include this."
    )
