"""Pages of one template are found as near-duplicates, and pages that only share a subject are
not.
"""

import pytest

from pipeline.dataset.duplicates import counted_words, near_duplicates
from pipeline.records import Pair

pytest.importorskip("datasketch")


def pair(number: int, title: str, answer: str) -> Pair:
    return Pair(
        pageid=number,
        title=title,
        kind="definition",
        question=f"What is {title}?",
        answer=answer,
        url="",
        revid=1,
        licence="",
    )


VILLAGE = (
    "{} is a village in the administrative district of Gmina Kruszwica, within Inowrocław County,"
    " Kuyavian-Pomeranian Voivodeship, in north-central Poland. It lies approximately {} kilometres"
    " south of Inowrocław and {} km south-west of Toruń."
)


def test_of_pages_from_one_template_the_first_is_no_copy() -> None:
    villages = [
        pair(i, f"Village{i}", VILLAGE.format(f"Village{i}", 3 + i, 40 + i)) for i in range(1, 30)
    ]
    assert near_duplicates(villages) == set(range(2, 30))


def test_pages_that_share_a_subject_are_no_copies() -> None:
    different = [
        pair(
            1,
            "Axolotl",
            "The axolotl is a salamander that keeps its gills and lives in water, in the lakes near"
            " Mexico City.",
        ),
        pair(
            2,
            "Olm",
            "The olm is a blind salamander that lives in the waters of caves in the Dinaric Alps.",
        ),
        pair(
            3,
            "Tiger salamander",
            "The tiger salamander is a burrowing salamander of North America.",
        ),
    ]
    assert near_duplicates(different) == set()


def test_pages_without_counted_words_are_no_copies_of_each_other() -> None:
    assert near_duplicates([pair(1, "A B", "A B."), pair(2, "C D", "C D.")]) == set()


def test_words_of_the_title_do_not_count_and_numbers_are_alike() -> None:
    one, other = (
        pair(1, "Zabrze Lake", "Zabrze lake has 17 islands."),
        pair(2, "Łódź", "Łódź has 9 islands."),
    )
    assert counted_words(one) == counted_words(other) == {"has", "0", "islands"}
