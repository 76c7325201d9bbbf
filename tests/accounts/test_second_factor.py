"""One-time codes work once, near their time; recovery codes survive being read off paper."""

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import second_factor

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOW = 1_800_000_010.0
STEP = int(NOW // 30)


def code(step: int) -> str:
    return pyotp.TOTP(SECRET).generate_otp(step)


def test_the_published_example_is_accepted() -> None:
    # RFC 6238, appendix B: at 59 seconds, SHA-1, the last six digits of 94287082.
    assert second_factor.check(SECRET, "287082", None, 59) == 1


@pytest.mark.parametrize(("offset", "accepted"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
def test_a_code_is_good_one_step_either_side(offset: int, accepted: int) -> None:
    found = second_factor.check(SECRET, code(STEP + offset), None, NOW)
    assert found == (STEP + offset if accepted else None)


@given(last=st.integers(STEP - 3, STEP + 3), offset=st.integers(-1, 1))
def test_a_code_works_once_and_none_before_it_again(last: int, offset: int) -> None:
    found = second_factor.check(SECRET, code(STEP + offset), last, NOW)
    assert found == (STEP + offset if STEP + offset > last else None)


@pytest.mark.parametrize("write", ["{0}{1}", "{0} {1}", " {0}-{1}\n"])
def test_a_code_may_be_typed_as_it_is_shown(write: str) -> None:
    typed = write.format(code(STEP)[:3], code(STEP)[3:])
    assert second_factor.check(SECRET, typed, None, NOW) == STEP


@given(st.text(max_size=12).filter(lambda typed: not any(c.isdecimal() for c in typed)))
def test_what_is_not_a_code_is_refused(typed: str) -> None:
    assert second_factor.check(SECRET, typed, None, NOW) is None


@pytest.mark.parametrize(
    "typed", ["", "0" * 5, "0" * 7, "-00001", "\u0660\u0660\u0660\u0660\u0660\u0660", "1e5000"]
)
def test_nearly_a_code_is_refused(typed: str) -> None:
    assert second_factor.check(SECRET, typed, None, NOW) is None


def test_the_first_seconds_of_time_have_no_step_before() -> None:
    assert second_factor.check(SECRET, code(0), None, 0) == 0


def test_secrets_are_long_and_never_alike() -> None:
    made = {second_factor.new_secret() for _ in range(20)}
    assert {len(one) for one in made} == {32}
    assert len(made) == 20


def test_the_address_names_the_service_and_the_account() -> None:
    uri = second_factor.provisioning_uri(SECRET, "ana@harbour.example", "Praxis Harbour")
    read = pyotp.parse_uri(uri)
    assert (read.secret, read.name, read.issuer) == (
        SECRET,
        "ana@harbour.example",
        "Praxis Harbour",
    )


def test_recovery_codes_are_ten_and_all_different() -> None:
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(one) == 19 and one.count("-") == 3 for one in codes)


@pytest.mark.parametrize(
    "typed",
    [
        "7k2m-q9xd-04hv-1wcb",
        "7K2M Q9XD 04HV 1WCB",
        "7k2mq9xdo4hvlwcb",
        " 7k2m\u2013q9xd\u2013O4hv\u2013Iwcb ",
    ],
)
def test_a_recovery_code_is_known_however_it_was_typed(typed: str) -> None:
    printed = second_factor.recovery_hash("7k2m-q9xd-04hv-1wcb")
    assert second_factor.recovery_hash(typed) == printed


def test_another_recovery_code_is_another() -> None:
    assert second_factor.recovery_hash("7k2m") != second_factor.recovery_hash("7k2n")
