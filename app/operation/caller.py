"""Who calls: read from the token, and from whom the caller says to act for."""

from starlette.requests import Request

from app.access.actor import Actor
from app.access.permissions import GRANTS, Permission
from app.access.tokens import TokenRefused
from app.core.errors import BadRequest, NotFound, Unauthenticated
from app.core.ids import is_id
from app.operation.house import House


def identify(house: House, request: Request) -> Actor:
    """Return whom the token says is calling. Raises Unauthenticated for no token or a wrong one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated()
    try:
        claims = house.tokens.read(token.strip())
    except TokenRefused:
        raise Unauthenticated(
            headers={"WWW-Authenticate": 'Bearer realm="praxis", error="invalid_token"'}
        ) from None
    client_id = claims.client
    named = request.headers.get("acting-for")
    if named is not None and claims.kind in ("client", "guardian"):
        named = named.strip().lower()
        if not is_id(named):
            raise BadRequest("access.acting_for", "Acting-For holds the id of one client.")
        if claims.kind == "guardian":
            client_id = named
    return Actor(claims.sub, claims.sid, claims.practice, claims.kind, claims.role, client_id)


def require_own(request: Request, actor: Actor) -> None:
    """Raise NotFound for a client who acts for somebody else."""
    named = request.headers.get("acting-for")
    mine = named is None or named.strip().lower() == actor.client_id
    if actor.kind == "client" and not mine:
        raise NotFound()


def whom_to_ask(actor: Actor, permission: Permission) -> str:
    """Return a sentence for staff: which colleagues may; nothing for others."""
    roles = [role for role in ("owner", "therapist", "assistant") if permission in GRANTS[role]]
    return f" Ask a colleague who is {' or '.join(roles)}." if actor.roles and roles else ""
