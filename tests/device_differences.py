"""Where the record and the devices differ, once all is settled."""

import json
from datetime import datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import and_, select

from app.core.ids import SYSTEM
from app.core.statements import Query
from app.homework.along import Repetition
from app.homework.models import Submission, SubmissionAnswer, SubmissionVersion
from app.operation.house import House
from app.operation.work import Work
from tests.device_drafts import lost, words_in
from tests.devices import Device

_SENT = Query(
    select(
        SubmissionVersion.client_key,
        SubmissionVersion.outcome,
        SubmissionVersion.occurred_at,
        SubmissionVersion.number,
        Submission.id.label("submission_id"),
        Submission.occurrence_id,
        SubmissionAnswer.id,
        SubmissionAnswer.client_id,
        SubmissionAnswer.answers,
    )
    .join(
        Submission,
        and_(
            Submission.practice_id == SubmissionVersion.practice_id,
            Submission.id == SubmissionVersion.submission_id,
        ),
    )
    .join(
        SubmissionAnswer,
        and_(
            SubmissionAnswer.practice_id == SubmissionVersion.practice_id,
            SubmissionAnswer.id == SubmissionVersion.id,
        ),
    )
)
_REPEATED = Query(
    select(
        Repetition.id,
        Repetition.client_id,
        Repetition.client_key,
        Repetition.times,
        Repetition.occurred_at,
        Repetition.note,
    )
)


async def differences(
    house: House, practice_id: str, devices: list[Device], there: dict[str, set[str]]
) -> list[str]:
    """Where the record and the devices differ, in words; empty when nowhere. `there` are the words
    of the drafts that the client finds, by slot."""
    work = Work(house, operation="test", request_id=SYSTEM)
    async with work.visit(capacity="job", practice_id=practice_id):
        sent, repeated = await work.rows(_SENT), await work.rows(_REPEATED)
    stored = {
        row["client_key"]: (row["outcome"], row["occurred_at"], _in_nfc(row["answers"].value))
        for row in sent
    } | {
        row["client_key"]: (row["times"], row["occurred_at"], _in_nfc(row["note"].value))
        for row in repeated
    }
    wrong = [f"{one} was refused" for device in devices for one in device.refusals]
    if len(stored) != len(sent) + len(repeated):
        wrong.append("a key is there twice")
    expected = {
        key: _as_stored(one)
        for d in devices
        for key, one in d.journal.items()
        if one["kind"] != "draft_discard"
    }
    wrong += [f"{key} is not there" for key in expected.keys() - stored.keys()]
    wrong += [f"{key} was never written down" for key in stored.keys() - expected.keys()]
    both = expected.keys() & stored.keys()
    wrong += [f"{key} is other than written down" for key in both if expected[key] != stored[key]]
    return wrong + _of_versions(sent) + _of_drafts(devices, sent, there)


def _of_versions(sent: list[Any]) -> list[str]:
    numbers: dict[str, list[int]] = {}
    for row in sent:
        numbers.setdefault(row["submission_id"], []).append(row["number"])
    return [
        f"the versions of {submission_id} are numbered {sorted(found)}"
        for submission_id, found in numbers.items()
        if sorted(found) != list(range(1, len(found) + 1))
    ]


def _of_drafts(devices: list[Device], sent: list[Any], there: dict[str, set[str]]) -> list[str]:
    """Words that were lost, and drafts that a device still shows, or does not."""
    gone: dict[str, set[str]] = {}
    for row in sent:
        gone.setdefault(row["occurrence_id"], set()).update(
            words_in({"answers": row["answers"].value})
        )
    for one in devices:
        for slot, words in one.drafts.let_go.items():
            gone.setdefault(slot, set()).update(words)
    wrong = [word for one in devices for word in lost(one.drafts, there, gone)]
    for one in devices:
        shown = {slot: words for slot, (_, words) in one.drafts.heard.items()}
        if shown != there:
            wrong.append(f"{one.name} shows drafts {sorted(shown)}, and there are {sorted(there)}")
    return wrong


def _in_nfc(value: Any) -> Any:
    return json.loads(normalize("NFC", json.dumps(value, ensure_ascii=False)))


def _as_stored(item: dict[str, Any]) -> tuple[Any, ...]:
    body = item["body"]
    at = datetime.fromisoformat(body["occurred_at"])
    if item["kind"] == "repetition":
        return body["times"], at, body["note"]
    return body["outcome"], at, body["answers"]
