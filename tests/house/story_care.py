"""The care team's part of the story: a holiday is covered, and a second episode comes and goes."""

from typing import Any, Protocol


class Calling(Protocol):
    """Someone in the story."""

    async def call(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> Any: ...


async def tell(ana: Calling, thea: Calling, cleo: Calling, client_url: str, theo_id: str) -> None:
    """Ana has Theo cover for Thea and ends it again; Thea opens a second episode and closes it.

    `theo_id` is the user id of a therapist who is not on the client's care team.
    """
    client = await ana.call("GET", client_url)
    url = f"/v1/episodes/{client['episodes'][-1]['id']}"
    covers = {
        "user_id": theo_id,
        "part": "covering",
        "starts_at": "2126-12-20T08:00:00+00:00",
        "ends_at": "2127-01-04T08:00:00+00:00",
    }
    covering = await ana.call("POST", f"{url}/care-team", covers)
    await thea.call("GET", f"{client_url}/care-team")
    await thea.call("GET", f"/v1/care-team/{covering['id']}")
    await cleo.call("GET", "/v1/me/care-team")
    await ana.call("POST", f"/v1/care-team/{covering['id']}/end")
    focus = ["Sleeping in my own bed again"]
    opened = await thea.call("POST", f"{client_url}/episodes", {"focus": focus})
    second = await thea.call("GET", f"/v1/episodes/{opened['id']}")
    await thea.call("POST", f"/v1/episodes/{opened['id']}/close", version=second["version"])
