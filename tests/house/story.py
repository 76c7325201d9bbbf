"""One story that calls every operation as its caller would; the description's examples come
from it."""

from collections.abc import Callable
from time import time
from typing import Any

import httpx
import pyotp

from app.core.ids import SYSTEM
from app.jobs.delivering import drain
from app.operation.house import House
from app.operation.work import Work
from app.practices.founding import first_owner, found
from tests.cast import CRISIS
from tests.house import (
    story_attention,
    story_care,
    story_homework,
    story_invitations,
    story_overview,
)
from tests.post import secret

PASSWORD = "four lanterns along the pier"
Mails = Callable[[str], list[Any]]
Newcomer = Callable[[], httpx.AsyncClient]


class Teller:
    """Someone in the story: an HTTP client, and the tokens in use."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.refresh_token = ""
        self.codes: list[str] = []

    async def call(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> Any:
        """Make a call that must succeed; what it answered."""
        headers = {"If-Match": f'"v{version}"'} if version else {}
        answer = await self.http.request(method, path, json=body, headers=headers)
        assert answer.status_code < 300, f"{method} {path}: {answer.text}"
        is_json = answer.headers.get("content-type") == "application/json"
        shown = answer.json() if is_json else None
        if isinstance(shown, dict):
            self._take(shown.get("tokens", shown))
        return shown

    def _take(self, tokens: dict[str, Any]) -> None:
        if "access_token" in tokens:
            self.http.headers["authorization"] = f"Bearer {tokens['access_token']}"
            self.refresh_token = tokens["refresh_token"]

    async def set_up_second_factor(self) -> None:
        """As staff do at their first sign-in."""
        made = await self.call("POST", "/v1/auth/second-factor")
        code = pyotp.TOTP(made["secret"]).at(time())
        done = await self.call("POST", "/v1/auth/second-factor/confirm", {"otp": code})
        self.codes = done["recovery_codes"]


async def tell(house: House, worker: House, mails: Mails, newcomer: Newcomer) -> None:
    """From the founding of a practice to a signed note, and out of the door again."""
    ana = Teller(newcomer())
    await _found(house)
    await ana.call(
        "POST", "/v1/auth/sign-in", {"email": "ana@harbour.example", "password": PASSWORD}
    )
    await ana.set_up_second_factor()
    thea, nora_id = await _staff(ana, worker, mails, newcomer)
    await _practice(ana)
    client, cleo = await _client(thea, worker, mails, newcomer)
    client_url = f"/v1/clients/{client['id']}"
    goal = await _goal(thea, cleo, client_url)
    await _session_and_note(thea, cleo, client_url)
    await story_overview.tell(thea, cleo, client_url)
    await story_homework.offline(thea, cleo, client["id"])
    await _homework(thea, cleo, client_url, goal)
    await _proposals(thea, cleo, client_url)
    await story_homework.tell(house, thea, cleo, Teller(newcomer()), client["id"])
    await story_attention.tell(worker, ana, cleo)
    await story_care.tell(ana, thea, cleo, client_url, nora_id)
    await _accounts(ana, cleo, worker, mails, newcomer)
    for path in ("livez", "readyz", ".well-known/jwks.json", "metrics"):
        await ana.call("GET", f"/{path}")


async def _found(house: House) -> None:
    work = Work(house, operation="found", request_id=SYSTEM)
    async with work.visit(capacity="job"):
        await found(
            work, name="Harbour", zone="Europe/London", country="GB", crisis_resources=CRISIS
        )
        await first_owner(work, email="ana@harbour.example", password=PASSWORD, name="Ana Reyes")


async def _join(
    email: str,
    worker: House,
    mails: Mails,
    newcomer: Newcomer,
    **more: Any,
) -> Teller:
    await drain(worker)
    someone = Teller(newcomer())
    token = {"token": secret(mails(email)[-1])}
    await someone.call("POST", "/v1/auth/invitations/preview", token)
    asked = token | {"password": PASSWORD} | more
    await someone.call("POST", "/v1/auth/invitations/accept", asked)
    return someone


async def _staff(
    ana: Teller, worker: House, mails: Mails, newcomer: Newcomer
) -> tuple[Teller, str]:
    for name in ("thea", "theo", "nora"):
        asked = {"email": f"{name}@harbour.example", "roles": ["therapist"], "licence": "HCPC 1001"}
        await ana.call("POST", "/v1/members", asked)
    theo = await _join("theo@harbour.example", worker, mails, newcomer, name="Theo Blum")
    thea = await _join("thea@harbour.example", worker, mails, newcomer, name="Thea Lindqvist")
    await thea.set_up_second_factor()
    nora = await _join("nora@harbour.example", worker, mails, newcomer, name="Nora Winther")
    gone = (await theo.call("GET", "/v1/auth/me"))["user_id"]
    step_up = {"password": PASSWORD, "otp": ana.codes[0]}
    await ana.call("POST", "/v1/auth/step-up", step_up)
    members = (await ana.call("GET", "/v1/members"))["items"]
    version = next(one["version"] for one in members if one["id"] == gone)
    changed = await ana.call(
        "PATCH", f"/v1/members/{gone}", {"title": "Art therapist"}, version=version
    )
    await ana.call("POST", f"/v1/members/{gone}/suspend", version=changed["version"])
    return thea, (await nora.call("GET", "/v1/auth/me"))["user_id"]


async def _practice(ana: Teller) -> None:
    practice = await ana.call("GET", "/v1/practice")
    await ana.call("PATCH", "/v1/practice", {"name": "Harbour"}, version=practice["version"])


async def _client(
    thea: Teller, worker: House, mails: Mails, newcomer: Newcomer
) -> tuple[dict[str, Any], Teller]:
    email = "cleo@post.example"
    client = await thea.call(
        "POST",
        "/v1/clients",
        {
            "legal_name": "Cleopatra Adler",
            "preferred_name": "Cleo",
            "birth_date": "1991-04-23",
            "contact_points": [{"kind": "email", "value": email, "may_email": True}],
            "external_refs": [{"system": "diary", "value": "A-1007"}],
            "focus": ["Saying no without explaining"],
        },
    )
    url = f"/v1/clients/{client['id']}"
    await thea.call("GET", "/v1/clients?q=cleo")
    shown = await thea.call("GET", url)
    await thea.call("PATCH", url, {"pronouns": "she/her"}, version=shown["version"])
    await story_invitations.tell(thea, url, email)
    await thea.call("POST", f"{url}/invitation", {"email": email})
    cleo = await _join(email, worker, mails, newcomer, birth_date="1991-04-23")
    profile = await cleo.call("GET", "/v1/me/profile")
    await cleo.call(
        "PATCH", "/v1/me/profile", {"zone": "Europe/London"}, version=profile["version"]
    )
    await cleo.call("GET", "/v1/me/acting-for")
    await cleo.call("GET", "/v1/me/help")
    return client, cleo


async def _goal(thea: Teller, cleo: Teller, client_url: str) -> dict[str, Any]:
    asked = {
        "statement": "I say no without a speech", "areas": ["boundary-setting"],
        "current_state": "I explain until I have said yes",
        "ideal_state": "One sentence, and I can bear the silence",
    }  # fmt: skip
    goal: dict[str, Any] = await thea.call("POST", f"{client_url}/goals", asked)
    await thea.call("GET", f"{client_url}/goals")
    await thea.call("GET", f"/v1/goals/{goal['id']}")
    mine = f"/v1/me/goals/{goal['id']}"
    accepted = await cleo.call("POST", f"{mine}/accept", version=goal["version"])
    await cleo.call("GET", "/v1/me/goals")
    await cleo.call("POST", f"{mine}/ratings", {"client_key": "phone-7f3a-0001", "value": 3})
    review = {"review_on": "2027-01-15"}
    await thea.call("PATCH", f"/v1/goals/{goal['id']}", review, version=accepted["version"])
    other = await thea.call("POST", f"{client_url}/goals", {"statement": "I ring my sister"})
    await cleo.call("POST", f"/v1/me/goals/{other['id']}/decline", version=other["version"])
    return goal


async def _session_and_note(thea: Teller, cleo: Teller, client_url: str) -> None:
    asked = {"starts_at": "2026-11-02T09:00:00+00:00", "setting": "in_person"}
    session = await thea.call("POST", f"{client_url}/sessions", asked)
    await thea.call("GET", f"{client_url}/sessions")
    url = f"/v1/sessions/{session['id']}"
    await thea.call("GET", url)
    await thea.call("PATCH", url, {"attendance": "attended"}, version=session["version"])
    await cleo.call("GET", "/v1/me/sessions")
    sections = {
        "data": "Cleo told of the call with her landlord, and of her jaw while it rang.",
        "assessment": "She notices the urge to explain sooner than a month ago.",
        "plan": "One small no a week, with the script she wrote.",
    }
    note = await thea.call(
        "POST",
        f"{client_url}/notes",
        {"format": "DAP", "session_id": session["id"], "body": {"sections": sections}},
    )
    url = f"/v1/notes/{note['id']}"
    header = {"participants": ["Cleo", "Thea Lindqvist"], "risk_statement": "None voiced."}
    note = await thea.call("PATCH", url, {"body": {"header": header}}, version=note["version"])
    signed = await thea.call(
        "POST",
        f"{url}/sign",
        {"revision": note["revision"], "attestation": True},
        version=note["version"],
    )
    await thea.call("GET", f"{client_url}/notes")
    await thea.call("GET", url)
    await cleo.call("GET", "/v1/me/notes")
    await cleo.call("GET", f"/v1/me/notes/{signed['id']}")


async def _homework(thea: Teller, cleo: Teller, client_url: str, goal: dict[str, Any]) -> None:
    listed = await thea.call("GET", "/v1/exercises?area=boundary-setting")
    exercise = await thea.call("GET", f"/v1/exercises/{listed['items'][-1]['id']}")
    assignment = await thea.call(
        "POST",
        f"{client_url}/assignments",
        {
            "exercise_id": exercise["id"],
            "rationale": "You said the speech is what wears you out.",
            "goal_id": goal["id"],
        },
    )
    await thea.call("GET", f"{client_url}/assignments")
    url = f"/v1/assignments/{assignment['id']}"
    await thea.call("GET", url)
    changed = await thea.call(
        "PATCH", url, {"minimum_version": "One sentence, said to the mirror."},
        version=assignment["version"],
    )  # fmt: skip
    await cleo.call("GET", "/v1/me/assignments")
    mine = f"/v1/me/assignments/{assignment['id']}"
    await cleo.call("GET", mine)
    await cleo.call("POST", f"{mine}/accept", {"confidence": 7}, version=changed["version"])
    today = await cleo.call("GET", "/v1/me/today?zone=Europe/London")
    slot = today["open"][0]
    await cleo.call("GET", f"/v1/me/occurrences?from={today['on']}&to={today['on']}")
    await cleo.call("GET", f"/v1/me/occurrences/{slot['id']}")
    form = await cleo.call("GET", f"/v1/me/exercise-versions/{slot['exercise_version_id']}")
    first = next(one["id"] for one in form["form"]["fields"] if one["kind"].endswith("text"))
    receipt = await cleo.call(
        "POST",
        f"/v1/me/occurrences/{slot['id']}/submissions",
        {
            "client_key": "phone-7f3a-0002",
            "outcome": "partial",
            "answers": {first: "No, I will not take the Saturday shift."},
            "exercise_version_id": slot["exercise_version_id"],
            "occurred_at": "2026-11-02T18:30:00+00:00",
            "zone": "Europe/London",
            "engagement": {"difficulty": 3, "helpfulness": 3},
            "obstacles": ["too_busy"],
        },
    )
    await thea.call("GET", f"{client_url}/submissions")
    await thea.call("GET", "/v1/submissions?only_news=true")
    url = f"/v1/submissions/{receipt['submission_id']}"
    read = await thea.call("GET", url)
    words = {"number": 1, "comment": "One sentence, and you let it stand. Let us look at that."}
    await thea.call("POST", f"{url}/review", words, version=read["version"])
    await cleo.call("GET", f"/v1/me/submissions/{receipt['submission_id']}")


async def _proposals(thea: Teller, cleo: Teller, client_url: str) -> None:
    exercise = (await thea.call("GET", "/v1/exercises"))["items"][0]
    asked = {"exercise_id": exercise["id"], "rationale": "In case the evenings stay hard."}
    proposed = await thea.call("POST", f"{client_url}/assignments", asked)
    await cleo.call(
        "POST",
        f"/v1/me/assignments/{proposed['id']}/decline",
        {"reason": "not_ready", "words": "Not while my mother is staying."},
        version=proposed["version"],
    )
    other = await thea.call("POST", f"{client_url}/assignments", asked)
    await thea.call("POST", f"/v1/assignments/{other['id']}/withdraw", version=other["version"])


async def _accounts(
    ana: Teller, cleo: Teller, worker: House, mails: Mails, newcomer: Newcomer
) -> None:
    me = await cleo.call("GET", "/v1/auth/me")
    place = {"kind": "client", "practice_id": me["context"]["practice_id"]}
    await cleo.call("POST", "/v1/auth/context", {"context": place})
    await cleo.call("POST", "/v1/auth/refresh", {"refresh_token": cleo.refresh_token})
    await cleo.call("POST", "/v1/auth/sign-out-everywhere")
    someone = Teller(newcomer())
    email = {"email": "cleo@post.example"}
    await someone.call("POST", "/v1/auth/password-reset", email)
    await drain(worker)
    asked = {"token": secret(mails("cleo@post.example")[-1]), "password": PASSWORD + " again"}
    await someone.call("POST", "/v1/auth/password-reset/confirm", asked)
    await ana.call("POST", "/v1/auth/sign-out")
