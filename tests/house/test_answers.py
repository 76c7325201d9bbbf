"""The manners of every answer, held to those of the story and to its calls made again."""

from app.core.compression import SMALLEST
from app.operation.answers import SECRET
from tests.house.test_rules import PUBLIC
from tests.house.witness import Story

LIMITS = {"ratelimit", "ratelimit-policy"}


def test_read_with_an_etag_is_304_for_whoever_holds_it(story: Story) -> None:
    tagged = {name: one for name, one in story.reads.items() if "etag" in one.first.headers}
    assert len(tagged) > 50
    assert {n: r.held.status_code for n, r in tagged.items() if r.held.status_code != 304} == {}
    assert {n for n, r in tagged.items() if r.held.headers["etag"] != r.first.headers["etag"]} == (
        set()
    )
    assert {n for n, r in tagged.items() if r.held.content} == set()


def test_read_behind_a_token_has_an_etag(story: Story) -> None:
    without = {name for name, one in story.reads.items() if "etag" not in one.first.headers}
    assert without <= PUBLIC


def test_head_is_answered_as_get(story: Story) -> None:
    for name, one in story.reads.items():
        assert one.head.status_code == 200, name
        for header in ("etag", "content-type", "cache-control", "link"):
            assert one.head.headers.get(header) == one.first.headers.get(header), (name, header)


def test_large_json_is_compressed_for_whoever_asks(story: Story) -> None:
    compressed = 0
    for name, one in story.reads.items():
        sent = one.zipped.headers.get("content-encoding")
        is_json = one.first.headers.get("content-type") == "application/json"
        large = is_json and len(one.first.content) > SMALLEST and not one.path.startswith(SECRET)
        assert (sent == "gzip") == large, name
        if large:
            compressed += 1
            assert one.zipped.content == one.first.content, name
            assert one.zipped.headers["etag"].startswith("W/"), name
            assert "accept-encoding" in one.first.headers["vary"].lower(), name
            assert one.held_zipped.status_code == 304, name
            assert one.held_zipped.headers["etag"] == one.zipped.headers["etag"], name
            assert "accept-encoding" in one.held_zipped.headers["vary"].lower(), name
    assert compressed > 5


def test_request_sent_twice_under_one_key_is_answered_as_the_first_time(story: Story) -> None:
    assert len(story.repeats) > 30
    for name, (first, again) in story.repeats.items():
        assert again.headers.get("idempotent-replayed") == "true", name
        assert "idempotent-replayed" not in first.headers, name
        assert (again.status_code, again.content) == (first.status_code, first.content), name
        for header in ("location", "etag", "content-location"):
            assert again.headers.get(header) == first.headers.get(header), (name, header)


def test_every_answer_tells_how_many_requests_are_left(story: Story) -> None:
    assert len(story.answers) > 300
    wanting = [one for one in story.answers if not one.headers.keys() >= LIMITS]
    assert [str(one) for one in wanting] == []
