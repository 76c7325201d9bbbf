"""What is removed in turn, beside the policies, predicates and permissions that are found."""

from typing import Final

from tests.house.removing import NEVER, Removal, clause, gate

_DOORS: Final = frozenset(
    {
        "get_me",
        "list_goals",
        "get_goal",
        "update_goal",
        "list_clients",
        "get_client",
        "list_sessions",
        "list_my_goals",
        "get_my_profile",
        "submit_my_homework",
    }
)


def _enter(name: str, old: str, new: str = "true", setting: str = "rows") -> Removal:
    return gate("enter", name, old, new, setting, _DOORS)


GATE: Final = (
    _enter("the sign-in is not ended", "s.ended_at is null"),
    _enter("the sign-in is not over", "s.expires_at > now()"),
    _enter("the login is not deactivated", "u.deactivated_at is null"),
    _enter(
        "staff have shown a second factor",
        "(p_kind <> 'staff' or s.second_factor_at is not null)",
    ),
    _enter("the roles are those of the token", "array_to_string(m.roles, '_') = p_role"),
    _enter("the member is not suspended", "m.suspended_at is null"),
    _enter("the membership has begun", "m.starts_at <= now()"),
    _enter("the membership is not over", "m.ends_at > now()"),
    _enter(
        "nobody meets their own record",
        "select client_id from client_logins\n"
        "                 where practice_id = p_practice and user_id = p_user",
        "select client_id from client_logins where false",
    ),
    _enter(
        "nobody meets their own child",
        "select client_id from guardians\n"
        "                 where practice_id = p_practice and user_id = p_user",
        "select client_id from guardians where false",
    ),
    _enter(
        "nobody meets whom they are barred from",
        "select client_id from bars\n"
        "                 where practice_id = p_practice and user_id = p_user",
        "select client_id from bars where false",
    ),
    _enter(
        "the care is the caller's",
        "c.practice_id = p_practice and c.user_id = p_user",
        "c.practice_id = p_practice",
    ),
    _enter(
        "the supervision is the caller's",
        "s.practice_id = p_practice and s.supervisor_id = p_user",
        "s.practice_id = p_practice",
    ),
    _enter(
        "the supervision has begun and is not over",
        "and s.starts_at <= now() and (s.ends_at is null or s.ends_at > now())",
        "",
    ),
    _enter(
        "the broken glass is the caller's",
        "b.practice_id = p_practice and b.user_id = p_user",
        "b.practice_id = p_practice",
    ),
    _enter("the broken glass is not closed", "b.closed_at is null"),
    _enter("the broken glass is not over", "b.expires_at > now()"),
    _enter(
        "only owners and assistants keep the directory",
        "p_role like '%owner%' or p_role like '%assistant%'",
        "true",
    ),
    _enter(
        "the login is the client's",
        "l.client_id = p_client and l.user_id = p_user",
        "l.client_id = p_client",
    ),
    _enter(
        "a guardian is not suspended",
        "and g.revoked_at is null and g.suspended_at is null",
        "and g.revoked_at is null",
    ),
    _enter(
        "a guardianship holds on its days",
        "gate.local_day(c.zone) between g.starts_on\n"
        "                             and coalesce(g.ends_on, 'infinity'::date)",
        "true",
        "all",
    ),
    _enter(
        "a guardian has the scope",
        "(p_scope is null or p_scope = any (g.scopes))",
        "true",
        "all",
    ),
    gate(
        "client_of",
        "what is next door is not told of",
        "where practice_id = $1 and id = $2",
        "where $1 is not null and id = $2",
        "all",
        _DOORS,
    ),
    gate(
        "client_of",
        "whom one never meets is not told of",
        "v_client::text = any (string_to_array(current_setting('app.hidden', true), ','))",
        "false",
        "all",
        _DOORS,
    ),
    gate(
        "readers",
        "who reads is told to the client alone whose it is",
        "c.id = any (string_to_array(\n"
        "                   nullif(current_setting('app.clients', true), ''), ',')::uuid[])",
        "true",
        "all",
        {"get_my_care_team"},
    ),
)

