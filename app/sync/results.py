"""What became of one item, and what its device keeps of it."""

from typing import Any, Final

from app.core.errors import Conflict, Invalid, Problem, Stale, VersionRequired
from app.operation.preconditions import stale
from app.operation.work import Row
from app.sync.schemas import SyncItem

OTHER_BODY: Final = "client_key.other_body"
"""Something else is stored under the item's key: what it says now needs another."""

ON_THEIR_WAY: Final = frozenset({"files.unknown_key", "files.receiving"})
"""The files it names have not arrived, and nothing else is wrong with it."""


def stored(
    item: SyncItem, made: str | None, receipt: Row, *, is_new: bool, zone_replaced: bool
) -> Row:
    """Its words are stored: now, or before this batch."""
    outcome = "stored" if is_new else "duplicate"
    also = receipt.get("also_answered", [])
    return _result(
        item,
        outcome,
        id=made,
        receipt=receipt,
        also_answered=also,
        zone_replaced=zone_replaced,
    )


def again_later(item: SyncItem, problem: Row | None = None) -> Row:
    """Nothing is wrong with it."""
    return _result(item, "again_later", keep="item", problem=problem)


def waiting(item: SyncItem, instance: str) -> Row:
    """What it points at by key is not there yet."""
    return again_later(item, _UNKNOWN_KEY.document(instance))


def overtaken(item: SyncItem, about: str, instance: str, *, was_sent: bool) -> Row:
    """A draft after which more was sent by the same device, and stored; `was_sent`: so were all
    of its words."""
    if was_sent:
        problem = stale(None, "What this draft says was sent, and is stored. Forget the draft.")
        return _result(item, "superseded", id=about, problem=problem.document(instance))
    problem = stale(
        None,
        "Something else was sent of it after this draft, and is stored. Show the draft to the"
        " client, who may let it go, send it, or begin with it anew.",
    )
    return _result(
        item,
        "superseded",
        keep="words",
        resend_key="same",
        id=about,
        problem=problem.document(instance),
    )


def of_problem(
    item: SyncItem, place: int, about: str | None, problem: Problem, instance: str
) -> Row:
    """Its operation would not have it so: another version is there, or none, or it is not as it
    should be, or the house is busy. What is named lies in the `place`-th item's body."""
    inside = f"/items/{place}/body"
    problem.errors = [{**one, "pointer": inside + one["pointer"]} for one in problem.errors]
    if isinstance(problem, VersionRequired):
        return refused(item, _VERSION_NEEDED, instance)
    if problem.status >= 500 or problem.status == 429:
        return again_later(item)
    if problem.errors and all(one["code"] in ON_THEIR_WAY for one in problem.errors):
        return again_later(item, problem.document(instance))
    if not isinstance(problem, Stale):
        return refused(item, problem, instance)
    current = problem.extra.get("current_version")
    return _result(
        item,
        # What is no longer there was overtaken by what took its place.
        "conflict" if current is not None else "superseded",
        keep="words",
        resend_key="same",
        id=about,
        current_version=current,
        problem=problem.document(instance),
    )


def refused(item: SyncItem, problem: Problem, instance: str) -> Row:
    """Something is wrong with it, and its words are on the device alone."""
    return _result(
        item,
        "refused",
        keep="words",
        resend_key="fresh" if problem.code == OTHER_BODY else "same",
        receipt=problem.extra.get("receipt"),
        problem=problem.document(instance),
    )


def unreadable(key: str | None, kind: str | None, problem: Problem, instance: str) -> Row:
    """It is no item that could be understood."""
    shown = problem.document(instance)
    wrong_key = any(one["pointer"].endswith("/client_key") for one in shown["errors"])
    return _shape(
        client_key=key,
        kind=kind,
        outcome="refused",
        keep="words",
        resend_key="fresh" if key is None or wrong_key else "same",
        problem=shown,
    )


def _result(item: SyncItem, outcome: str, **told: Any) -> Row:
    return _shape(client_key=item.client_key, kind=item.kind, outcome=outcome, **told)


def _shape(**told: Any) -> Row:
    return {
        "client_key": None,
        "kind": None,
        "outcome": None,
        "keep": "nothing",
        "resend_key": None,
        "id": None,
        "current_version": None,
        "zone_replaced": False,
        "also_answered": [],
        "receipt": None,
        "problem": None,
    } | told


_UNKNOWN_KEY: Final = Conflict(
    "sync.unknown_key",
    "Nothing was stored under this about_key yet. Send what it names, then this again.",
)
_VERSION_NEEDED: Final = Invalid(
    "versions.required", "Say in base_version which version you saw, and send it again."
)
