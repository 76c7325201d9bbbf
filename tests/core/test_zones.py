"""Zones have the rules of the pinned tzdata, wherever this runs."""

import zoneinfo
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core import zones
from app.core.wire import Zone
from app.core.zones import available_zones, zone


def test_no_other_rules_than_the_packages_are_read() -> None:
    assert zoneinfo.TZPATH == ()


def test_every_zone_of_the_package_is_known() -> None:
    listed = files("tzdata").joinpath("zones").read_text().split()
    assert available_zones() == set(listed)
    assert zone("America/Nuuk").key == "America/Nuuk"


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Mars/Olympus_Mons", "/etc/passwd"])
def test_what_only_a_system_knows_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Zone).validate_python(name)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("US/Eastern", "America/New_York"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "Etc/UTC"),
        ("Zulu", "Etc/UTC"),
    ],
)
def test_an_older_name_is_read_as_the_one_it_has_now(older: str, newer: str) -> None:
    assert TypeAdapter(Zone).validate_python(older) == newer


def test_a_place_keeps_its_own_name_though_its_clocks_agree_with_another() -> None:
    for name in ("Europe/Oslo", "Europe/Berlin", "Africa/Accra", "Atlantic/Reykjavik"):
        assert TypeAdapter(Zone).validate_python(name) == name


def test_every_name_leads_to_one_of_today_that_shows_the_same_time() -> None:
    moment = datetime(2026, 11, 26, 12, tzinfo=UTC)
    for name in available_zones():
        newer = zones.canonical(name)
        assert newer in zones.current_zones()
        assert zones.canonical(newer) == newer
        assert (
            moment.astimezone(zone(name)).isoformat() == moment.astimezone(zone(newer)).isoformat()
        )
    assert len(zones.renamed_zones()) > 100
