"""Whatever the client door creates or edits, a device may also send later."""

from fastapi import FastAPI

from app.operation.marks import mark_of
from app.sync.kinds import KINDS
from tests.contract import routes

KIND_OF = {
    "submit_my_homework": "submission",
    "submit_my_extra": "submission_extra",
    "edit_my_submission": "submission_edit",
    "withdraw_my_submission": "submission_withdraw",
    "put_my_draft": "draft",
    "delete_my_draft": "draft_discard",
    "log_my_repetition": "repetition",
    "create_my_assignment": "assignment",
    "accept_my_assignment": "assignment_accept",
    "decline_my_assignment": "assignment_decline",
    "end_my_assignment": "assignment_end",
    "ask_about_my_assignment": "question",
    "start_my_rest_period": "rest_period",
    "end_my_rest_period": "rest_period_end",
    "rate_my_goal": "goal_rating",
    "accept_my_goal": "goal_accept",
    "decline_my_goal": "goal_decline",
    "update_my_reminders": "reminders",
    "update_my_profile": "profile",
}
BY_ITSELF = {"sync_mine", "create_my_upload", "continue_my_upload"}
"""The exchange, and files: their bytes go in parts, online."""


def test_every_write_of_the_client_door_has_a_kind(app: FastAPI) -> None:
    writes = {
        str(route.operation_id): mark_of(route.endpoint).permission
        for route in routes(app)
        if route.path.startswith("/v1/me/") and not (route.methods or set()) & {"GET", "HEAD"}
    }
    assert writes.keys() == KIND_OF.keys() | BY_ITSELF
    assert set(KIND_OF.values()) == KINDS.keys()
    for operation, kind in KIND_OF.items():
        assert KINDS[kind].permission is writes[operation], kind
