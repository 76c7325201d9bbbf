"""Who sees what, said once more in the words of the design and not of the code.

A profile gives every caller's outcome: `ok` (2xx, and of reads Kit's marker is there), `absent`
(2xx without anything of Kit's, and nothing of Harbour's changed), or the refusal: its status,
with its code where the design fixes one.
"""

from collections.abc import Mapping
from typing import Final

Profile = Mapping[str, str]

ROLE: Final = "403 access.role"
CARE: Final = "403 access.not_on_care_team"
SCOPE: Final = "403 access.scope"
NOT_YOURS: Final = "403 homework.not_yours"
"""What Kit's side is told of an entry that another of them sent."""
ENROLLING: Final = "403 access.enrolling"
"""What staff without a second factor are told: that it is wanted first, whatever the role."""

TOKENLESS: Final = dict.fromkeys(
    (
        "nobody",
        "forged",
        "expired",
        "api_client",
        "signed_out",
        "sign_in_over",
        "no_second_factor",
        "deactivated",
        "suspended_member",
        "ended_member",
        "member_ahead",
        "role_changed",
        "login_lost",
    ),
    "401 access.token",
)
"""Whose token is none, is not ours, is over, or says what is not so (any more, or yet)."""

MISTAKEN: Final = {
    "guardian_over": SCOPE,
    "guardian_ahead": SCOPE,
    "guardian_revoked": "404",
    "guardian_of_another": "404",
    "client_as_another": "404",
}
"""Who name Kit as the client they act for, and do not, or not now: refused at the gate."""

STRANGERS: Final = TOKENLESS | MISTAKEN
CLIENT_SIDE: Final = (
    "client",
    "sibling",
    "colleagues_client",
    "guardian",
    "guardian_unnamed",
    "guardian_without_scope",
    "guardian_suspended",
    "next_client",
    "next_guardian",
)
UNRELATED: Final = (
    "colleague",
    "supervision_over",
    "supervision_ahead",
    "care_over",
    "care_ahead",
    "break_glass_over",
    "barred",
    "own_record",
    "own_child",
    "next_therapist",
)
"""Therapists to whom Kit does not exist: no ground, none that is live, or one they may not use."""
STAFF: Final = (
    "treating",
    "co_therapist",
    "supervisor",
    "break_glass",
    "other_episode",
    "owner",
    "owner_break_glass",
    "owner_barred",
    "assistant",
    "next_owner",
    "next_assistant",
    *UNRELATED,
)
CALLERS: Final = (*STRANGERS, "enrolling", *STAFF, *CLIENT_SIDE)


def _whole(said: dict[str, str]) -> Profile:
    assert set(said) == set(CALLERS), set(said) ^ set(CALLERS)
    return said


def staff_door(unrelated: str, **said: str) -> Profile:
    """The staff door: clients and their guardians never pass it."""
    return _whole(
        STRANGERS
        | dict.fromkeys(CLIENT_SIDE, ROLE)
        | {"enrolling": ENROLLING}
        | dict.fromkeys(UNRELATED, unrelated)
        | said
    )


def contents_read(unrelated: str = "404", **said: str) -> Profile:
    """Contents of an episode: its care team, the supervisor, an open break-glass.

    `unrelated` is what those see who are told nothing; lists are absent, things are 404.
    """
    usual = {
        "treating": "ok",
        "co_therapist": "ok",
        "supervisor": "ok",
        "break_glass": "ok",
        "owner_break_glass": "ok",
        "other_episode": unrelated,
        "owner": CARE,
        "owner_barred": unrelated,
        "assistant": ROLE,
        "next_owner": unrelated,
        "next_assistant": ROLE,
    }
    return staff_door(unrelated, **usual | said)


def contents_written(**said: str) -> Profile:
    """Written by the care team alone; who may only read is told that they are not on it."""
    usual = {
        "supervisor": CARE,
        "break_glass": CARE,
        "owner": ROLE,
        "owner_break_glass": ROLE,
        "owner_barred": ROLE,
        "next_owner": ROLE,
    }
    return contents_read(**usual | said)


def directory_read(unrelated: str = "404", **said: str) -> Profile:
    """What the front desk sees too: contact, care team, times and attendance."""
    usual = {
        "treating": "ok",
        "co_therapist": "ok",
        "supervisor": "ok",
        "break_glass": "ok",
        "owner_break_glass": "ok",
        "other_episode": "ok",
        "owner": "ok",
        "owner_barred": unrelated,
        "assistant": "ok",
        "next_owner": unrelated,
        "next_assistant": unrelated,
    }
    return staff_door(unrelated, **usual | said)


def directory_written(**said: str) -> Profile:
    """Kept by the care team, the owner and the front desk; supervisors read."""
    return directory_read(**{"supervisor": CARE, "break_glass": CARE} | said)


def practice_read(**said: str) -> Profile:
    """What everyone on the practice's staff sees, and nobody next door."""
    everyone = [name for name in STAFF if not name.startswith("next_")]
    usual = dict.fromkeys(everyone, "ok") | {
        "next_therapist": "absent",
        "next_owner": "absent",
        "next_assistant": "absent",
    }
    return staff_door("ok", **usual | said)


def owners_only(next_owner: str = "absent", **said: str) -> Profile:
    """What the owner alone does for the practice."""
    ours = ("owner", "owner_break_glass", "owner_barred")
    owners = dict.fromkeys(ours, "ok") | {"next_owner": next_owner}
    usual = dict.fromkeys(STAFF, ROLE) | owners
    return staff_door(ROLE, **usual | said)


def my_door(others: str, **said: str) -> Profile:
    """The client door: Kit in person and the guardian with the scope. Staff never pass it.

    `others` is what other clients see, and a suspended guardian, whose door looks empty.
    """
    return _whole(
        STRANGERS
        | dict.fromkeys(STAFF, ROLE)
        | {"enrolling": ENROLLING}
        | dict.fromkeys(CLIENT_SIDE, others)
        | {
            "client": "ok",
            "guardian": "ok",
            "guardian_without_scope": SCOPE,
            "guardian_unnamed": "400 access.acting_for",
        }
        | said
    )


def signed_in(**said: str) -> Profile:
    """What everyone who is signed in does for themselves."""
    signed = dict.fromkeys((*STAFF, *CLIENT_SIDE, "enrolling"), "ok")
    return _whole(STRANGERS | signed | said)
