"""Production unless told otherwise: what is served there, and what `praxis up` is."""

from pathlib import Path

import httpx
import pytest

from app.command.configuring import environment_of, settings_for
from app.main import create_app
from app.settings import Settings

DATABASE = "postgresql://praxis@db.example/praxis"


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", DATABASE)
    monkeypatch.setenv("PRAXIS_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("PRAXIS_SMTP_HOST", "mail.example")
    monkeypatch.setenv("PRAXIS_PUBLIC_URL", "https://praxis.example")


@pytest.mark.usefixtures("production")
def test_a_service_with_a_database_is_production() -> None:
    assert settings_for().environment == "production"


def test_praxis_up_is_development_and_says_so_to_its_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", DATABASE)
    settings = settings_for(on_one_machine=True)
    assert settings.environment == "development"
    assert environment_of(settings, DATABASE)["PRAXIS_ENVIRONMENT"] == "development"


@pytest.mark.usefixtures("production")
def test_praxis_up_may_be_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAXIS_ENVIRONMENT", "production")
    assert settings_for(on_one_machine=True).environment == "production"


async def docs(settings: Settings) -> int:
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://praxis.test") as http:
        return (await http.get("/docs")).status_code


@pytest.mark.usefixtures("production")
async def test_docs_are_served_in_production_when_switched_on_only() -> None:
    settings = settings_for()
    asked_for = settings.model_copy(update={"docs": True})
    assert [await docs(settings), await docs(asked_for)] == [404, 200]


def test_the_image_is_production() -> None:
    image = Path(__file__).parents[2] / "Dockerfile"
    assert "PRAXIS_ENVIRONMENT=production" in image.read_text()
