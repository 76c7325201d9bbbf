"""A practice makes exercises of its own, and what was published never changes."""

from typing import Any

import asyncpg
import jsonschema_rs
import pytest

from app.core import embedded
from app.operation.house import House
from tests.cast import Cast
from tests.homework.scenes import assignment, slot, submission
from tests.library.scenes import (
    FORM,
    SHIPPED,
    TEXTS,
    WORDS,
    change,
    make,
    publish,
    retire,
    titled,
    wanted,
)


async def test_an_exercise_is_written_and_published(harbour: Cast) -> None:
    draft = await make(harbour)
    assert (draft["current"], draft["title"]) == (None, TEXTS["title"])
    done = await publish(harbour, draft)
    assert (done["current"]["number"], done["current"]["form"]) == (1, FORM)
    assert (done["draft"], done["exercise_version_id"]) == (None, done["current"]["id"])


async def test_publishing_again_makes_the_next_version(harbour: Cast) -> None:
    first = await publish(harbour, await make(harbour))
    changed = await change(harbour, first, minutes=5)
    assert (changed["minutes"], changed["draft"]["minutes"]) == (15, 5)
    second = await publish(harbour, changed)
    assert (second["current"]["number"], second["minutes"]) == (2, 5)


async def test_a_version_reads_the_same_for_ever(harbour: Cast) -> None:
    first = await publish(harbour, await make(harbour))
    url = f"/v1/exercise-versions/{first['exercise_version_id']}"
    before = await harbour.thea.http.get(url)
    await publish(harbour, await change(harbour, first, **titled("Another letter")))
    assert (await harbour.thea.http.get(url)).content == before.content


async def test_the_header_is_changed_at_once(harbour: Cast) -> None:
    first = await publish(harbour, await make(harbour))
    changed = await change(harbour, first, areas=["acceptance"], difficulty=3)
    assert (changed["areas"], changed["difficulty"]) == (["acceptance"], 3)
    assert changed["draft"] is None


async def test_publishing_what_is_published_changes_nothing(harbour: Cast) -> None:
    first = await publish(harbour, await make(harbour))
    assert await publish(harbour, first) == first


async def test_an_old_answer_keeps_its_form(harbour: Cast) -> None:
    first = await publish(harbour, await make(harbour))
    url = f"/v1/clients/{harbour.client_ids['cleo']}/assignments"
    await harbour.thea.http.post(url, json=assignment(exercise_id=first["id"]))
    form = {"fields": FORM["fields"][:1]}
    texts = {"en": TEXTS | {"fields": {"what_i_said": WORDS["what_i_said"]}}}
    await publish(harbour, await change(harbour, first, form=form, texts=texts))
    sent = submission(
        exercise_version_id=first["exercise_version_id"],
        answers={"what_i_said": "No.", "ease": {"after": 4}},
    )
    where = (await slot(harbour.cleo))["id"]
    stored = await harbour.cleo.http.post(f"/v1/me/occurrences/{where}/submissions", json=sent)
    assert stored.status_code == 201, stored.text


@pytest.mark.parametrize("published", [True, False])
async def test_only_a_published_exercise_is_assigned(harbour: Cast, published: bool) -> None:
    exercise = await make(harbour)
    if published:
        await publish(harbour, exercise)
    answer = await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['cleo']}/assignments",
        json=assignment(exercise_id=exercise["id"]),
    )
    assert answer.status_code == (201 if published else 422), answer.text


async def test_a_retired_exercise_is_not_assigned(harbour: Cast) -> None:
    gone = await retire(harbour, await publish(harbour, await make(harbour)))
    answer = await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['cleo']}/assignments",
        json=assignment(exercise_id=gone["id"]),
    )
    assert answer.json()["errors"][0]["code"] == "homework.exercise"


