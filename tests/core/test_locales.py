"""Language tags are spelled in one way, and the nearest language there is is chosen."""

import pytest

from app.core.locales import best_of, canonical


@pytest.mark.parametrize(
    ("tag", "spelled"),
    [
        ("en", "en"),
        ("PT-br", "pt-BR"),
        ("es-419", "es-419"),
        ("zh-hans", "zh-Hans"),
        ("zh-Hant-tw", "zh-Hant-TW"),
        ("de-CH-1996", "de-CH-1996"),
        ("tlh", "tlh"),
    ],
)
def test_a_tag_is_spelled_in_the_usual_way(tag: str, spelled: str) -> None:
    assert canonical(tag) == spelled == canonical(spelled)


@pytest.mark.parametrize(
    "tag",
    ["", "e", "english", "xx", "en_GB", "en\n", "es-419-", "und", "mul", "x-own", "é", "en-" * 20],
)
def test_what_names_no_language_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="BCP 47"):
        canonical(tag)


@pytest.mark.parametrize(
    ("there", "wanted", "best"),
    [
        (["en", "es"], ["es-419"], "es"),
        (["en", "zh"], ["zh-Hans"], "zh"),
        (["en", "es-419", "es-ES"], ["es-MX"], "es-419"),
        (["zh-Hans", "zh-Hant"], ["zh-TW"], "zh-Hant"),
        (["de", "en"], ["fr", "de-AT"], "de"),
        (["en", "ru"], ["uk", "de"], "en"),
        (["fr", "it"], ["ja", None], "fr"),
        (["it"], ["ja", "de"], "it"),
    ],
)
def test_the_nearest_language_of_the_first_one_wanted_is_best(
    there: list[str], wanted: list[str | None], best: str
) -> None:
    assert best_of(there, *wanted) == best
