"""The library's part of the story: an exercise of the practice's own, from draft to retired."""

from typing import Any, Protocol

from tests.library.scenes import TEXTS, wanted


class Calling(Protocol):
    """Someone in the story."""

    async def call(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> Any: ...


async def tell(thea: Calling) -> dict[str, Any]:
    """Thea writes an exercise, publishes it twice, adapts a shipped one, and retires the copy.

    The exercise that stays.
    """
    draft = await thea.call("POST", "/v1/exercises", wanted())
    url = f"/v1/exercises/{draft['id']}"
    first = await thea.call("POST", f"{url}/publish", version=draft["version"])
    texts = {"en": TEXTS | {"minimum": "One sentence, said aloud to nobody."}}
    changed = await thea.call("PATCH", url, {"texts": texts}, version=first["version"])
    await thea.call("POST", f"{url}/publish", version=changed["version"])
    await thea.call("GET", f"{url}/schema?locale=en")
    versions = await thea.call("GET", f"{url}/versions")
    await thea.call("GET", f"/v1/exercise-versions/{versions['items'][-1]['id']}")
    listed = await thea.call("GET", "/v1/exercises?q=breathing&minutes=20")
    copy = await thea.call("POST", f"/v1/exercises/{listed['items'][0]['id']}/copy")
    await thea.call("POST", f"/v1/exercises/{copy['id']}/retire", version=copy["version"])
    kept: dict[str, Any] = await thea.call("GET", url)
    return kept
