"""A voice note and how it is sent, for the description's examples."""

from typing import Any

import httpx

from tests.files.sending import PART, sound


async def tell(cleo: httpx.AsyncClient) -> str:
    """Cleo sends a voice note in two parts, and hears it; its id."""
    note = sound(100_000)
    asked = {"client_key": "phone-7f3a-0901", "media_type": "audio/wav", "size": len(note)}
    made = _done(await cleo.post("/v1/me/uploads", json=asked))
    url = f"/v1/me/uploads/{made['id']}"
    for start, end in ((0, 65_536), (65_536, len(note))):
        headers = {"Upload-Offset": str(start), "Content-Type": PART}
        _done(await cleo.patch(url, content=note[start:end], headers=headers))
    _done(await cleo.get(url))
    assert (await cleo.get(f"{url}/content")).content == note
    return str(made["id"])


async def read(thea: httpx.AsyncClient, submission_id: str, upload_id: str) -> None:
    """Thea hears what came with a submission."""
    heard = await thea.get(f"/v1/submissions/{submission_id}/files/{upload_id}")
    assert heard.status_code == 200, heard.text


def _done(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()
