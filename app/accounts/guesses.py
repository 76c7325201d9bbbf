"""Guesses at a password or a code by someone whose token, or password, is right.

Whoever has a stolen token could try codes without end and without a trace. So each guess is counted
in the database before it is looked at, one at a time; a wrong one is kept (counted, audited, the
person told) although it is refused. They are counted for each sign-in, so that a thief with one
keeps nobody out of another.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.responses import Response

from app.accounts import throttling
from app.core.errors import Problem, Unauthenticated
from app.core.ids import SYSTEM
from app.core.wire import json
from app.operation.after_commit import RefusedAfterCommit
from app.operation.work import Work

TOLD_AFTER: Final = 5
"""Wrong guesses within a quarter of an hour after which the person is told by mail, once."""
WRONG: Final = frozenset({"accounts.credentials", "accounts.second_factor"})


async def answered(work: Work, proving: Callable[[], Awaitable[Any]]) -> Response:
    """The answer to a guess: what `proving` returns, or its refusal of a wrong one.

    A refusal for a wrong guess is answered, not raised, so that what is written about it stays.
    Raises TooMany as `throttling.count_guess` does, and every other refusal.
    """
    subject = work.house.keyring.blind(SYSTEM, "guess", work.actor.sign_in_id)
    async with work.in_capacity("visitor"):
        tries = await throttling.count_guess(work, subject)
    try:
        async with work.attempt():
            proved = await proving()
    except Unauthenticated as refused:
        if refused.code not in WRONG:
            raise
        _keep(work, tries, work.actor.user_id)
        return RefusedAfterCommit(refused)
    async with work.in_capacity("visitor"):
        await throttling.forget_guesses(work, subject)
    return json(proved)


async def keep_wrong_code(work: Work, user_id: str, problem: Problem) -> None:
    """Audit and count a wrong code that came with the right password; another refusal is nothing.

    How often it is tried is bounded where the password is: this count only says when to tell.
    """
    if problem.code in WRONG:
        await work.introduce(practice_id=SYSTEM)
        subject = work.house.keyring.blind(SYSTEM, "codes", user_id)
        _keep(work, (await throttling.count(work, subject))["tries"], user_id)


def _keep(work: Work, tries: int, user_id: str) -> None:
    work.note("account", outcome="refused")
    if tries == TOLD_AFTER:
        work.tell("accounts.guessed", user_id)
