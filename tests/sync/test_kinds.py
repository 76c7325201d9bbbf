"""Whatever the client door creates or edits, a device may also send later."""

from fastapi import FastAPI

from app.operation.marks import mark_of
from app.sync.kinds import KINDS
from tests.contract import routes

BY_ITSELF = {"sync_mine", "create_my_upload", "continue_my_upload"}
"""The exchange, and files: their bytes go in parts, online."""


def test_every_write_of_the_client_door_has_a_kind(app: FastAPI) -> None:
    writes = {
        str(route.operation_id): mark_of(route.endpoint).permission
        for route in routes(app)
        if route.path.startswith("/v1/me/") and not (route.methods or set()) & {"GET", "HEAD"}
    }
    assert writes.keys() == {kind.operation for kind in KINDS.values()} | BY_ITSELF
    for name, kind in KINDS.items():
        assert kind.permission is writes[kind.operation], name
