"""The way out of reminders by mail (RFC 8058), open to whoever holds the link."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, Response

from app.operation.frame import Framed, Working
from app.operation.marks import public
from app.reminders import stopping

anyone = APIRouter(prefix="/v1", tags=["reminders"], route_class=Framed)

Token = Annotated[
    str, Path(pattern="^[A-Za-z0-9_-]{64}$", max_length=64, description="from the mail")
]
_PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>Reminders</title>{}</html>'
)
_ASK: Final = _PAGE.format(
    "<p>Do you want to stop reminders by mail?</p>"
    '<form method="post"><button>Stop them</button></form>'
)
_DONE: Final = _PAGE.format(
    "<p>There will be no more reminders by mail. You can choose them again in your app.</p>"
)
_ALONE: Final = {"content-security-policy": "default-src 'none'; form-action 'self'"}
FORMS: Final = "application/x-www-form-urlencoded, multipart/form-data"
_ONE_CLICK: Final[dict[str, Any]] = {
    "requestBody": {
        "required": False,
        "description": "What a mail program sends: `List-Unsubscribe=One-Click`. It is not read.",
        "content": {
            kind: {"schema": {"type": "object", "maxProperties": 10}} for kind in FORMS.split(", ")
        },
    }
}


@anyone.get("/unsubscribe/{token}", response_class=HTMLResponse)
@public()
async def ask_to_unsubscribe(work: Working, token: Token) -> Response:
    """A page that asks whether to stop, the same for every link: opening it stops nothing."""
    return HTMLResponse(_ASK, headers=_ALONE)


@anyone.post("/unsubscribe/{token}", response_class=HTMLResponse, openapi_extra=_ONE_CLICK)
@public(takes=FORMS)
async def unsubscribe(work: Working, token: Token) -> Response:
    """Stop reminders by mail, in one click from the mail program or with the page's button."""
    await stopping.stop(work, token)
    return HTMLResponse(_DONE, headers=_ALONE)
