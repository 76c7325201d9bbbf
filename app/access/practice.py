"""A practice: the tenant."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, PracticeId, Versioned
from app.core.walls import JOB, PRACTICE, STAFF, Wall, acting_as, both, either


class Practice(Versioned, Base):
    """Name, place, crisis resources and policies. Ages and periods are data, never constants."""

    __tablename__ = "practices"
    __wall__ = Wall(
        read=either(PRACTICE, acting_as("visitor", "invited")),
        add=both(PRACTICE, JOB),
        change=both(PRACTICE, either(STAFF, JOB)),
        gate=("practice_id", "zone"),
    )
    practice_id: Mapped[PracticeId]
    name: Mapped[str]
    zone: Mapped[str]
    country: Mapped[str]
    locale: Mapped[str] = mapped_column(server_default=text("'en'"))
    crisis_resources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    policies: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
