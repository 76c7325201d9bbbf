"""Programs in the story: four steps in an order, given to Cleo; another is ended and retired."""

from typing import Any, Protocol


class Calling(Protocol):
    """Someone in the story."""

    async def call(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> Any: ...


async def tell(thea: Calling, cleo: Calling, client_url: str) -> None:
    """Thea puts exercises in an order and gives them to Cleo; one comes now, the others in time."""
    exercises = (await thea.call("GET", "/v1/exercises?area=boundary-setting"))["items"]
    program = await thea.call("POST", "/v1/programs", _wanted(exercises))
    url = f"/v1/programs/{program['id']}"
    changed = await thea.call(
        "PATCH", url, {"title": "Saying no, in four steps"}, version=program["version"]
    )
    await thea.call("GET", "/v1/programs")
    await thea.call("GET", url)
    asked = {"program_id": program["id"], "agreed": True}
    given = await thea.call("POST", f"{client_url}/programs", asked)
    await thea.call("GET", f"{client_url}/programs")
    where = f"/v1/program-assignments/{given['id']}"
    await thea.call("GET", where)
    await cleo.call("GET", "/v1/me/programs")
    await thea.call("POST", f"{where}/end", version=given["version"])
    await thea.call("POST", f"{url}/retire", version=changed["version"])


def _wanted(exercises: list[dict[str, Any]]) -> dict[str, Any]:
    first, second = exercises[0]["id"], exercises[-1]["id"]
    return {
        "title": "Saying no",
        "steps": [
            {
                "exercise_id": first,
                "rationale": "To hear how it sounds, with nobody listening.",
                "minimum_version": "One sentence, said to the mirror.",
                "comes": {"kind": "at_once"},
            },
            {
                "exercise_id": first,
                "title": "The same, to somebody kind",
                "rationale": "It is easier where little hangs on it.",
                "schedule": {"kind": "times_a_week", "times": 1},
                "comes": {"kind": "after_previous"},
            },
            {
                "exercise_id": second,
                "rationale": "A week later it is a different sentence.",
                "comes": {"kind": "after_delay", "days": 7},
            },
            {
                "exercise_id": second,
                "rationale": "So that we can look at it together.",
                "comes": {"kind": "before_session"},
            },
        ],
    }