CLAUSES: Final = (
    clause("care is the caller's", "care_assignments.user_id = :me"),
    clause("care has begun", "care_assignments.starts_at <= now()"),
    clause("care is not over", "care_assignments.ends_at IS NULL OR"),
    clause("supervision is the caller's", "supervisions.supervisor_id = :me"),
    clause("supervision has begun", "supervisions.starts_at <= now()"),
    clause("supervision is not over", "supervisions.ends_at IS NULL OR"),
    clause("the broken glass is the caller's", "break_glasses.user_id = :me"),
    clause("the broken glass is not closed", "break_glasses.closed_at IS NULL"),
    clause("the broken glass is not over", "break_glasses.expires_at > now()"),
    clause("only owners and assistants keep the directory", "memberships.roles &&"),
    clause("nobody meets their own record", "client_logins.user_id = :me", NEVER),
    clause("nobody meets their own child", "guardians.user_id = :me", NEVER),
    clause("nobody meets whom they are barred from", "bars.user_id = :me", NEVER),
    clause("a suspended guardian's door is empty", "guardians.suspended_at IS NOT NULL", NEVER),
    *(
        clause(f"what is kept in {table} is kept", f"{table}.kept_by IS NULL OR", None, {shown})
        for table, shown in (
            ("goal_ratings_1", "list_my_goals"),
            ("assignments", "get_my_assignment"),
            ("repetitions", "get_my_repetition"),
        )
    ),
)

_EVERYONE: Final = "everyone who is signed in does this for themselves, whatever their role"
_LINKED: Final = "what the link in a mail opens to whoever holds it: tried in tests/reminders"
_NOT_REACHED: Final = "nobody who has come in reaches the row that would be moved"
_BY_ITS_KEYS: Final = (
    "what is written beside it carries practice and client, so the keys refuse another's slot;"
    " and the slot was locked through its own wall before"
)
_IN_PERSON: Final = "only who comes in as the client in person runs it; others send without it"
_LOCKED: Final = "the slot was locked through its own wall before"
_HASHED: Final = "the caller's practice and client are in the key's hash already"
_LATER: Final = "what the worker asks when a step waits: tried in tests/programs"
_MAILED: Final = "what a mailed secret opens before anyone has come in: tried in tests/accounts"

_FOUND_BEFORE: Final = "the submission was found, and locked, through its own wall just before"

SURVIVE: Final[dict[str, str]] = {
    "practice_id in practices.members._ALONE_INVITING": "a lock; what it reads is told to nobody",
    "practice_id in operation.idempotency._KEPT": _HASHED,
    "practice_id in operation.idempotency._FORGET": _HASHED,
    "own in homework.storing.WRITE_FIRST": _BY_ITS_KEYS,
    "own in homework.storing.WRITE_NEXT": _BY_ITS_KEYS,
    "own in homework.storing.WRITE_BESIDE_NEXT": _BY_ITS_KEYS,
    **dict.fromkeys(
        (f"guardians in homework.slots.{name}[guardian]" for name in ("_LIST", "_ONE", "_SEVERAL")),
        "it chooses which version of the exercise is named, and the cast answers one of them",
    ),
    "own in homework.storing.SEND_DRAFT_FIRST": _BY_ITS_KEYS,
    "own in homework.storing.SEND_DRAFT_NEXT": _BY_ITS_KEYS,
    "in_person in homework.drafting._REMOVE": _LOCKED,
    "own in goals.service._RATED_NOW": "the goal was read through its own wall before",
    "in_person in homework.storing.SEND_DRAFT_FIRST": _IN_PERSON,
    "in_person in homework.storing.SEND_DRAFT_NEXT": _IN_PERSON,
    "treated in notes.service._AUTHORED": (
        "the note is read again before the answer, through its own wall, which refuses"
    ),
    "practice_id in library.making._DROP": (
        "the exercise is changed before it, through its own wall, which refuses"
    ),
    "practice_id in notes.signing._SIGNER": (
        "the signer's own memberships, and nobody in the cast works in both practices"
    ),
    "practice_id in rests.placing._OVERLAPPING": (
        "whose they are was held through its own wall before"
    ),
    "known in clients.references._FORGET": (
        "what it forgets is gone; the ids were seen through their own wall just before"
    ),
    "practice_id in clients.joining._KEPT_APART": (
        "asked of a client who was seen through their own wall before; and it only refuses"
    ),
    "practice_id in accounts.open_invitations._REVOKE_SENT_BY": (
        "what one member sent, and nobody in the cast works in both practices"
    ),
    "practice_id in clients.addresses._CONFIRM": (
        "asked of a client who was held through their own wall just before"
    ),
    "practice_id in invitations.service._HOLD": "a lock; what it reads is told to nobody",
    "known in overview.addresses._UNTREATED": (
        "no client of the cast is treated by nobody: tried in tests/overview"
    ),
    "known in clients.opening._OTHERS_OPEN": (
        "asked of a client whose episode was changed through its own wall; it is told to nobody"
    ),
    "practice_id in clients.seen_by._ALL": (
        "the gate says of whom, and nobody in the cast works in both practices"
    ),
    "treated in overview.acknowledging._READ": _FOUND_BEFORE,
    "practice_id in sync.taking._SCOPES": (
        "the client acted for is of one practice, and the gate has let the caller in for them there"
    ),
    "own in files.using._TAKE_BACK": _FOUND_BEFORE,
    "own in files.using._KEEP": _FOUND_BEFORE,
    "own in homework.visibility._NARROW": _FOUND_BEFORE,
    "policy wall_change on resets, its check": _NOT_REACHED,
    "policy wall_change on throttles, its check": _NOT_REACHED,
    "policy wall_change on reminders, its check": _NOT_REACHED,
    "permission of get_me": _EVERYONE,
    "permission of sign_out": _EVERYONE,
    "permission of sign_out_everywhere": _EVERYONE,
    "permission of switch_context": _EVERYONE,
    "permission of step_up": _EVERYONE,
    "permission of enrol_second_factor": _EVERYONE,
    "permission of confirm_second_factor": _EVERYONE,
}
"""Removals that no cell can notice, and why: something else refuses the same callers."""

