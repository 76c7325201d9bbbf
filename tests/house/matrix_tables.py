"""Row security alone, table by table: who reaches one planted row, by which verb.

Said in the words of the design and not of the policies. A row cell is tried with bare SQL as the
application's role, once the caller has come in: no statement, no permission and no scope helps.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tests.house.matrix_profiles import UNRELATED

Callers = frozenset[str]

NOBODY: Final[Callers] = frozenset()
READERS: Final = frozenset(
    {"treating", "co_therapist", "supervisor", "break_glass", "owner_break_glass", "other_episode"}
)
"""The caseload is of clients: who treats another episode of Kit's is kept out by statements."""
WRITERS: Final = frozenset({"treating", "co_therapist", "other_episode"})
DESK: Final = frozenset({"owner", "owner_break_glass", "assistant"})
KITS_SIDE: Final = frozenset({"client", "guardian", "guardian_without_scope"})
"""Scopes are checked at the gate, with what the operation asks for."""
STAFF: Final = (
    READERS | DESK | {"owner_barred"} | {name for name in UNRELATED if not name.startswith("next_")}
)
AT_HARBOUR: Final = (
    STAFF
    | KITS_SIDE
    | {"enrolling", "sibling", "colleagues_client", "guardian_unnamed", "guardian_suspended"}
)
KIT: Final = frozenset({"client"})
GRETA: Final = frozenset({"guardian"})
KITS_LOGIN: Final = frozenset({"client", "own_record"})
GRETAS_LOGIN: Final = frozenset({"guardian", "guardian_unnamed", "own_child"})


@dataclass(frozen=True, slots=True)
class Line:
    """One planted row, and for each verb who reaches it.

    `where` finds it: $1 is Kit, $2 Harbour, and of the logins $3 Kit's, $4 Greta's, $5 Thea's,
    $6 an owner's, $7 that of an owner who is barred from Kit.
    """

    table: str
    where: str
    read: Callers
    add: Callers = NOBODY
    change: Callers = NOBODY
    remove: Callers = NOBODY
    move: Callers = NOBODY
    """To another practice, or to another login: nobody, ever."""

    def may(self, verb: str) -> Callers:
        found: Callers = getattr(self, verb)
        return found


def _clinical(
    table: str,
    where: str = "client_id = $1",
    *,
    read: Callers = READERS | KITS_SIDE,
    add: Callers = WRITERS | KITS_SIDE,
    change: Callers = WRITERS | KITS_SIDE,
) -> Line:
    return Line(table, where, read, add, change)


def _directory(table: str, column: str = "client_id", **verbs: Callers) -> Line:
    desk = WRITERS | DESK
    usual = {"add": desk, "change": desk}
    return Line(table, f"{column} = $1", READERS | DESK | KITS_SIDE, **usual | verbs)


