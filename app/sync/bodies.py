"""Changed things as their own operations show them; what is no longer shown is gone."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from app.access.permissions import SCOPES, Permission
from app.goals import service as goals
from app.homework import agreeing, asking, drafting, my_submissions, slots
from app.operation.work import Row, Work
from app.rests import mine as rests

Several = Callable[[Work, list[str]], Awaitable[list[Row]]]

KINDS: Final[dict[str, tuple[Permission, Several]]] = {
    "assignment": (Permission.my_homework_read, agreeing.several),
    "submission": (Permission.my_homework_read, my_submissions.several),
    "draft": (Permission.my_drafts, drafting.several),
    "question": (Permission.my_questions, asking.several),
    "rest_period": (Permission.my_homework_read, rests.several),
    "occurrence": (Permission.my_homework_read, slots.several),
    "goal": (Permission.my_goals_read, goals.mine_several),
}


def is_open(kind: str, scopes: frozenset[str] | None) -> bool:
    """Whether one with these scopes (None: the client in person) reads things of that kind."""
    if kind not in KINDS:
        return False
    return scopes is None or SCOPES.get(KINDS[kind][0]) in scopes


async def of(work: Work, heads: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """By kind and id, what each is now: one statement for each kind there is."""
    wanted: dict[str, list[str]] = {}
    for head in heads:
        wanted.setdefault(head["kind"], []).append(head["id"])
    found: dict[tuple[str, str], Row] = {}
    for kind, ids in wanted.items():
        for row in await KINDS[kind][1](work, ids):
            found[(kind, row["id"])] = row
    return found
