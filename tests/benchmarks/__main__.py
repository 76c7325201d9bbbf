"""`python -m tests.benchmarks`: limit, ours and idiomatic side by side, and growth.

Prints what one request costs in CPU time of the serving process, what it serves over a socket,
and how the cost of a page grows with the table; beside each, what is owed. It never fails for a
figure: machines differ, and only ratios of one run mean anything.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tests.benchmarks.asking import ITEMS, OPERATIONS
from tests.benchmarks.comparing import same
from tests.benchmarks.preparing import grown, place
from tests.benchmarks.programs import PROGRAMS, Place
from tests.benchmarks.running import Process

OWED: Final = {"get_note": 0.50}
OWED_PAGE: Final = 0.60
OWED_SOCKET: Final = 0.75
OWED_IDIOMATIC: Final = 3.0
OWED_GROWTH: Final = 1.2
CONNECTIONS: Final = 8
GROWING: Final = (
    "list_assignments", "get_today", "list_review_queue", "get_homework_board", "get_my_week",
)  # fmt: skip

console = Console(width=124)


class Slots:
    """Numbers of requests that were not made yet, counted for each operation."""

    def __init__(self) -> None:
        self.used: Counter[str] = Counter()

    def take(self, operation: str, count: int) -> int:
        first = self.used[operation]
        self.used[operation] += count
        return first


@contextmanager
def processes(here: Place, names: tuple[str, ...], *more: str) -> Iterator[dict[str, Process]]:
    made = {name: Process("measure", name, here, *more) for name in names}
    try:
        yield made
    finally:
        for one in made.values():
            one.end()


def in_process(
    here: Place, operations: list[str], slots: Slots, rounds: int, count: int
) -> dict[str, dict[str, list[float]]]:
    """CPU microseconds of each round, by operation and program; alternating."""
    found: dict[str, dict[str, list[float]]] = {}
    with processes(here, PROGRAMS) as running:

        def ask(name: str, operation: str, number: int) -> dict[str, Any]:
            first = slots.take(operation, number)
            return running[name].order(operation=operation, first=first, count=number)

        for operation in operations:
            # The first answers warm caches and plans, and must say the same in all three.
            bodies = {name: ask(name, operation, 20)["body"] for name in PROGRAMS}
            same(operation, bodies)
            found[operation] = {name: [] for name in PROGRAMS}
            for _ in range(rounds):
                for name in PROGRAMS:
                    found[operation][name].append(ask(name, operation, count)["cpu"])
    return found


def over_socket(
    here: Place, operations: list[str], slots: Slots, rounds: int, count: int
) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Requests a second and p99 in milliseconds of each round; one server at a time is loaded."""
    found: dict[str, dict[str, list[tuple[float, float]]]] = {}
    with processes(here, PROGRAMS, "serve") as running:
        loads = {
            name: Process("load", str(one.said["port"]), here) for name, one in running.items()
        }
        for operation in operations:
            found[operation] = {name: [] for name in PROGRAMS}
            for number in range(rounds + 1):
                for name, load in loads.items():
                    asked = count if number else 40
                    heard = load.order(
                        operation=operation, first=slots.take(operation, asked), count=asked,
                        connections=CONNECTIONS,
                    )  # fmt: skip
                    if number:
                        found[operation][name].append((heard["rate"], heard["p99"]))
        for load in loads.values():
            load.end()
    return found


def growth(
    few: Place, many: Place, operations: list[str], rounds: int, count: int
) -> dict[str, list[tuple[float, float]]]:
    """Median wall microseconds in each round: with few assignments and slots, and with many."""
    found: dict[str, list[tuple[float, float]]] = {}
    with processes(few, ("ours",)) as one, processes(many, ("ours",)) as other:
        for operation in operations:
            order = {"operation": operation, "first": 0}
            for warmed in (one, other):
                warmed["ours"].order(**order, count=50)
            found[operation] = [
                (
                    one["ours"].order(**order, count=count)["wall"],
                    other["ours"].order(**order, count=count)["wall"],
                )
                for _ in range(rounds)
            ]
    return found


def show_in_process(found: dict[str, dict[str, list[float]]]) -> None:
    table = Table(title="CPU in the serving process, µs a request: best · median of the rounds")
    for title in ("operation", *PROGRAMS, "of the limit", "idiomatic / ours"):
        table.add_column(title, justify="left" if title == "operation" else "right")
    for operation, by in found.items():
        shown = [f"{min(by[name]):,.0f} · {median(by[name]):,.0f}" for name in PROGRAMS]
        table.add_row(
            operation,
            *shown,
            verdict(by["limit"], by["ours"], OWED.get(operation, OWED_PAGE)),
            verdict(by["idiomatic"], by["ours"], OWED_IDIOMATIC),
        )
    console.print(table)


def show_socket(found: dict[str, dict[str, list[tuple[float, float]]]]) -> None:
    table = Table(
        title=f"Over a socket, {CONNECTIONS} connections: requests a second, p99 in ms; best round"
    )
    for title in ("operation", *PROGRAMS, "of the limit"):
        table.add_column(title, justify="left" if title == "operation" else "right")
    for operation, by in found.items():
        best = {name: max(rounds) for name, rounds in by.items()}
        shown = [f"{best[name][0]:,.0f} · {best[name][1]:.1f}" for name in PROGRAMS]
        took = {name: [1 / rate for rate, _ in rounds] for name, rounds in by.items()}
        table.add_row(operation, *shown, verdict(took["limit"], took["ours"], OWED_SOCKET))
    console.print(table)


def show_growth(found: dict[str, list[tuple[float, float]]]) -> None:
    table = Table(title="Wall time, µs: 10 thousand assignments with a slot each, and 1 million")
    for title in ("operation", "few", "many", f"owed at most {OWED_GROWTH}"):
        table.add_column(title, justify="left" if title == "operation" else "right")
    for operation, rounds in found.items():
        few, many = min(one for one, _ in rounds), min(other for _, other in rounds)
        word = "reached" if many / few <= OWED_GROWTH else "over"
        table.add_row(operation, f"{few:,.0f}", f"{many:,.0f}", f"{many / few:.2f}, {word}")
    console.print(table)


def verdict(other: list[float], ours: list[float], owed: float) -> str:
    """How many times ours fits into the other: by the best rounds, and by the medians."""
    ratio = min(other) / min(ours)
    word = "reached" if ratio >= owed else "under"
    return f"{ratio:.2f} · {median(other) / median(ours):.2f}, {word} {owed:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, no growth")
    parser.add_argument("--only", choices=(*OPERATIONS, "growth"), help="one operation, or growth")
    chosen = parser.parse_args()
    operations = [one for one in OPERATIONS if chosen.only in (None, one)]
    rounds, count = (5, 30) if chosen.quick else (20, 40)
    loads, loaded = (1, 300) if chosen.quick else (4, 300)
    began, slots = time.monotonic(), Slots()
    needed = 3 * (ITEMS + 2) * (20 + rounds * count + 40 + loads * loaded)
    with place(needed if operations else 100) as (here, server):
        if operations:
            show_in_process(in_process(here, operations, slots, rounds, count))
            show_socket(over_socket(here, operations, slots, loads, loaded))
        growing = [one for one in GROWING if chosen.only in (None, "growth", one)]
        if growing and not chosen.quick:
            show_growth(growth(*grown(here, server), growing, rounds=20, count=40))
    console.print(f"{time.monotonic() - began:.0f} s in all.")


if __name__ == "__main__":
    main()
