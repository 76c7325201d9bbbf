"""Keys, a clock that can be set, and an authority over both."""

import pytest

from app.access.tokens import TokenAuthority
from app.vault.keyfile import Keys, load_or_create
from tests.access.forging import AUDIENCE, ISSUER, NOW


class Clock:
    """A clock that stands still until it is set."""

    at: float = NOW

    def __call__(self) -> float:
        return self.at


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return load_or_create(tmp_path_factory.mktemp("tokens") / "keys")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def authority(keys: Keys, clock: Clock) -> TokenAuthority:
    return TokenAuthority(keys, ISSUER, AUDIENCE, clock=clock)
