"""Who may do what, as data. A role's permissions are this table and nothing else.

The README prints it and a test holds the two together. What a permission opens is still bounded
by the walls: a therapist may read homework, of the clients on the caseload.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What an operation asks of its caller. The part before the colon is the class of data."""

    me = "me:use"
    second_factor = "second-factor:manage"
    practice_read = "practice:read"
    practice_write = "practice:write"
    members_read = "members:read"
    members_write = "members:write"
    today_read = "today:read"
    clients_read = "clients:read"
    clients_write = "clients:write"
    clients_confirm = "clients:confirm"
    episodes_close = "episodes:close"
    care_team_write = "care-team:write"
    library_read = "library:read"
    library_write = "library:write"
    homework_read = "homework:read"
    homework_write = "homework:write"
    homework_review = "homework:review"
    goals_read = "goals:read"
    goals_write = "goals:write"
    sessions_read = "sessions:read"
    sessions_write = "sessions:write"
    notes_read = "notes:read"
    notes_write = "notes:write"
    my_help = "my-help:read"
    my_people = "my-people:read"
    my_profile_read = "my-profile:read"
    my_profile_write = "my-profile:write"
    my_homework_read = "my-homework:read"
    my_homework_agree = "my-homework:agree"
    my_homework_submit = "my-homework:submit"
    my_rest = "my-homework:rest"
    my_reminders = "my-homework:remind"
    my_questions = "my-questions:use"
    my_drafts = "my-drafts:use"
    my_goals_read = "my-goals:read"
    my_goals_write = "my-goals:write"
    my_sessions_read = "my-sessions:read"
    my_notes_read = "my-notes:read"


_EVERYONE = {Permission.me, Permission.second_factor}
_STAFF = _EVERYONE | {
    Permission.practice_read,
    Permission.members_read,
    Permission.today_read,
    Permission.clients_read,
    Permission.clients_write,
    Permission.library_read,
    Permission.sessions_read,
    Permission.sessions_write,
}
_MINE = {permission for permission in Permission if permission.value.startswith("my-")}
_IN_PERSON = {Permission.my_profile_write, Permission.my_questions, Permission.my_drafts}
"""What a client does alone: no scope of a guardianship reaches it."""

GRANTS: Final[Mapping[str, frozenset[Permission]]] = {
    "owner": frozenset(
        _STAFF
        | {
            Permission.practice_write,
            Permission.members_write,
            Permission.clients_confirm,
            Permission.episodes_close,
            Permission.care_team_write,
            Permission.library_write,
            Permission.homework_read,
            Permission.goals_read,
            Permission.notes_read,
        }
    ),
    "therapist": frozenset(
        _STAFF
        | {
            Permission.clients_confirm,
            Permission.episodes_close,
            Permission.library_write,
            Permission.homework_read,
            Permission.homework_write,
            Permission.homework_review,
            Permission.goals_read,
            Permission.goals_write,
            Permission.notes_read,
            Permission.notes_write,
        }
    ),
    "assistant": frozenset(_STAFF),
    "client": frozenset(_EVERYONE | _MINE),
    "guardian": frozenset(_EVERYONE | _MINE - _IN_PERSON),
    "enrolling": frozenset(_EVERYONE),
    "api": frozenset(),
}

SCOPES: Final[Mapping[Permission, str]] = {
    Permission.my_profile_read: "profile",
    Permission.my_homework_read: "homework",
    Permission.my_homework_agree: "homework",
    Permission.my_homework_submit: "submit",
    Permission.my_rest: "homework",
    Permission.my_reminders: "homework",
    Permission.my_goals_read: "goals",
    Permission.my_goals_write: "goals_rate",
    Permission.my_sessions_read: "sessions",
    Permission.my_notes_read: "notes",
}
"""The scope a guardian needs for each client permission; without an entry, none is needed."""

CLASSES: Final[Mapping[str, str]] = {
    "today": "contact",
    "clients": "contact",
    "episodes": "contact",
    "care-team": "contact",
    "sessions": "contact",
    "homework": "homework",
    "goals": "goals",
    "notes": "notes",
    "my-profile": "contact",
    "my-sessions": "contact",
    "my-homework": "homework",
    "my-questions": "homework",
    "my-drafts": "homework",
    "my-goals": "goals",
    "my-notes": "notes",
}
"""What a client reads of who looked at what: one class word for each kind of data."""


def class_word(permission: Permission) -> str | None:
    """The class word of what a permission opens; None where no client's data is behind it."""
    return CLASSES.get(permission.value.partition(":")[0])
