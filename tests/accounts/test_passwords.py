"""Passwords: hashed off the loop, verified in the same time whoever asks, and worth having."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import passwords
from app.accounts.passwords import Busy, Hasher, check_new_password

GOOD = "seven herons over the weir"
ANA = "ana.berg+work@harbour.example"


@pytest.fixture(scope="module")
def hasher() -> Iterator[Hasher]:
    made = Hasher(workers=1, waiting=3)
    yield made
    made.close()


def test_the_password_verifies_and_another_does_not(hasher: Hasher) -> None:
    async def run() -> tuple[bool, bool]:
        hashed = await hasher.hash(GOOD)
        return await hasher.verify(GOOD, hashed), await hasher.verify(GOOD + ".", hashed)

    assert asyncio.run(run()) == (True, False)


def test_the_cost_is_the_one_decided(hasher: Hasher) -> None:
    assert asyncio.run(hasher.hash(GOOD)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_one_password_hashes_differently_each_time(hasher: Hasher) -> None:
    assert asyncio.run(hasher.hash(GOOD)) != asyncio.run(hasher.hash(GOOD))


def test_a_letter_typed_as_two_marks_is_the_same_letter(hasher: Hasher) -> None:
    hashed = asyncio.run(hasher.hash("caf\u00e9 by the weir"))
    assert asyncio.run(hasher.verify("cafe\u0301 by the weir", hashed))


@pytest.mark.parametrize("hashed", [None, "", "plain", "$argon2id$broken"])
def test_no_hash_or_a_broken_one_is_never_right(hasher: Hasher, hashed: str | None) -> None:
    assert not asyncio.run(hasher.verify(GOOD, hashed))


def test_an_unknown_account_takes_as_long(hasher: Hasher) -> None:
    hashed = asyncio.run(hasher.hash(GOOD))

    def cost(against: str | None) -> float:
        start = time.process_time()
        asyncio.run(hasher.verify("wrong", against))
        return time.process_time() - start

    known = min(cost(hashed) for _ in range(5))
    unknown = min(cost(None) for _ in range(5))
    assert 0.5 < unknown / known < 2


def test_an_endless_password_is_simply_wrong(hasher: Hasher) -> None:
    hashed = asyncio.run(hasher.hash("a" * 256))
    assert not asyncio.run(hasher.verify("a" * 257, hashed))


def test_an_endless_password_is_not_hashed(hasher: Hasher) -> None:
    with pytest.raises(ValueError, match="256"):
        asyncio.run(hasher.hash("a" * 257))


@asynccontextmanager
async def its_thread_held(hasher: Hasher) -> AsyncIterator[asyncio.Future[bool]]:
    started, ended = threading.Event(), threading.Event()

    def hold() -> bool:
        started.set()
        return ended.wait(timeout=10)

    held = asyncio.ensure_future(hasher._run(hold))
    await asyncio.to_thread(started.wait, 10)
    yield held
    ended.set()


def test_a_full_line_turns_away_and_then_opens_again(hasher: Hasher) -> None:
    async def run() -> tuple[list[object], str]:
        async with its_thread_held(hasher):
            trying = [asyncio.ensure_future(hasher.hash(GOOD)) for _ in range(5)]
            await asyncio.sleep(0)
        answers = await asyncio.gather(*trying, return_exceptions=True)
        return [type(one) for one in answers], await hasher.hash(GOOD)

    kinds, afterwards = asyncio.run(run())
    assert kinds == [str, str, str, Busy, Busy]
    assert afterwards


def test_a_caller_who_leaves_frees_no_thread_that_still_works(hasher: Hasher) -> None:
    async def run() -> list[object]:
        async with its_thread_held(hasher) as leaving:
            leaving.cancel()
            await asyncio.sleep(0)
            trying = [asyncio.ensure_future(hasher.hash(GOOD)) for _ in range(4)]
            await asyncio.sleep(0)
        return [type(one) for one in await asyncio.gather(*trying, return_exceptions=True)]

    assert asyncio.run(run()) == [str, str, str, Busy]


def test_the_loop_runs_on_while_hashing(hasher: Hasher) -> None:
    async def turns() -> int:
        hashing = asyncio.ensure_future(hasher.hash(GOOD))
        count = 0
        while not hashing.done():
            await asyncio.sleep(0)
            count += 1
        return count

    assert asyncio.run(turns()) > 5


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "Grün ist die Heide im Mai",
        "我喜欢在雨天读书喝茶听音乐看云",
        "x9$kd02!mLq8@zz1",
        "🦆🌧️ on a wet roof again",
    ],
)
def test_a_long_password_of_any_kind_will_do(password: str) -> None:
    assert check_new_password(password, second_factor=False, email=ANA) is None


@pytest.mark.parametrize(
    ("password", "second_factor", "code"),
    [
        ("weir heron two", False, "accounts.password_short"),
        ("wr hero", True, "accounts.password_short"),
        ("e\u0301" * 14, False, "accounts.password_short"),
        ("ab c" * 65, False, "accounts.password_long"),
        ("x7k2x7k2x7k2x7k2", False, "accounts.password_pattern"),
        ("aaaaaaaabbbbbbbb", False, "accounts.password_pattern"),
        ("aaaaaaaaaaaaaaaa", False, "accounts.password_pattern"),
        ("ababababababababab", False, "accounts.password_pattern"),
        ("abcabcabcabcabca", False, "accounts.password_pattern"),
        ("1234567890123456", False, "accounts.password_pattern"),
        ("9876543210987654", False, "accounts.password_pattern"),
        ("1234512345123451", False, "accounts.password_pattern"),
        ("AbcdefghijklmnoP", False, "accounts.password_pattern"),
        ("qwertyuiopasdfgh", False, "accounts.password_pattern"),
        ("mnbvcxzlkjhgfdsa", False, "accounts.password_pattern"),
        ("1qaz2wsx", True, "accounts.password_pattern"),
        ("my ana.berg secret", False, "accounts.password_personal"),
        ("AnaBerg+Work 2026", False, "accounts.password_personal"),
        ("I love Praxis a lot", False, "accounts.password_personal"),
        ("passwordpassword", False, "accounts.password_common"),
        ("Password12345678", False, "accounts.password_common"),
        ("P@ssw0rd!!!", True, "accounts.password_common"),
        ("5un5h1n3", True, "accounts.password_common"),
        ("h3ll0hell0", True, "accounts.password_common"),
        ("sunshine", True, "accounts.password_common"),
        ("Correct Horse Battery Staple", False, "accounts.password_common"),
        ("trustno1", True, "accounts.password_common"),
        ("\uff53\uff55\uff4e\uff53\uff48\uff49\uff4e\uff45", True, "accounts.password_common"),
    ],
)  # fmt: skip
def test_what_is_guessed_first_will_not_do(password: str, second_factor: bool, code: str) -> None:
    complaint = check_new_password(password, second_factor=second_factor, email=ANA)
    assert complaint is not None
    assert complaint.code == code


def test_eight_characters_do_beside_a_second_factor() -> None:
    assert check_new_password("wet heron", second_factor=True, email=ANA) is None


@pytest.mark.parametrize("email", ["", "@", "an@harbour.example", "herons"])
def test_a_short_mailbox_name_forbids_nothing(email: str) -> None:
    assert check_new_password("an " + GOOD, second_factor=False, email=email) is None


def test_the_complaint_does_not_repeat_the_password() -> None:
    complaint = check_new_password("trustno1trustno1", second_factor=False, email=ANA)
    assert complaint is not None
    assert "trustno1" not in complaint.words


@given(st.text(max_size=300), st.booleans(), st.text(max_size=20))
def test_any_text_gets_an_answer(password: str, second_factor: bool, email: str) -> None:
    complaint = check_new_password(password, second_factor=second_factor, email=email)
    assert complaint is None or complaint.code.startswith("accounts.password_")


def test_the_list_of_common_passwords_is_folded_and_shipped() -> None:
    listed = passwords._well_known()
    assert len(listed) > 200
    assert all(one == one.casefold() for one in listed)
