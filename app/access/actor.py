"""Who is calling: what a verified token says, before the database confirms it."""

from dataclasses import dataclass
from typing import Literal

from app.access.permissions import GRANTS, Permission

Capacity = Literal["staff", "self", "guardian", "enrolling", "api"]

_CAPACITIES: dict[str, Capacity] = {
    "staff": "staff",
    "client": "self",
    "guardian": "guardian",
    "enrolling": "enrolling",
    "api": "api",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of one request. `client_id` is the client acted for, at the client door."""

    user_id: str
    sign_in_id: str
    practice_id: str
    kind: str
    role: str
    client_id: str | None = None

    @property
    def capacity(self) -> Capacity:
        """As what the caller acts; row security and the audit log know it by this word."""
        return _CAPACITIES[self.kind]

    @property
    def roles(self) -> tuple[str, ...]:
        """The staff roles, in the order of the alphabet; empty for others."""
        return tuple(self.role.split("_")) if self.kind == "staff" else ()

    def may(self, permission: Permission) -> bool:
        """Whether any of the caller's roles carries the permission."""
        names = self.role.split("_") if self.kind == "staff" else (self.kind,)
        return any(permission in GRANTS.get(name, ()) for name in names)

    @property
    def keeps_directory(self) -> bool:
        """Owners and assistants know every client of the practice by name."""
        return "owner" in self.roles or "assistant" in self.roles
