"""What those who run the service ask it: whether it lives, is ready, how busy it is, its keys."""

import hmac
from ipaddress import ip_address
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.core.errors import NotFound, Unauthenticated, Unavailable
from app.core.wire import Output, json
from app.operation.frame import Framed, Working
from app.operation.marks import public
from app.operation.refusals import ProblemOut
from app.settings import Settings
from app.upkeep import readiness
from app.upkeep.metrics import MEDIA_TYPE, Metrics

upkeep = APIRouter(tags=["upkeep"], route_class=Framed)


class StatusOut(Output):
    """One word."""

    status: str


class NotReadyOut(ProblemOut):
    """Why this process should get no requests just now."""

    missing: list[str] = Field(
        description="database.away, database.empty, database.other_revision or keys.other"
    )


class JwkOut(Output):
    """A public key (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    alg: str
    use: str
    kid: str


class JwksOut(Output):
    """The public keys access tokens are verified with."""

    keys: list[JwkOut]


@upkeep.get("/livez", response_model=StatusOut)
@public(cost=0)
async def get_liveness(work: Working) -> Response:
    """This process answers. Restart it when it does not."""
    return json({"status": "alive"})


@upkeep.get(
    "/readyz",
    response_model=StatusOut,
    responses={503: {"model": NotReadyOut, "description": "Not just now"}},
)
@public(cost=0)
async def get_readiness(request: Request, work: Working) -> Response:
    """This process can do its work: the database answers at this revision, the keys open it."""
    ready: readiness.Readiness = request.app.state.readiness
    missing = await ready.missing(work.house)
    if missing:
        raise Unavailable(
            "service.not_ready",
            "This process cannot do its work just now. `praxis doctor` says how to mend it.",
            missing=missing,
        )
    return json({"status": "ready"})


@upkeep.get("/metrics", response_class=PlainTextResponse)
@public(cost=0)
async def get_metrics(request: Request, work: Working) -> Response:
    """Counts for Prometheus, for callers on this machine or with the token set for it."""
    _admit(work.house.settings, request)
    metrics: Metrics = request.app.state.metrics
    text = metrics.text(work.house.pool, await readiness.waiting(work.house))
    return Response(text, media_type=MEDIA_TYPE)


@upkeep.get("/.well-known/jwks.json", response_model=JwksOut)
@public()
async def get_jwks(work: Working) -> Response:
    """The public keys access tokens are verified with, those that do not sign yet included."""
    return json(work.house.tokens.jwks(), headers={"cache-control": "public, max-age=300"})


def _admit(settings: Settings, request: Request) -> None:
    if settings.metrics_token is None:
        if not _is_here(request.scope["praxis.peer"]):
            raise NotFound("wire.address", "There is no such address here. See /openapi.json.")
        return
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    wanted = settings.metrics_token.get_secret_value()
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Unauthenticated(
            "metrics.token", "Send the token that is set as PRAXIS_METRICS_TOKEN, as Bearer."
        )


def _is_here(peer: Any) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False
