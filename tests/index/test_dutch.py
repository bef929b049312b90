"""The words that Dutch text is searched by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dutch import content_stems, index_terms, is_stopword, stem, tokenise

# What words, numbers and blanks may be joined from, the awkward among them.
PIECES = [" ", "\n", "\u00a0", "\u202f", ",", ".", "'", "’", "-", "1", "28", "638", "214", "²", "€", "(", "»"]
PIECES += ["De", "gemeente", "jeugdzorgbeleid", "foto", "s", "a.m.v.", "M.C.G", "é", "e\u0301", "ĳ", "Ĳ", "´", "nr"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Kamerstuk 28 638, nr. 214", ["kamerstuk", "28638", "nr", "214"]),
        ("€ 1.339.000 in 2023", ["1339000", "in", "2023"]),
        ("zaak 2023Z02340, artikel 273f Sr", ["zaak", "2023z02340", "artikel", "273f", "sr"]),
        ("a.m.v.'s en o.a. de M.C.G. Groep", ["amv", "s", "en", "oa", "de", "mcg", "groep"]),
        ("Coördinatie, café, ideeën", ["coordinatie", "cafe", "ideeen"]),
        ("foto’s en foto's", ["fotos", "en", "fotos"]),
        ("WODC-onderzoek", ["wodc", "onderzoek"]),
        ("vĳf woorden²", ["vijf", "woorden"]),
        ("op 12 maart 2023", ["op", "12", "maart", "2023"]),
        ("in 2023 100 keer", ["in", "2023", "100", "keer"]),
        ("3,5 procent", ["3", "5", "procent"]),
        ("", []),
    ],
)
def test_words_and_numbers_are_folded_and_kept_whole(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens


def test_the_forms_of_one_word_share_a_stem() -> None:
    assert stem("straffen") == stem("straf")
    assert stem("kinderen") == stem("kinder")
    assert stem("scholen") == stem("school")


def test_an_identifier_is_never_stemmed() -> None:
    assert stem("2023z02340") == "2023z02340"
    assert stem("28638") == "28638"


def test_word_and_stem_are_both_indexed_and_cannot_be_mistaken_for_each_other() -> None:
    assert index_terms("De gemeente Meen") == ["gemeente", "0meen", "meen", "0meen"]


def test_a_compound_is_indexed_by_its_parts_too() -> None:
    assert index_terms("opvangplaatsen") == ["opvangplaatsen", "0opvangplaats", "0opvang", "0plaats"]


def test_words_of_asking_and_answering_are_stopwords_and_matter_is_not() -> None:
    assert all(map(is_stopword, ["wat", "wie", "waarom", "hoe", "bent", "u", "kunt", "het", "de", "heeft"]))
    assert not any(map(is_stopword, ["opvang", "minister", "beleid", "onderzoek", "2023"]))
    assert content_stems("Wat is het beleid voor de opvang?") == ["beleid", "opvang"]


@given(st.text())
def test_every_term_is_letters_and_digits_only(text: str) -> None:
    assert all(term.isalnum() for term in index_terms(text))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = " ".join(tokenise(text))
    assert tokenise(once) == tokenise(" ".join(tokenise(once)))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_index_text_is_made_of_the_tokens_of_the_whole_text(text: str) -> None:
    alone = [index_terms(token) for token in tokenise(text)]
    assert index_terms(text) == [term for terms in alone for term in terms]
