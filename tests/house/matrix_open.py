"""The short public list in the matrix: open to everyone, and silent about everybody."""

from typing import Any, Final

from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import Profile
from tests.house.matrix_rows import Row, bare
from tests.house.matrix_scene import Ask, Scene, Thing

CALLERS: Final = ("nobody", "forged", "expired", "treating", "client", "guardian", "next_client")
SECRET: Final = "a-secret-that-nobody-was-ever-sent"


def _said(outcome: str) -> Profile:
    """A token makes no difference."""
    return dict.fromkeys(CALLERS, outcome)


async def _unknown_address(scene: Scene, caller: Caller) -> Thing:
    return Thing("", more={"email": f"{await scene.next_key()}@example.org"})


def _with(**body: Any) -> Any:
    def ask(scene: Scene, caller: Caller, thing: Thing) -> Ask:
        return Ask(body=body | dict(thing.more))

    return ask


def _link(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    """A link that stood in no mail."""
    return Ask({"token": "A" * 64})


_PASSWORD: Final = {"password": "one that nobody here has"}

ROWS: Final = (
    Row("sign_in", _said("401 accounts.credentials"), _with(**_PASSWORD), _unknown_address),
    Row("refresh_sign_in", _said("401"), _with(refresh_token=SECRET)),
    Row("request_password_reset", _said("absent"), _with(), _unknown_address),
    Row("reset_password", _said("404"), _with(token=SECRET, **_PASSWORD)),
    Row("preview_invitation", _said("404"), _with(token=SECRET)),
    Row("accept_invitation", _said("404"), _with(token=SECRET, **_PASSWORD)),
    Row("ask_to_unsubscribe", _said("absent"), _link),
    Row("unsubscribe", _said("404"), _link),
    Row("get_liveness", _said("absent"), bare),
    Row("get_readiness", _said("absent"), bare),
    Row("get_metrics", _said("absent"), bare),
    Row("get_jwks", _said("absent"), bare),
)
