"""Looking at the slots of homework, for the description's examples."""

from datetime import date, timedelta

from tests.house.story_library import Calling


async def tell(thea: Calling, assignment_id: str, today: date) -> None:
    """Thea looks at what comes of an assignment in the four weeks ahead."""
    last = today + timedelta(days=28)
    await thea.call(
        "GET",
        f"/v1/assignments/{assignment_id}/occurrences"
        f"?from={today - timedelta(days=1)}&to={last}&limit=3",
    )
