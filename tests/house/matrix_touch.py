"""Trying row cells: bare SQL as the application's role, after the caller has come in."""

from collections.abc import Iterable
from typing import Any, Final

import asyncpg

from app.core.ids import SYSTEM
from app.models import metadata
from app.operation.work import Work
from tests.house.matrix_assigning import pinned, topic
from tests.house.matrix_doing import drafted, practised, practised_for_thea, taken_back
from tests.house.matrix_doing import of_greta as sent_by_greta
from tests.house.matrix_files import announced, attached, for_thea, kept_back, of_greta
from tests.house.matrix_goals import agreed, rated
from tests.house.matrix_homework import sent, summarised, told_thea
from tests.house.matrix_library import exercise
from tests.house.matrix_my_assigning import asked, taken_up
from tests.house.matrix_notes import draft, for_guardians, held, left_behind, signed
from tests.house.matrix_people import Caller, actor
from tests.house.matrix_programs import given
from tests.house.matrix_reminders import chosen
from tests.house.matrix_rests import running
from tests.house.matrix_run import Cell
from tests.house.matrix_scene import Ask, Scene
from tests.house.matrix_sessions import planned
from tests.house.matrix_tables import LINES, Line

VERBS: Final = ("read", "add", "change", "remove", "move")

_BY_HAND: Final = (
    "insert into recovery_codes (user_id, code_hash) values ($3, '\\x01')",
    "insert into refresh_tokens (token_hash, sign_in_id, user_id, idle_until)"
    " select uuid_send(gen_random_uuid()), id, user_id, now() from sign_ins"
    " where user_id = $3 limit 1",
    "insert into idempotency_keys (practice_id, user_id, key_hash, fingerprint, status)"
    " values ($2, $3, '\\x03', '\\x03', 201)",
    "insert into client_keys (practice_id, client_id, kind, wrapped)"
    " values ($2, $1, 'private', '\\x05') on conflict do nothing",
    "insert into throttles (subject_hash, window_ends_at) values ('\\x06', now())"
    " on conflict do nothing",
    "insert into resets (id, email_hash) values (gen_random_uuid(), '\\x07')",
    "insert into reminders (practice_id, id, client_id, occurrence_id, remind_at)"
    " select practice_id, gen_random_uuid(), client_id, id, now() from occurrences"
    " where client_id = $1 limit 1",
    "insert into attention_notices (practice_id, id, client_id, repetition_id, subject_id, user_id,"
    " why, reasons, client_name, due_at) select r.practice_id, gen_random_uuid(), r.client_id,"
    " r.id, r.id, u.id, 'owner', '{unsafe}', '\\x09', now() from repetitions r"
    " cross join (values ($5::uuid), ($6::uuid), ($7::uuid)) u (id)"
    " where r.client_id = $1 limit 3",
    "insert into draft_files (practice_id, occurrence_id, name, client_id, kept_until)"
    " select practice_id, id, 'a-key', client_id, now() + interval '1 day' from occurrences"
    " where client_id = $1 limit 1",
    "insert into invitations (practice_id, id, kind, client_id, words, invited_by)"
    " values ($2, gen_random_uuid(), 'client', $1, '\\x08', $3)",
    "insert into invitations (practice_id, id, kind, words, invited_by)"
    " values ($2, gen_random_uuid(), 'staff', '\\x08', $3)",
)


async def plant_rows(scene: Scene) -> None:
    """At least one row of Kit's, or Harbour's, or Kit's login's, in every table."""
    treating = scene.people.callers["treating"]
    for plant in (sent, summarised, exercise, draft, signed, held, for_guardians, left_behind):
        await plant(scene, treating)
    for plant in (announced, of_greta, attached, kept_back, for_thea, drafted, practised):
        await plant(scene, treating)
    for plant in (told_thea, sent_by_greta, taken_back, taken_up, practised_for_thea, rated):
        await plant(scene, treating)
    for reviewed in (False, True):
        thing = await attached(scene, treating)
        sql = "update uploads set taken_back = true, reviewed = $2 where id = $1"
        await scene.admin.execute(sql, thing.id, reviewed)
    for plant in (planned, running, chosen, topic, pinned, asked, given):
        await plant(scene, treating)
    goal = await agreed(scene, treating)
    shared = {"client_key": await scene.next_key(), "value": 5, "visibility": "shared"}
    await scene.do("client", "rate_my_goal", Ask({"goal_id": goal.id}, shared))
    read = await sent(scene, treating)
    review = {"number": 1, "comment": "Thank you.", "team_comment": "To be asked about."}
    await scene.do("treating", "review_submission", Ask({"submission_id": read.id}, review, 1))
    for statement in _BY_HAND:
        await scene.admin.execute(_fitted(scene, statement))