async def test_a_retired_exercise_stays_readable_and_stays_as_it_is(harbour: Cast) -> None:
    gone = await retire(harbour, await publish(harbour, await make(harbour)))
    url = f"/v1/exercises/{gone['id']}"
    assert (await harbour.thea.http.get(url)).json() == gone
    refused = await harbour.thea.http.patch(url, json={"difficulty": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "library.retired")
    assert await retire(harbour, gone) == gone


async def test_a_shipped_exercise_is_copied_and_adapted(harbour: Cast) -> None:
    made = await harbour.thea.http.post(f"/v1/exercises/{SHIPPED.id}/copy")
    copy = made.json()
    assert made.headers["location"] == f"/v1/exercises/{copy['id']}"
    assert (copy["copied_from"], copy["is_own"]) == (str(SHIPPED.id), True)
    assert (copy["slug"], copy["current"]) == ("paced-breathing", None)
    done = await publish(harbour, await change(harbour, copy, minutes=3))
    shipped = (await harbour.thea.http.get(f"/v1/exercises/{SHIPPED.id}")).json()
    assert done["current"]["form"] == shipped["current"]["form"]


async def test_a_copy_of_a_copy_has_a_slug_of_its_own(harbour: Cast) -> None:
    first = await make(harbour)
    made = await harbour.theo.http.post(f"/v1/exercises/{first['id']}/copy")
    assert made.json()["slug"].startswith(first["slug"] + "-")


@pytest.mark.parametrize("verb", ["publish", "retire", ""])
async def test_a_shipped_exercise_is_not_changed(harbour: Cast, verb: str) -> None:
    url = f"/v1/exercises/{SHIPPED.id}"
    call = harbour.thea.http.post if verb else harbour.thea.http.patch
    body: dict[str, Any] = {} if verb else {"json": {"difficulty": 1}}
    answer = await call(f"{url}/{verb}".rstrip("/"), headers={"If-Match": '"v1"'}, **body)
    assert (answer.status_code, answer.json()["code"]) == (409, "library.shipped")
    assert answer.json()["copy_at"] == f"{url}/copy"


@pytest.mark.parametrize("verb", ["publish", "retire", "copy"])
async def test_next_door_it_does_not_exist(harbour: Cast, lakeside: Cast, verb: str) -> None:
    url = f"/v1/exercises/{(await make(harbour))['id']}"
    answer = await lakeside.thea.http.post(f"{url}/{verb}", headers={"If-Match": '"v1"'})
    assert answer.status_code == 404
    assert (await lakeside.thea.http.get(url)).status_code == 404


async def test_the_front_desk_reads_and_does_not_write(harbour: Cast) -> None:
    exercise = await make(harbour)
    answer = await harbour.abe.http.post("/v1/exercises", json=wanted())
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")
    assert (await harbour.abe.http.get(f"/v1/exercises/{exercise['id']}")).status_code == 200


async def test_the_owner_writes_too(harbour: Cast) -> None:
    assert (await harbour.ana.http.post("/v1/exercises", json=wanted())).status_code == 201


async def test_a_change_needs_the_version_that_was_seen(harbour: Cast) -> None:
    url = f"/v1/exercises/{(await make(harbour))['id']}"
    await harbour.thea.http.patch(url, json={"minutes": 9}, headers={"If-Match": '"v1"'})
    assert (await harbour.thea.http.patch(url, json={"minutes": 8})).status_code == 428
    stale = await harbour.thea.http.post(f"{url}/publish", headers={"If-Match": '"v1"'})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v2"')


async def test_two_exercises_do_not_share_a_slug(harbour: Cast) -> None:
    await make(harbour, slug="the-letter")
    answer = await harbour.thea.http.post("/v1/exercises", json=wanted(slug="the-letter"))
    assert (answer.status_code, answer.json()["code"]) == (409, "library.slug_taken")


async def test_a_title_in_other_letters_makes_a_slug(harbour: Cast) -> None:
    made = await make(harbour, texts={"ja": TEXTS | {"title": "手紙"}})
    assert (made["slug"], made["title"]) == ("exercise", "手紙")


@pytest.mark.parametrize(
    "texts",
    [
        {"en": TEXTS | {"fields": {"what_i_said": WORDS["what_i_said"]}}},
        {"en": TEXTS, "es": TEXTS | {"fields": {**WORDS, "another": {"label": "Otra"}}}},
    ],
)
async def test_every_language_covers_the_form(harbour: Cast, texts: Any) -> None:
    answer = await harbour.thea.http.post("/v1/exercises", json=wanted(texts=texts))
    assert (answer.status_code, answer.json()["code"]) == (422, "library.texts")
    assert answer.json()["errors"][0]["pointer"] == "/texts"


async def test_a_form_changes_with_its_texts(harbour: Cast) -> None:
    draft = await make(harbour)
    answer = await harbour.thea.http.patch(
        f"/v1/exercises/{draft['id']}",
        json={"form": {"fields": FORM["fields"][:1]}},
        headers={"If-Match": '"v1"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "library.texts")


@pytest.mark.parametrize(
    "other",
    [
        {"form": {"fields": [{"id": "x", "kind": "guess"}]}},
        {"form": {"fields": [{"id": "x", "kind": "scale", "min": 3, "max": 1}]}},
        titled("NUL\0"),
        titled(""),
        {"texts": {}},
        {"texts": {"English": TEXTS}},
        {"areas": []},
        {"areas": ["astrology"]},
        {"modality": []},
        {"difficulty": 4},
        {"minutes": 0},
        {"slug": "Not a slug"},
    ],
)
async def test_what_does_not_hold_together_is_refused(harbour: Cast, other: Any) -> None:
    answer = await harbour.thea.http.post("/v1/exercises", json=wanted(**other))
    assert (answer.status_code, answer.json()["code"]) == (422, "wire.invalid")


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        ({"form": {"fields": [{"id": "x", "kind": "text"}]}}, "/form/fields/0/max_length"),
        ({"form": {"fields": [{"id": "x", "kind": "choice", "options": ["A b", "c"]}]}},
         "/form/fields/0/options/0"),
        ({"form": {"fields": [{"id": "x", "kind": "number", "min": "0", "max": 1}]}},
         "/form/fields/0/min"),
        ({"texts": {"English": TEXTS}}, "/texts/English"),
        ({"texts": {"en": TEXTS | {"fields": {"ease": {}}}}}, "/texts/en/fields/ease/label"),
    ],
)  # fmt: skip
async def test_a_refusal_points_at_what_is_wrong(harbour: Cast, other: Any, pointer: str) -> None:
    answer = await harbour.thea.http.post("/v1/exercises", json=wanted(**other))
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_the_schema_takes_what_the_form_takes(harbour: Cast) -> None:
    done = await publish(harbour, await make(harbour, texts={"en": TEXTS, "es": TEXTS}))
    url = f"/v1/exercises/{done['id']}/schema"
    answer = await harbour.thea.http.get(f"{url}?locale=es-MX")
    assert answer.headers["content-language"] == "es"
    assert jsonschema_rs.is_valid(answer.json(), {"ease": {"before": 3}})
    assert not jsonschema_rs.is_valid(answer.json(), {"ease": {"before": 11}})


async def test_before_it_is_published_the_schema_is_the_drafts(harbour: Cast) -> None:
    draft = await make(harbour)
    answer = await harbour.thea.http.get(f"/v1/exercises/{draft['id']}/schema")
    assert answer.json()["title"] == TEXTS["title"]


async def test_versions_are_listed_newest_first(harbour: Cast) -> None:
    one = await publish(harbour, await make(harbour))
    two = await publish(harbour, await change(harbour, one, **titled("A shorter letter")))
    url = f"/v1/exercises/{two['id']}/versions?limit=1"
    first = (await harbour.thea.http.get(url)).json()
    second = (await harbour.thea.http.get(f"{url}&cursor={first['next']}")).json()
    assert [v["number"] for v in first["items"] + second["items"]] == [2, 1]
    assert [v["title"] for v in first["items"]] == ["A shorter letter"]


async def test_an_idempotency_key_publishes_once(harbour: Cast) -> None:
    url = f"/v1/exercises/{(await make(harbour))['id']}/publish"
    sent = {"Idempotency-Key": "one", "If-Match": '"v1"'}
    first = await harbour.thea.http.post(url, headers=sent)
    again = await harbour.thea.http.post(url, headers=sent)
    assert (first.status_code, first.json()) == (200, again.json())


@pytest.mark.parametrize(
    "statement",
    [
        "update exercise_versions set minutes = 1",
        "delete from exercise_versions",
        "truncate exercise_versions cascade",
    ],
)
async def test_the_database_itself_keeps_versions(
    house: House, server: embedded.Server, database: str, statement: str
) -> None:
    admin = await asyncpg.connect(server.dsn(database))
    try:
        with pytest.raises(asyncpg.PostgresError, match="only added to"):
            await admin.execute(statement)
    finally:
        await admin.close()
