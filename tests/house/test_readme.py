"""What the README says is so."""

import re

from app.access.permissions import GRANTS, SCOPES, Permission
from app.cli import app
from app.core.schema import ROOT

README = (ROOT / "README.md").read_text()
COLUMNS = ("owner", "therapist", "assistant", "client", "guardian", "enrolling")


def table() -> str:
    """The permissions as the README prints them."""
    lines = ["| permission | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for permission in Permission:
        cells = [_cell(role, permission) for role in COLUMNS]
        lines.append(f"| `{permission.value}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(role: str, permission: Permission) -> str:
    if permission not in GRANTS[role]:
        return " "
    return f"with `{SCOPES[permission]}`" if role == "guardian" and permission in SCOPES else "yes"


def test_the_table_of_permissions_is_the_one_in_force() -> None:
    found = re.search(r"<!-- table: permissions -->\n(.*?)\n<!-- end -->", README, re.DOTALL)
    assert found is not None
    assert found[1] == table()


def test_every_permission_is_granted_to_somebody() -> None:
    assert set(Permission) == {one for granted in GRANTS.values() for one in granted}


def test_every_command_it_lists_exists() -> None:
    named = set(re.findall(r"`praxis ([a-z-]+)", README))
    known = {
        one.name or one.callback.__name__.replace("_", "-")
        for one in app.registered_commands
        if one.callback
    }
    assert len(named) > 5
    assert named <= known