async def touch(
    scene: Scene, lines: Iterable[Line] = LINES, verbs: Iterable[str] = VERBS
) -> list[Cell]:
    """Every row cell of these lines and verbs, for everyone who can come in."""
    marks = [(line, *await _marked(scene, line)) for line in lines]
    cells: list[Cell] = []
    for caller in scene.people.callers.values():
        if caller.person is None:
            continue
        transaction = scene.admin.transaction()
        await transaction.start()
        try:
            # Locks and foreign keys aside: what is tried is row security.
            await scene.admin.execute("set local session_replication_role = replica")
            came_in = await _comes_in(scene, caller)
            for line, place, copy in marks:
                for verb in verbs:
                    reached = came_in and await _reaches(scene.admin, line, verb, place, copy)
                    cells.append(_cell(line, verb, caller, reached))
        finally:
            await transaction.rollback()
    return cells


def _cell(line: Line, verb: str, caller: Caller, reached: bool) -> Cell:
    expected = "ok" if caller.name in line.may(verb) else "out of reach"
    answered = "ok" if reached else "out of reach"
    complaint = None if expected == answered else f"where {line.where}"
    return Cell("rows", f"{verb} {line.table}", caller.name, expected, answered, complaint)


async def _marked(scene: Scene, line: Line) -> tuple[str, str]:
    """The planted row's place in its table, and a copy of it in a table of its own."""
    place = await scene.admin.fetchval(
        f"select ctid::text from {line.table} where {_fitted(scene, line.where)} limit 1"
    )
    assert place is not None, f"nothing planted in {line.table} where {line.where}"
    copy = f"copy_{line.table}_{place.strip('()').replace(',', '_')}"
    await scene.admin.execute(
        f"create temp table if not exists {copy} as"
        f" select * from {line.table} where ctid = '{place}'::tid;"
        f" grant select on {copy} to praxis_application"
    )
    return place, copy


async def _comes_in(scene: Scene, caller: Caller) -> bool:
    work = Work(scene.house, operation="matrix", request_id=SYSTEM, actor=actor(caller))
    inner = scene.admin.transaction()
    await inner.start()
    try:
        await scene.admin.execute(work.entry(None))
    except asyncpg.PostgresError as refused:
        await inner.rollback()
        if not str(refused.sqlstate).startswith("PX"):
            raise
        return False
    await inner.commit()
    return True


async def _reaches(
    admin: "asyncpg.Connection[Any]", line: Line, verb: str, place: str, copy: str
) -> bool:
    """Whether this verb, bounded by nothing but row security, reaches the planted row."""
    inner = admin.transaction()
    await inner.start()
    try:
        await admin.execute("set local role praxis_application")
        if verb == "read":
            found = await admin.fetchval(f"select 1 from {line.table} where ctid = '{place}'::tid")
            return found is not None
        if verb == "add":
            await admin.execute(
                f"insert into {line.table} select * from {copy} on conflict do nothing"
            )
            return True
        if verb == "change":
            column = await _last_column(admin, line.table)
            value = f"(select {column} from {copy})"
            await admin.execute(f"update {line.table} set {column} = {value}")
        elif verb == "move":
            column, elsewhere = _elsewhere(line.table)
            await admin.execute(f"update {line.table} set {column} = '{elsewhere}'")
        else:
            await admin.execute(f"delete from {line.table}")
        await admin.execute("reset role")
        left = await admin.fetchval(f"select 1 from {line.table} where ctid = '{place}'::tid")
        return left is None
    except asyncpg.InsufficientPrivilegeError:
        return False
    except asyncpg.IntegrityConstraintViolationError:
        # Row security has let it pass by then.
        return True
    finally:
        await inner.rollback()


def _elsewhere(table: str) -> tuple[str, str]:
    """The column that says whose a row is, and somebody else."""
    columns = metadata.tables[table].columns
    for name in ("practice_id", "user_id", "id"):
        if name in columns and (name != "practice_id" or columns[name].primary_key):
            return name, SYSTEM
    return columns.keys()[0], "\\x00"


_LAST: dict[str, str] = {}


async def _last_column(admin: "asyncpg.Connection[Any]", table: str) -> str:
    if table not in _LAST:
        _LAST[table] = await admin.fetchval(
            "select attname from pg_attribute where attrelid = $1::text::regclass"
            " and attnum > 0 and not attisdropped order by"
            " has_column_privilege('praxis_application', attrelid, attnum, 'update') desc,"
            " attnum desc limit 1",
            table,
        )
    return _LAST[table]


def _user(scene: Scene, name: str) -> str:
    person = scene.people.callers[name].person
    assert person is not None
    return person.user_id


def _fitted(scene: Scene, sql: str) -> str:
    """The statement with the ids in it: Kit's, Harbour's, and the logins of Kit, Greta, Thea, an
    owner, and an owner who is barred from Kit."""
    people = scene.people
    ids = (
        people.kit,
        people.harbour.practice_id,
        people.harbour.kit.user_id,
        people.harbour.greta.user_id,
        people.harbour.thea.user_id,
        *(_user(scene, name) for name in ("owner", "owner_barred")),
    )
    for position, one in enumerate(ids, 1):
        sql = sql.replace(f"${position}", f"'{one}'")
    return sql
