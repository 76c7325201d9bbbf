"""What one process holds while it serves: its settings, pool, keys and token authority."""

from asyncio import Lock, Semaphore
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from app.access.tokens import TokenAuthority
from app.operation.limiting import Limiter
from app.settings import Settings
from app.vault.keyring import Keyring


@dataclass(slots=True)
class House:
    """Made once at start; nothing in it is the truth about anybody."""

    settings: Settings
    pool: "asyncpg.Pool[Any]"
    keyring: Keyring
    tokens: TokenAuthority
    limiter: Limiter
    turn: Lock = field(default_factory=Lock)
    """Large bodies are parsed one at a time: between two of them everybody else is served."""
    large: Semaphore = field(init=False)
    """Requests with them take a quarter of the connections at most, and the memory of as many."""

    def __post_init__(self) -> None:
        self.large = Semaphore(max(1, self.settings.pool_size // 4))
