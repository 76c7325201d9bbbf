"""Zones have the rules of the pinned tzdata, wherever this runs."""

import zoneinfo
from importlib.resources import files

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.wire import Zone, available_zones, zone


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
