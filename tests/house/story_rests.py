"""Rest and reminders in the story: both sides start a time of rest; Cleo is reminded by mail, and
stops it with the link in the mail."""

from typing import Any, Protocol

from app.operation.house import House
from app.reminders import stopping


class Calling(Protocol):
    """Someone in the story."""

    async def call(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> Any: ...


async def tell(house: House, thea: Calling, cleo: Calling, anyone: Calling, client_id: str) -> None:
    """Thea starts a rest period, looks in, and ends it; Cleo starts and ends another.

    `anyone` holds the link from a mail, and no token.
    """
    rest = await thea.call("POST", f"/v1/clients/{client_id}/rest-periods")
    url = f"/v1/rest-periods/{rest['id']}"
    await thea.call("GET", f"/v1/clients/{client_id}/rest-periods")
    await thea.call("GET", url)
    await thea.call("POST", f"{url}/look-in")
    await thea.call("POST", f"{url}/end", version=rest["version"])
    asked = {"client_key": "phone-7f3a-0201", "zone": "Europe/London"}
    made = await cleo.call("POST", "/v1/me/rest-periods", asked)
    mine = f"/v1/me/rest-periods/{made['rest_period_id']}"
    await cleo.call("GET", "/v1/me/rest-periods")
    shown = await cleo.call("GET", mine)
    await cleo.call("POST", f"{mine}/end", version=shown["version"])
    await _reminders(house, cleo, anyone, client_id)


async def _reminders(house: House, cleo: Calling, anyone: Calling, client_id: str) -> None:
    chosen = await cleo.call("GET", "/v1/me/reminders")
    await cleo.call(
        "PATCH",
        "/v1/me/reminders",
        {
            "channel": "email",
            "at": "18:30",
            "quiet_from": "21:00",
            "quiet_to": "08:00",
            "digest": True,
        },
        version=chosen["version"],
    )
    practice_id = (await cleo.call("GET", "/v1/auth/me"))["context"]["practice_id"]
    link = f"/v1/unsubscribe/{stopping.token(house, practice_id, client_id)}"
    await anyone.call("GET", link)
    await anyone.call("POST", link)
