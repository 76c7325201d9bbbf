"""One spelling for what is looked up: a client is found however the name was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.vault.sealing import name_words, normal_email, normal_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Zoe", "Zoë"),
        ("zoë", "ZOE\u0308"),
        ("Soren", "Søren"),
        ("STRASSE", "Straße"),
        ("O'Brien", "O\u2019Brien"),
        ("obrien", "O'Brien"),
        ("\uff23\uff4c\uff45\uff4f", "Cleo"),
        ("Lukasz", "Łukasz"),
        ("İpek", "ipek"),
        ("cleo", "cle\u200do"),
        ("cleo", "\u202ecleo\u202c"),
    ],
)
def test_two_spellings_find_each_other(typed: str, stored: str) -> None:
    assert name_words(typed) == name_words(stored)


def test_a_double_name_is_two_words() -> None:
    assert name_words("Smith-Jones") == ["smith", "jones"]


def test_a_single_letter_is_a_word() -> None:
    assert name_words("李") == ["李"]


@pytest.mark.parametrize("empty", ["", "  ", "\x00", "🙂", "\u0301"])
def test_no_letters_no_words(empty: str) -> None:
    assert name_words(empty) == []


@given(st.text(max_size=40))
def test_spelling_twice_changes_nothing(name: str) -> None:
    words = name_words(name)
    assert name_words(" ".join(words)) == words


@pytest.mark.parametrize(
    "typed",
    ["+44 (0)20 7946 0018", "0044 20 7946 0018", "(+44) 20-7946.0018", "\uff0b44 2079460018"],
)
def test_one_phone_written_in_many_ways(typed: str) -> None:
    assert normal_phone(typed) == "+442079460018"


@pytest.mark.parametrize(
    ("typed", "normal"), [("020 7946 0018", "02079460018"), ("٠٢٠", "020"), ("none", ""), ("+", "")]
)
def test_a_phone_without_a_country_stays_as_it_is(typed: str, normal: str) -> None:
    assert normal_phone(typed) == normal


def test_an_address_is_compared_without_case() -> None:
    assert normal_email("  Ana.B+x@Harbour.Example ") == "ana.b+x@harbour.example"


def test_two_mailboxes_stay_two() -> None:
    assert normal_email("straße@harbour.example") != normal_email("strasse@harbour.example")
