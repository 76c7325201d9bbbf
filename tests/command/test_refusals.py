"""What a command cannot do it says in one sentence, with exit code 2 and no traceback."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.command.configuring import unknown_variables
from tests.command.conftest import Said

Praxis = Callable[..., Said]

NOWHERE = "postgresql://ana:geheim@127.0.0.1:1/praxis"


def refused(said: Said, *words: str) -> None:
    assert said.code == 2, said
    assert "Traceback" not in said.err
    assert said.err.startswith("praxis: ")
    assert said.err.count("\n") == 1
    for one in words:
        assert one in said.err


def test_a_setting_that_is_not_one(praxis: Praxis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAXIS_POOL_SIZE", "many")
    refused(praxis("serve"), "PRAXIS_POOL_SIZE", "integer")


def test_a_secret_setting_is_not_repeated(praxis: Praxis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAXIS_METRICS_TOKEN", "geheim")
    said = praxis("serve")
    refused(said, "PRAXIS_METRICS_TOKEN", "16 characters")
    assert "geheim" not in said.err


def test_a_list_that_is_not_json(praxis: Praxis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAXIS_CORS_ORIGINS", "https://one.example")
    refused(praxis("serve"), "PRAXIS_CORS_ORIGINS", "JSON")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PRAXIS_ENVIRONMENT", "production"), ("DATABASE_URL", NOWHERE)],
)
@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_production_that_is_not_set_up(
    praxis: Praxis, monkeypatch: pytest.MonkeyPatch, command: str, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    said = praxis(command)
    refused(said, "PRAXIS_KEYS", "PRAXIS_SMTP_HOST", "PRAXIS_PUBLIC_URL", "PRAXIS_ENVIRONMENT")
    assert "geheim" not in said.err


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_no_database_is_named(praxis: Praxis, command: str) -> None:
    refused(praxis(command), "DATABASE_URL", "praxis up")


@pytest.mark.usefixtures("development")
@pytest.mark.parametrize(
    "address", ["mysql://ana:geheim@host/praxis", "postgresql://ana:geheim@[host/praxis", "geheim"]
)
def test_an_address_that_is_none_is_not_repeated(
    praxis: Praxis, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    said = praxis("migrate")
    refused(said, "DATABASE_URL is not a database's address")
    assert "geheim" not in said.err


@pytest.mark.usefixtures("development")
def test_an_address_for_sqlalchemy(praxis: Praxis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://ana@host/praxis")
    refused(praxis("migrate"), "leave the driver out")


@pytest.mark.usefixtures("development")
@pytest.mark.parametrize("command", ["up", "migrate"])
def test_a_database_that_does_not_answer(
    praxis: Praxis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    monkeypatch.setenv("PRAXIS_PORT", "18123")
    said = praxis(command, "--data", tmp_path / "data")
    refused(said, "127.0.0.1:1, database praxis does not answer (Connection refused)")
    assert "geheim" not in said.err


@pytest.mark.usefixtures("development")
def test_keys_that_are_not_there(
    praxis: Praxis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    monkeypatch.setenv("PRAXIS_KEYS", str(tmp_path / "keys"))
    refused(praxis("serve"), str(tmp_path / "keys"), "backup")


def test_a_data_folder_that_cannot_be(praxis: Praxis, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    tmp_path.chmod(0o711)
    refused(praxis("up", "--data", tmp_path / "file" / "data"), "--data")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere (2026-11-22)")
def test_a_data_folder_that_is_read_only(praxis: Praxis, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    refused(praxis("up", "--data", tmp_path / "data"), str(tmp_path), "--data")


def test_a_host_that_is_not_here(praxis: Praxis, temporary: Path) -> None:
    said = praxis("up", "--data", temporary / "host", "--host", "192.0.2.1")
    refused(said, "192.0.2.1", "--host")


def test_an_account_that_is_not_here(praxis: Praxis, temporary: Path) -> None:
    said = praxis("up", "--data", temporary / "account", "--run-as", "no-such-account")
    refused(said, "no-such-account")


def test_a_practice_that_is_not_one(praxis: Praxis, tmp_path: Path) -> None:
    names = ("--name", "Harbour", "--owner-name", "Ana", "--email", "ana")
    place = ("--zone", "Europe/Nowhere", "--country", "Germany", "--crisis-line", "Line=1")
    said = praxis("create-practice", *names, *place, "--password-file", tmp_path / "none")
    refused(said, "--zone", "--country", "--email")


def test_the_committed_document_is_compared(praxis: Praxis, tmp_path: Path) -> None:
    (tmp_path / "praxis.json").write_text("{}\n")
    said = praxis("openapi", "--check", tmp_path / "praxis.json")
    refused(said, f"run `praxis openapi {tmp_path / 'praxis.json'}`")


def test_the_document_is_written_the_same_way_each_time(praxis: Praxis, tmp_path: Path) -> None:
    assert praxis("openapi", tmp_path / "praxis.json").code == 0
    assert praxis("openapi", "--check", tmp_path / "praxis.json").code == 0
    assert (tmp_path / "praxis.json").read_bytes().endswith(b"}\n")


def test_unknown_setting_is_named_with_the_one_that_may_be_meant(
    praxis: Praxis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRAXIS_CROS_ORIGINS", "geheim")
    monkeypatch.setenv("PRAXIS_COLOUR", "geheim")
    said = praxis("serve")
    colour, origins, refusal = said.err.splitlines()
    assert colour == "praxis: PRAXIS_COLOUR is no setting and changes nothing."
    assert "PRAXIS_CROS_ORIGINS is no setting" in origins
    assert "PRAXIS_CORS_ORIGINS may be meant" in origins
    assert "DATABASE_URL" in refusal
    assert "geheim" not in said.err


def test_every_setting_is_known_by_its_name() -> None:
    for name in ("PRAXIS_PORT", "PRAXIS_DATABASE_URL", "PRAXIS_TRACEBACK", "praxis_mail_from"):
        assert unknown_variables([name]) == []