_DESK_AND_KIT: Final = WRITERS | DESK | KITS_SIDE
_DESK_AND_IN_PERSON: Final = WRITERS | DESK | {"client"}
_OF_KITS: Final = "client_id = $1"
_SEEN_BY_ALL: Final = f"{_OF_KITS} and kept_by is null"
_KEPT: Final = f"{_OF_KITS} and kept_by = $3"
_KITS_ANSWERS: Final = f"{_OF_KITS} and guardian_id is null and visible"
LINES: Final = (
    # The directory.
    _directory("clients", "id", add=_DESK_AND_KIT, change=_DESK_AND_KIT),
    _directory("client_lookups", add=_DESK_AND_KIT, change=NOBODY, remove=_DESK_AND_KIT),
    _directory("external_refs", change=NOBODY, remove=WRITERS | DESK),
    _directory("client_addresses", add=_DESK_AND_IN_PERSON, change=_DESK_AND_IN_PERSON,
               remove=_DESK_AND_IN_PERSON),
    _directory("episodes"),
    _directory("care_assignments", change=DESK),
    _directory("sessions"),
    # The contents.
    _clinical("episode_focuses", add=WRITERS | DESK, change=NOBODY),
    _clinical("goals"),
    _clinical("goal_ratings", _SEEN_BY_ALL, change=NOBODY),
    _clinical("goal_ratings", _KEPT, read=READERS | KIT, change=NOBODY),
    _clinical("assignments", _SEEN_BY_ALL),
    _clinical("assignments", _KEPT, read=READERS | KIT, change=WRITERS | KIT),
    _clinical("occurrences", _SEEN_BY_ALL),
    _clinical("occurrences", _KEPT, read=READERS | KIT, change=WRITERS | KIT),
    # Each of Kit's side writes their own entries; of the content the levels alone change.
    _clinical("submissions", f"{_SEEN_BY_ALL} and guardian_id is null",
              add=KIT, change=WRITERS | KIT),
    _clinical("submissions", f"{_OF_KITS} and guardian_id = $4",
              add=GRETA, change=WRITERS | GRETA),
    _clinical("submission_versions", f"{_OF_KITS} and guardian_id is null and guardian_level = 2",
              add=KIT, change=KIT),
    _clinical("submission_versions", f"{_OF_KITS} and guardian_id is null and guardian_level = 0",
              read=READERS | KIT, add=KIT, change=KIT),
    _clinical("submission_versions", f"{_OF_KITS} and guardian_id = $4 and guardian_level = 0",
              read=READERS | KIT | GRETA, add=GRETA, change=GRETA),
    _clinical("submission_answers", f"{_KITS_ANSWERS} = 'shared' and staff_level = 2",
              add=KIT, change=KIT),
    _clinical("submission_answers", f"{_KITS_ANSWERS} = 'shared' and staff_level = 0",
              read=KIT, add=KIT, change=KIT),
    _clinical("submission_answers", f"{_KITS_ANSWERS} = 'therapist'",
              read=READERS | KIT, add=KIT, change=KIT),
    _clinical("submission_answers", f"{_KITS_ANSWERS} = 'summary_only'",
              read=KIT, add=KIT, change=KIT),
    _clinical("submission_answers", f"{_OF_KITS} and guardian_id = $4 and visible = 'therapist'",
              read=READERS | KIT | GRETA, add=GRETA, change=GRETA),
    _clinical("uploads", f"{_OF_KITS} and user_id = $3 and visible = 'own'",
              read=KIT, add=KITS_SIDE, change=KIT),
    _clinical("uploads", f"{_OF_KITS} and user_id = $4 and visible = 'own'",
              read=KIT | {"guardian"}, add=KITS_SIDE, change=KIT | {"guardian"}),
    _clinical("uploads", f"{_OF_KITS} and user_id = $3 and visible = 'shared' and not taken_back",
              add=KITS_SIDE, change=KIT),
    _clinical("uploads", f"{_OF_KITS} and user_id = $3 and visible = 'therapist'",
              read=READERS | KIT, add=KITS_SIDE, change=KIT),
    _clinical("uploads", f"{_OF_KITS} and user_id = $3 and taken_back and not reviewed",
              read=KIT, add=KITS_SIDE, change=KIT),
    _clinical("uploads", f"{_OF_KITS} and user_id = $3 and taken_back and reviewed",
              read=READERS | KIT, add=KITS_SIDE, change=KIT),
    _clinical("uploads", f"{_OF_KITS} and user_id = $3 and visible = 'summary_only'",
              read=KIT, add=KITS_SIDE, change=KIT),
    _clinical("rest_periods"),
    _clinical("program_assignments", add=WRITERS, change=WRITERS),
    _clinical("reminder_choices", add=KITS_SIDE, change=KITS_SIDE),
    Line("reminders", _OF_KITS, NOBODY),
    Line("drafts", _OF_KITS, KIT, KIT, KIT, KIT),
    # Whoever was told sees that, also of a client they do not treat; not of one they never meet.
    _clinical("attention_notices", f"{_OF_KITS} and user_id = $5",
              read=READERS, add=NOBODY, change=WRITERS),
    _clinical("attention_notices", f"{_OF_KITS} and user_id = $6",
              read=READERS | {"owner"}, add=NOBODY, change=WRITERS | {"owner"}),
    _clinical("attention_notices", f"{_OF_KITS} and user_id = $7",
              read=READERS, add=NOBODY, change=WRITERS),
    Line("draft_files", _OF_KITS, KIT, KIT, KIT),
    _clinical("repetitions", _SEEN_BY_ALL, add=KITS_SIDE, change=WRITERS),
    _clinical("repetitions", _KEPT, read=READERS | KIT, add=KITS_SIDE, change=WRITERS),
    _clinical("reviews", f"{_OF_KITS} and guardian_level = 2", add=WRITERS, change=WRITERS | KIT),
    _clinical("reviews", f"{_OF_KITS} and guardian_level = 0",
              read=READERS | KIT, add=WRITERS, change=WRITERS | KIT),
    _clinical("questions", read=READERS | KIT, add=KIT, change=WRITERS),
    _clinical("topics"),
    Line("pins", _OF_KITS, READERS | KITS_SIDE, WRITERS, remove=WRITERS),
    _clinical("team_comments", read=READERS, add=WRITERS, change=NOBODY),
    # Notes are written by their author, and read by others once they are no draft.
    _clinical("notes", f"{_OF_KITS} and author_id = $5 and status = 'draft'",
              read=frozenset({"treating"}), add=frozenset({"treating"}),
              change=frozenset({"treating"})),
    _clinical("notes", f"{_OF_KITS} and released_at < now() and released_to_guardians_at is null",
              read=READERS | KIT, add=frozenset({"treating"}), change=frozenset({"treating"})),
    _clinical("notes", f"{_OF_KITS} and released_to_guardians_at is not null",
              read=READERS | KITS_SIDE - {"client"} | KIT, add=frozenset({"treating"}),
              change=frozenset({"treating"})),
    _clinical("notes", f"{_OF_KITS} and released_at > now()",
              read=READERS, add=frozenset({"treating"}), change=frozenset({"treating"})),
    _clinical("notes", f"{_OF_KITS} and status = 'signed' and released_at is null",
              read=READERS | {"care_over"}, add=NOBODY, change=NOBODY),
    Line("signatures", _OF_KITS, STAFF | KITS_SIDE, WRITERS),
    Line("note_releases", _OF_KITS, READERS, WRITERS),
    # Grounds: kept by staff, and shown to whom they are about.
    Line("memberships", "practice_id = $2 and user_id <> $3", AT_HARBOUR, STAFF, STAFF),
    Line("supervisions", "practice_id = $2", AT_HARBOUR, STAFF, STAFF),
    Line("bars", "practice_id = $2", STAFF, STAFF),
    Line("break_glasses", "practice_id = $2", STAFF, STAFF, STAFF),
    Line("guardians", "user_id = $4", STAFF | GRETAS_LOGIN, STAFF, STAFF),
    Line("client_logins", _OF_KITS, STAFF | KITS_SIDE, remove=WRITERS | DESK),
    Line("invitations", _OF_KITS, READERS | DESK, WRITERS | DESK, WRITERS | DESK),
    Line("invitations", "practice_id = $2 and kind = 'staff'", *[DESK | {"owner_barred"}] * 3),
    # The practice and its own.
    Line("practices", "practice_id = $2", AT_HARBOUR, change=STAFF),
    Line("exercises", "practice_id = $2", AT_HARBOUR, STAFF, STAFF),
    Line("exercise_drafts", "practice_id = $2", STAFF, STAFF, STAFF, STAFF),
    Line("exercise_versions", "practice_id = $2", AT_HARBOUR, STAFF),
    Line("programs", "practice_id = $2", STAFF, STAFF, STAFF),
    Line("practice_keys", "practice_id = $2", AT_HARBOUR),
    Line("client_keys", f"{_OF_KITS} and kind = 'record'", STAFF | KITS_SIDE, STAFF | KITS_SIDE),
    Line("client_keys", f"{_OF_KITS} and kind = 'private'", KIT, KIT),
    Line("audit_events", "practice_id = $2", STAFF, AT_HARBOUR),
    Line("events", "practice_id = $2", NOBODY, AT_HARBOUR),
    # A login's own, in whatever capacity it comes.
    Line("users", "id = $3", KITS_LOGIN, change=KITS_LOGIN),
    Line("sign_ins", "user_id = $3", KITS_LOGIN, KITS_LOGIN, KITS_LOGIN),
    Line("refresh_tokens", "user_id = $3", KITS_LOGIN, KITS_LOGIN, KITS_LOGIN),
    Line("recovery_codes", "user_id = $3", KITS_LOGIN, KITS_LOGIN, KITS_LOGIN, KITS_LOGIN),
    Line("idempotency_keys", "user_id = $3", KITS_LOGIN, KITS_LOGIN, remove=KITS_LOGIN),
    # Only for those who have not come in yet.
    Line("throttles", "true", NOBODY),
    Line("resets", "true", NOBODY),
)  # fmt: skip


def of(tables: Iterable[str]) -> list[Line]:
    """The lines of these tables."""
    wanted = set(tables)
    return [line for line in LINES if line.table in wanted]
