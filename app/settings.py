"""Every setting there is, on one screen. Values come from the environment, prefixed `PRAXIS_`
(the database's address also from plain `DATABASE_URL`)."""

import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL = "http://127.0.0.1:8000"


def _data_folder() -> Path:
    """Root's home is closed to the account PostgreSQL runs as, so root keeps data elsewhere."""
    if os.geteuid() == 0:
        return Path("/var/lib/praxis")
    return Path.home() / ".local" / "share" / "praxis"


Environment = Literal["development", "production"]


def _environment(given: dict[str, Any]) -> Environment:
    """Whoever names a database has set something up that lasts."""
    named = ("database_url", "application_database_url", "worker_database_url")
    return "production" if any(given.get(one) for one in named) else "development"


class Settings(BaseSettings):
    """The service's settings. In production it refuses default or blank secrets."""

    model_config = SettingsConfigDict(env_prefix="PRAXIS_", extra="ignore", frozen=True)

    data: Path = Field(default_factory=_data_folder)
    keys: Path | None = None
    # Uploaded files, sealed: in a place that every server and worker reaches.
    files: Path | None = None
    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("PRAXIS_DATABASE_URL", "DATABASE_URL")
    )
    application_database_url: SecretStr | None = None
    worker_database_url: SecretStr | None = None
    # Production where a database is named, unless told otherwise; `praxis up` is development.
    environment: Environment = Field(default_factory=_environment)
    pool_size: int = Field(default=16, ge=2, le=200)
    # The account root runs the embedded PostgreSQL as, instead of one of its own that is made for
    # it; nobody else can choose one.
    postgres_account: str | None = None

    public_url: str = LOCAL
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    # Of callers, in one process; as many open files as that, and 256 more, are asked for.
    connections: int = Field(default=1000, ge=16, le=50_000)
    # Whether /docs is served; absent, it is in development only.
    docs: bool | None = None
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: str = "127.0.0.1"
    requests_per_minute: int = Field(default=600, ge=1)
    sign_ins_per_minute: int = Field(default=30, ge=1)
    # /metrics is for callers on this machine; with a token, for whoever sends it as Bearer, only.
    # A proxy on this machine must pass on X-Forwarded-For, or its callers look like local ones.
    metrics_token: SecretStr | None = Field(default=None, min_length=16)

    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "Praxis <no-reply@localhost>"

    staff_idle_hours: int = 8
    staff_absolute_days: int = 7
    client_idle_days: int = 60
    client_absolute_days: int = 365

    @property
    def shows_docs(self) -> bool:
        """Whether the description can be tried out at /docs."""
        return self.environment == "development" if self.docs is None else self.docs

    @property
    def key_folder(self) -> Path:
        """Where the root key and the token keys are kept."""
        return self.keys or self.data / "keys"

    @property
    def files_folder(self) -> Path:
        """Where uploaded files are kept, as sealed chunks."""
        return self.files or self.data / "files"

    @property
    def mail_folder(self) -> Path:
        """Where mails are kept in development, when no SMTP server is set."""
        return self.data / "mail"

    @model_validator(mode="after")
    def _production_is_set_up(self) -> Self:
        if self.environment == "production":
            wanting = [
                name
                for name, wanted in (
                    ("DATABASE_URL", self.database_url or self.application_database_url),
                    ("PRAXIS_KEYS", self.keys),
                    ("PRAXIS_SMTP_HOST", self.smtp_host),
                    ("PRAXIS_PUBLIC_URL", self.public_url.startswith("https://")),
                )
                if not wanted
            ]
            if wanting:
                raise ValueError(
                    f"in production, set {', '.join(wanting)}; where this is none, set"
                    " PRAXIS_ENVIRONMENT=development"
                )
        return self
