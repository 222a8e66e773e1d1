"""Cards claim what the pages' addresses and licences say, and nothing more."""

from pipeline.licences import are_wikipedia, card_licence, languages_of


def test_the_languages_are_those_of_the_wikipedias() -> None:
    addresses = [
        "https://fr.wikipedia.org/wiki/Orme",
        "https://simple.wikipedia.org/wiki/Elm",
        "https://de.m.wikipedia.org/wiki/Ulme",
        "https://tr.wikipedia.org/wiki/Karaağaç",
        "https://kb.example.org/wiki/Elm",
    ]
    assert languages_of(addresses) == ["de", "en", "fr"]
    assert languages_of([]) == []


def test_only_pages_of_wikipedia_are_called_so() -> None:
    assert are_wikipedia(["https://fr.wikipedia.org/wiki/Orme"])
    assert not are_wikipedia(["https://wikipedia.org.example.com/wiki/Orme"])
    assert not are_wikipedia([])


def test_a_licence_that_may_not_be_adapted_is_left_to_each_page() -> None:
    assert card_licence(["CC BY-SA 4.0", "CC0 1.0"]) == {"license": "cc-by-sa-4.0"}
    assert card_licence(["CC BY-SA 4.0", "CC BY-NC 4.0"])["license"] == "other"