_OFF_FILE: Final = (
    "an address that leaves the file, whose client was changed: tried in tests/invitations"
)
_ENDED: Final = (
    "it would end Kit's or Greta's place for every cell after: tried in tests/invitations"
)
UNASKED: Final[dict[str, str]] = {
    "invitations.acceptance._FILES": _MAILED,
    "invitations.acceptance._INVITATION": _MAILED,
    "invitations.acceptance._IS_CLIENT": _MAILED,
    "invitations.acceptance._IS_GUARDIAN": _MAILED,
    "invitations.acceptance._USE": _MAILED,
    "invitations.acceptance._WRONG_BIRTH_DATE": _MAILED,
    "invitations.validity._STANDS": _MAILED,
    "invitations.service._END_LOGIN": _ENDED,
    "invitations.service._END_GUARDIAN": _ENDED,
    "accounts.open_invitations._REVOKE_TO": _OFF_FILE,
    "clients.addresses._FORGET": _OFF_FILE,
    "clients.address_confirmation._WAITING": (
        "what waits for an address that is confirmed: tried in tests/invitations"
    ),
    "accounts.signing_in._CODE": "a recovery code, of the login alone: tried in tests/accounts",
    "clients.carers._OWNERS": "whom a mail is for where nobody treats: tried in tests/invitations",
    "clients.references._WHOSE": "it chooses the words of a refusal: tried in tests/clients",
    "accounts.staying._SIGN_IN_HELD": _MAILED,
    "accounts.staying._SUCCESSOR_USED": _MAILED,
    "reminders.stopping._BY_MAIL": _LINKED,
    "reminders.stopping._STOP": _LINKED,
    "rests.looking_in._ASK": "the worker's alone: tried in tests/rests",
    "homework.submission_versions._IS_MINE": (
        "asked where no version is seen, which only refused cells do: tried in tests/homework"
    ),
    "overview.diary.DAYS[True, True]": (
        "the day of an owner who treats, whom the cast does not have: tried in tests/overview"
    ),
    "programs.advancing._LOOK_AT": _LATER,
    "programs.advancing._NEXT_SESSION": _LATER,
    "programs.advancing._RESTS": _LATER,
    "accounts.signing_in._USE_CODE": "a recovery code, of the login alone: tried in tests/accounts",
}
"""Statements bound to their caller that no cell asks, and where they are tried."""
