"""The open connections of one process: how many there may be, and which are kept waiting too long.

Whoever sends half a request and waits, or does not read the answer, costs a connection that
others need. Those that wait for a request stand in line; each has a deadline, and when all
connections are taken the one that has waited longest makes room for a new one.
"""

import resource
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

SPARE_FILES: Final = 256
"""Open files beside the connections of callers: the database, parts of files, logs."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What callers of one process may take. Bytes are those on the wire, with every framing."""

    connections: int = 1000
    head_bytes: int = 64 * 1024
    head_fields: int = 100
    request_bytes: int = 2 * 1024 * 1024
    """A body of 1 MiB, its head and its framing; or what of a refused body is read and dropped."""
    pieces: int = 10_000
    """In which a body comes: each takes as long as 100 bytes of a large one."""
    pipelined: int = 16
    """Requests sent before the answer to the one before them."""
    head_seconds: float = 20
    request_seconds: float = 75
    """For head and body; longer than the service itself waits for a body, which answers 408."""
    idle_seconds: int = 75
    """Between two requests; longer than proxies keep an idle connection (60 s), so that none of
    them sends a request into one that is just being closed."""
    answer_seconds: float = 60
    answer_bytes: int = 64 * 1024
    """Whoever has taken less than this of an answer after that time is cut off."""

    def affordable(self) -> "Bounds":
        """Return these bounds with no more connections than this process may open files.

        The limit of open files is raised for them, as far as this account may.
        """
        wanted = self.connections + SPARE_FILES
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            return replace(self, connections=max(1, min(self.connections, soft - SPARE_FILES)))
        return self


class Connection(Protocol):
    """What the line needs of a connection."""

    transport: Any

    def is_late(self, waited: float) -> bool:
        """Whether it has been waited for too long."""

    def give_up(self) -> None:
        """End it, with an answer that says why where one is awaited."""


class Line:
    """The connections that wait for their caller, in the order they began to."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._before: dict[Connection, float] = {}
        """Before a request, or in its head; or its answer is sent and its body still comes."""
        self._within: dict[Connection, float] = {}
        """In the body of a request that is being answered."""
        self._unread: dict[Connection, tuple[float, int]] = {}
        """Those that do not read their answer: since when, and how much there was to read."""

    def put(self, one: Connection, since: float, *, answering: bool) -> None:
        """It waits, from now on; in the body of a request that is being answered, or not."""
        self.leave(one)
        (self._within if answering else self._before)[one] = since

    def leave(self, one: Connection) -> None:
        """It waits no longer: a request is complete, or the connection is gone."""
        self._before.pop(one, None)
        self._within.pop(one, None)

    def is_full_beside(self, one: Connection, connections: set[Any]) -> bool:
        """Make room for a connection that has just come. True when all the others are at work."""
        if len(connections) <= self.bounds.connections:
            return False
        for line in (self._before, self._within):
            for longest in line:
                if longest is not one:
                    self.leave(longest)
                    # At once, not when its end is noticed: the next one that comes counts anew.
                    connections.discard(longest)
                    longest.transport.abort()
                    return False
        return True

    def stopped_reading(self, one: Connection, now: float) -> None:
        """It takes no more of its answer."""
        self._unread[one] = (now, one.transport.get_write_buffer_size())

    def reads_on(self, one: Connection) -> None:
        """It has read its answer, or is gone."""
        self._unread.pop(one, None)

    def end_late_ones(self, now: float) -> None:
        """End those that have been waited for too long."""
        for line in (self._before, self._within):
            for one, since in [*line.items()]:
                if one.is_late(now - since):
                    self.leave(one)
                    one.give_up()
        for one, (since, size) in [*self._unread.items()]:
            if now - since < self.bounds.answer_seconds:
                continue
            left = one.transport.get_write_buffer_size()
            if size - left < self.bounds.answer_bytes:
                self.reads_on(one)
                one.transport.abort()
            else:
                self._unread[one] = (now, left)
