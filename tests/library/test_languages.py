"""An exercise gives its texts to everyone: in the language nearest to theirs, and never none."""

from typing import Any

import pytest
from sqlalchemy import Text, update

from app.access.practice import Practice
from app.clients.models import Client
from app.core.ids import new_id
from app.core.statements import Query, p
from app.library.catalogue import catalogue
from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission
from tests.library.scenes import TEXTS, make, publish, wanted
from tests.programs.scenes import AT_ONCE, create, give, step

SHIPPED = {one.slug for one in catalogue()}
OF_PRACTICE = Query(
    update(Practice)
    .where(Practice.practice_id == p("practice_id"))
    .values(locale=p("locale", Text()))
)
TITLES = {"en": "A letter", "es": "Una carta", "de": "Ein Brief"}


def texts(*languages: str) -> dict[str, Any]:
    return {
        one: TEXTS | {"title": TITLES[one], "instructions": f"In {one}.", "minimum": f"Kurz {one}."}
        for one in languages
    }


async def speaks(cast: Cast, *, client: str, practice: str = "en") -> None:
    """Cleo reads this language, and the practice that one."""
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Client, cast.client_ids["cleo"], locale=client)
        await work.run(OF_PRACTICE, locale=practice)


async def read(cast: Cast, who: str, path: str) -> Any:
    answer = await cast.people[who].http.get(f"/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def practise(cast: Cast, assignment: dict[str, Any]) -> None:
    body = {
        "client_key": f"device-{new_id()}",
        "exercise_version_id": assignment["exercise_version_id"],
        "times": 1,
        "obstacles": ["felt_worse"],
        "occurred_at": submission()["occurred_at"],
        "zone": "Europe/Berlin",
    }
    sent = await cast.cleo.http.post("/v1/me/repetitions", json=body)
    assert sent.status_code == 201, sent.text


async def clients_titles(cast: Cast, assignment: dict[str, Any]) -> set[str]:
    """The exercise's title wherever its client reads it."""
    shown = await read(cast, "cleo", f"me/assignments/{assignment['id']}")
    tools = (await read(cast, "cleo", "me/toolbox"))["items"]
    practised = (await read(cast, "cleo", "me/repetitions"))["items"]
    one = await read(cast, "cleo", f"me/repetitions/{practised[0]['id']}")
    week = await read(cast, "cleo", "me/week?zone=Europe/Berlin")
    happened = [each["title"] for day in week["days"] for each in day["happened"]]
    own = (each for each in tools if each["slug"] not in SHIPPED)
    return {
        shown["title"],
        shown["exercise"]["texts"]["title"],
        *(each["texts"]["title"] for each in own),
        practised[0]["title"],
        one["title"],
        *happened,
        (await slot(cast.cleo))["title"],
    }


async def staffs_titles(cast: Cast, exercise: dict[str, Any]) -> set[str]:
    """The exercise's title wherever staff read it."""
    client = f"clients/{cast.client_ids['cleo']}"
    [listed] = (await read(cast, "thea", "exercises?mine=true"))["items"]
    versions = (await read(cast, "thea", f"exercises/{exercise['id']}/versions"))["items"]
    board = await read(cast, "thea", f"{client}/homework-board")
    practised = (await read(cast, "thea", f"{client}/repetitions"))["items"]
    waiting = (await read(cast, "thea", "review-queue"))["items"]
    return {
        listed["title"],
        versions[0]["title"],
        (await read(cast, "thea", f"exercises/{exercise['id']}"))["title"],
        *(one["exercise_title"] for one in (*board["assignments"], *waiting)),
        *(one["title"] for one in practised),
    }


@pytest.mark.parametrize(
    ("there", "client", "practice", "theirs", "staffs"),
    [
        (("de",), "es-419", "en", "de", "de"),
        (("en", "es"), "es-419", "en", "es", "en"),
        (("de", "en"), "fr", "de-AT", "de", "de"),
        (("de", "es"), "fr", "en", "de", "de"),
    ],
)
async def test_texts_are_read_in_the_nearest_language_everywhere(
    harbour: Cast,
    there: tuple[str, ...],
    client: str,
    practice: str,
    theirs: str,
    staffs: str,
) -> None:
    await speaks(harbour, client=client, practice=practice)
    exercise = await publish(harbour, await make(harbour, texts=texts(*there)))
    made = await assign(harbour, exercise_id=exercise["id"])
    await practise(harbour, made)
    assert (made["instructions"], made["minimum_version"]) == (f"In {theirs}.", f"Kurz {theirs}.")
    assert await clients_titles(harbour, made) == {TITLES[theirs]}
    assert await staffs_titles(harbour, exercise) == {TITLES[staffs]}


async def test_a_preview_is_in_the_clients_language(harbour: Cast) -> None:
    await speaks(harbour, client="es-MX")
    exercise = await publish(harbour, await make(harbour, texts=texts("en", "es")))
    made = await assign(harbour, exercise_id=exercise["id"])
    shown = (await read(harbour, "thea", f"assignments/{made['id']}/preview"))["exercise"]
    assert (shown["locale"], shown["texts"]["title"]) == ("es", TITLES["es"])


async def test_several_clients_are_each_given_it_in_their_own_language(harbour: Cast) -> None:
    await speaks(harbour, client="es-419")
    exercise = await publish(harbour, await make(harbour, texts=texts("en", "es")))
    ids = [harbour.client_ids[one] for one in ("cleo", "kit")]
    said = {"exercise_id": exercise["id"], "rationale": "You asked for it.", "agreed": True}
    made = await harbour.thea.http.post(
        "/v1/assignments", json={"client_ids": ids, "assignment": said}
    )
    assert [one["title"] for one in made.json()["items"]] == [TITLES["es"], TITLES["en"]]


async def test_a_program_is_frozen_in_the_clients_language(harbour: Cast) -> None:
    await speaks(harbour, client="es-419")
    exercise = await publish(harbour, await make(harbour, texts=texts("en", "es")))
    program = await create(harbour.thea, step(AT_ONCE, exercise_id=exercise["id"]))
    given = await give(harbour, program.json())
    assert [one["title"] for one in given["steps"]] == [TITLES["es"]]


async def test_a_schema_is_in_the_practices_language_unless_asked_otherwise(harbour: Cast) -> None:
    await speaks(harbour, client="en", practice="de")
    exercise = await publish(harbour, await make(harbour, texts=texts("en", "es", "de")))
    url = f"/v1/exercises/{exercise['id']}/schema"
    spoken = [
        (await harbour.thea.http.get(f"{url}{query}")).headers["content-language"]
        for query in ("", "?locale=es-419", "?locale=ja")
    ]
    assert spoken == ["de", "es", "de"]


@pytest.mark.parametrize(
    ("sent", "kept"), [("es-419", "es-419"), ("zh-hans", "zh-Hans"), ("PT-br", "pt-BR")]
)
async def test_a_language_is_kept_in_its_usual_spelling(
    harbour: Cast, sent: str, kept: str
) -> None:
    url, seen = f"/v1/clients/{harbour.client_ids['cleo']}", {"If-Match": '"v1"'}
    changed = await harbour.thea.http.patch(url, json={"locale": sent}, headers=seen)
    own = await harbour.thea.http.post("/v1/exercises", json=wanted(texts={sent: TEXTS}))
    assert changed.json()["locale"] == kept
    assert list(own.json()["draft"]["texts"]) == [kept]


async def test_a_profile_and_a_crisis_line_may_be_in_any_language(harbour: Cast) -> None:
    seen = {"If-Match": '"v1"'}
    line = {"name": "Línea de la vida", "phone": "800 911 2000", "locale": "es-mx"}
    mine = await harbour.cleo.http.patch("/v1/me/profile", json={"locale": "zh-hans"}, headers=seen)
    ours = await harbour.ana.http.patch(
        "/v1/practice", json={"crisis_resources": [line]}, headers=seen
    )
    assert mine.json()["locale"] == "zh-Hans"
    assert ours.json()["crisis_resources"][0]["locale"] == "es-MX"


async def test_what_is_no_language_is_refused_where_it_stands(harbour: Cast) -> None:
    url, seen = f"/v1/clients/{harbour.client_ids['cleo']}", {"If-Match": '"v1"'}
    answer = await harbour.thea.http.patch(url, json={"locale": "xx"}, headers=seen)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/locale")
    assert "BCP 47" in error["detail"]


async def test_two_spellings_of_one_language_are_refused(harbour: Cast) -> None:
    both = wanted(texts={"es-mx": TEXTS, "es-MX": TEXTS})
    answer = await harbour.thea.http.post("/v1/exercises", json=both)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/texts")


async def test_a_new_client_reads_the_practices_language(harbour: Cast) -> None:
    await speaks(harbour, client="en", practice="es")
    body = {"legal_name": "Nora Nueva", "primary_therapist_id": harbour.thea.user_id}
    made = await harbour.thea.http.post("/v1/clients", json=body)
    assert made.json()["locale"] == "es"


async def test_the_practice_says_which_language_it_reads(harbour: Cast) -> None:
    url, seen = "/v1/practice", {"If-Match": '"v1"'}
    changed = await harbour.ana.http.patch(url, json={"locale": "es-419"}, headers=seen)
    assert changed.json()["locale"] == "es-419"


async def test_an_etag_changes_with_the_language_read(harbour: Cast) -> None:
    exercise = await publish(harbour, await make(harbour, texts=texts("en", "es")))
    made = await assign(harbour, exercise_id=exercise["id"])
    paths = {"cleo": f"/v1/me/assignments/{made['id']}", "thea": f"/v1/exercises/{exercise['id']}"}
    before = {who: await harbour.people[who].http.get(path) for who, path in paths.items()}
    await speaks(harbour, client="es-419", practice="es")
    for who, path in paths.items():
        seen = {"If-None-Match": before[who].headers["etag"]}
        assert (await harbour.people[who].http.get(path, headers=seen)).status_code == 200
