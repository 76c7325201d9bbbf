"""Trying cells: each caller asks for each operation, and the answer is held to the profile."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import httpx

from tests.house.matrix_accounts import mend, own_sign_in
from tests.house.matrix_people import HARBOUR, KIT, Caller
from tests.house.matrix_profiles import CARE
from tests.house.matrix_rows import Row
from tests.house.matrix_scene import Scene, Thing

LEFT = "left to the other wall"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, as it was tried. `complaint` says what is wrong with it; None: nothing."""

    setting: str
    operation: str
    caller: str
    expected: str
    answered: str
    complaint: str | None

    def __str__(self) -> str:
        return (
            f"{self.setting}: {self.operation} as {self.caller}: expected {self.expected},"
            f" answered {self.answered}: {self.complaint}"
        )


async def try_rows(
    scene: Scene, rows: Iterable[Row], callers: Collection[str] | None = None
) -> list[Cell]:
    """Every cell of these rows (of those callers, when some are named)."""
    cells: list[Cell] = []
    for row in rows:
        names = [name for name in row.expected if callers is None or name in callers]
        # Whoever may not comes first, so that what stands for them is still as it was.
        for name in sorted(names, key=lambda name: row.expected[name] == "ok"):
            cells.append(await try_cell(scene, row, scene.people.callers[name]))
    return cells


async def try_cell(scene: Scene, row: Row, caller: Caller) -> Cell:
    """One cell: one request, and a look at what it answered and left behind."""
    expected = row.expected[caller.name]
    may = expected == "ok"
    thing = await scene.thing(row.plant, caller, fresh=may and (row.writes or row.for_oneself))
    before = None if may or not row.writes else await scene.state()
    if may and row.for_oneself:
        headers = await own_sign_in(scene, caller)
    else:
        headers = dict(caller.headers)
    answer = await scene.ask(row.operation, row.ask(scene, caller, thing), headers)
    if may and row.for_oneself:
        await mend(scene)
    complaint = _judge(scene, row, caller, thing, expected, answer)
    if caller.name in row.alone.get(scene.setting, {}):
        expected, complaint = LEFT, None
        scene.standing.pop(row.plant, None)
    elif complaint is None and before is not None and before != await scene.state():
        complaint = "it changed what Harbour has stored"
    return Cell(scene.setting, row.operation, caller.name, expected, _said(answer), complaint)


def _judge(
    scene: Scene,
    row: Row,
    caller: Caller,
    thing: Thing,
    expected: str,
    answer: httpx.Response,
) -> str | None:
    if expected == "ok":
        if not answer.is_success:
            return f"refused who may: {answer.text[:300]}"
        if not row.writes and not row.for_oneself and thing.shows not in answer.text:
            return "what was planted is not shown"
        hidden = row.hides.get(caller.name)
        return f"it shows {hidden}" if hidden and hidden in answer.text else None
    shown = _leaked(scene, caller, thing, answer)
    if shown is not None:
        return f"it shows {shown}"
    if expected == "absent":
        right = answer.is_success
    else:
        right = _said(answer) == expected or str(answer.status_code) == expected
    if right:
        return None
    # Row security alone hides and refuses; it does not choose the words of a refusal.
    if scene.setting == "rows" and expected in ("404", "absent", CARE):
        return "it was done" if row.writes and answer.is_success else None
    return "another answer than the design's"


def _leaked(scene: Scene, caller: Caller, thing: Thing, answer: httpx.Response) -> str | None:
    secrets = {KIT, thing.shows, *scene.secrets}
    if caller.practice_id != scene.people.harbour.practice_id:
        secrets.add(HARBOUR)
    text = answer.text
    return next((one for one in secrets if one and one in text), None)


def _said(answer: httpx.Response) -> str:
    if answer.status_code < 400:
        return str(answer.status_code)
    return f"{answer.status_code} {answer.json().get('code', '')}"


def table(cells: Iterable[Cell]) -> list[str]:
    """How many cells were tried in each setting, by outcome."""
    by_setting: dict[str, Counter[str]] = {}
    open_ones: Counter[str] = Counter()
    for cell in cells:
        by_setting.setdefault(cell.setting, Counter())[cell.expected] += 1
        open_ones[cell.setting] += cell.complaint is not None
    lines = []
    for setting, counts in by_setting.items():
        said = ", ".join(f"{outcome} {n}" for outcome, n in sorted(counts.items()))
        left = open_ones[setting] or "none"
        lines.append(f"matrix, {setting}: {counts.total()} cells, {left} open ({said})")
    return lines
