"""The door to the doors: /v1/auth."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.accounts import guesses, password_resets, signing_in, staying
from app.accounts.schemas import (
    ConfirmedOut,
    ContextRequest,
    EmailRequest,
    EnrolmentOut,
    MeOut,
    OtpRequest,
    RefreshRequest,
    ResetRequest,
    SignInRequest,
    StepUpRequest,
    TokensOut,
)
from app.core.wire import json
from app.operation.frame import Framed, Working
from app.operation.marks import may, public

auth = APIRouter(prefix="/v1/auth", tags=["accounts"], route_class=Framed)


_NOWHERE: Final[dict[int | str, dict[str, Any]]] = {
    403: {
        "description": "No place there for this login (any more)",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
        },
    }
}


@auth.post("/sign-in", response_model=TokensOut, responses=_NOWHERE)
@public(cost=5)
async def sign_in(work: Working, asked: SignInRequest) -> Response:
    """Sign in with address and password, and the second factor's code where one is set up."""
    return json(await signing_in.sign_in(work, asked))


@auth.post("/refresh", response_model=TokensOut)
@public()
async def refresh_sign_in(work: Working, asked: RefreshRequest) -> Response:
    """The next pair of tokens, for a refresh token that was not used before."""
    return json(await staying.refresh(work, asked.refresh_token))


@auth.post("/sign-out", status_code=204)
@may(Permission.me, replays=False)
async def sign_out(work: Working) -> Response:
    """End this sign-in; its tokens open nothing from now on."""
    await staying.sign_out(work)
    return Response(status_code=204)


@auth.post("/sign-out-everywhere", status_code=204)
@may(Permission.me, replays=False)
async def sign_out_everywhere(work: Working) -> Response:
    """End every sign-in of this login, on every device."""
    await staying.sign_out_everywhere(work)
    return Response(status_code=204)


@auth.post("/context", response_model=TokensOut)
@may(Permission.me, cost=30, replays=False)
async def switch_context(work: Working, asked: ContextRequest) -> Response:
    """The same sign-in in another place: another practice, or as client instead of staff."""
    return await guesses.answered(work, lambda: staying.switch_context(work, asked))


@auth.post("/step-up", response_model=TokensOut)
@may(Permission.me, cost=30, replays=False)
async def step_up(work: Working, asked: StepUpRequest) -> Response:
    """Prove again who you are; the most careful operations are then open for five minutes."""
    return await guesses.answered(work, lambda: staying.step_up(work, asked))


@auth.get("/me", response_model=MeOut)
@may(Permission.me, living=True)
async def get_me(work: Working) -> Response:
    """Who I am, where, as what, and what I may do here."""
    return json(await staying.me(work))


@auth.post("/second-factor", response_model=EnrolmentOut)
@may(Permission.second_factor, replays=False)
async def enrol_second_factor(work: Working) -> Response:
    """A new shared secret for an authenticator app; confirm it with a code to put it in force."""
    return json(await staying.enrol(work))


@auth.post("/second-factor/confirm", response_model=ConfirmedOut)
@may(Permission.second_factor, cost=5, replays=False)
async def confirm_second_factor(work: Working, asked: OtpRequest) -> Response:
    """Put the second factor in force. The recovery codes are shown this once."""
    return await guesses.answered(work, lambda: staying.confirm(work, asked.otp))


@auth.post("/password-reset", status_code=202, response_class=Response)
@public(cost=5)
async def request_password_reset(work: Working, asked: EmailRequest) -> Response:
    """Ask for a mail to set a new password. The answer is the same for every address.

    Links mailed before stay good until one is used, or for 30 minutes.
    """
    await password_resets.request(work, asked.email)
    return Response(status_code=202)


@auth.post("/password-reset/confirm", status_code=204)
@public(cost=5)
async def reset_password(work: Working, asked: ResetRequest) -> Response:
    """Set a new password with a mailed secret. Every sign-in of the login and every other link
    ends."""
    await password_resets.use(work, asked)
    return Response(status_code=204)
