"""What every answer keeps to, over all shipped evaluation questions, and how good they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest

from bot.answers import wording
from bot.answers.draft import MOST_CITATIONS, MOST_OUTCOMES
from bot.conversation import Citation, Reply
from bot.evaluation import SPLITS, Marked, Split, measures
from knowledge.library import Library, Text
from knowledge.markdown import plain, statements

LISTING = re.compile(
    r"\b(list|all|every|everything|everyone|full|complete|which councils|what councils)\b", re.I
)
NUMBER = re.compile(r"\[(\d+)\]")


FLOORS = {
    "right document first": 0.85,
    "right document in first five": 0.92,  # 0.96 is wanted and not reached (README)
    "clear: not refused": 0.97,
    "clear: not unsure or asked back": 0.90,
    "out of scope declined": 0.90,  # 0.94 is wanted; 12 of 13 untouched ones are (README)
    "fact in the answer": 0.80,
}


@pytest.fixture(scope="session")
def answered(marked: Mapping[Split, Sequence[Marked]]) -> list[Marked]:
    return [one for half in marked.values() for one in half]


def folded(text: str) -> str:
    return " ".join(text.split())


def cited(answered: Sequence[Marked]) -> Iterator[tuple[str, Reply, Citation]]:
    for one in answered:
        for citation in one.reply.citations:
            yield one.question.id, one.reply, citation


def runs(text: Text) -> str:
    """A text as a reader sees it."""
    return folded(" ".join(plain(section.body) for section in text.sections))


def whole_statements(text: Text, quote: str) -> bool:
    """Whether a quote begins where a sentence or list item begins and ends where one ends."""
    found = [folded(one) for section in text.sections for one in statements(section.body)]
    begins = {place for place, one in enumerate(found) if folded(quote).startswith(one)}
    return any(folded(quote) in sums(found[place:]) for place in begins)


def sums(parts: Sequence[str]) -> Iterator[str]:
    """The first part, the first two, the first three …"""
    for last in range(1, len(parts) + 1):
        yield " ".join(parts[:last])


def test_every_quote_is_an_unbroken_run_of_its_document(
    answered: list[Marked], library: Library
) -> None:
    texts = {text.id: runs(text) for text in library.texts}
    wrong = [
        (question, citation.document, citation.quote)
        for question, _, citation in cited(answered)
        if folded(citation.quote) not in texts[citation.document]
    ]
    assert wrong == []


def test_every_quote_is_whole_sentences_or_list_items(
    answered: list[Marked], library: Library
) -> None:
    quotes = {(citation.document, citation.quote) for _, _, citation in cited(answered)}
    texts = {text.id: text for text in library.texts}
    assert [one for one in quotes if not whole_statements(texts[one[0]], one[1])] == []


def test_every_citation_says_where_it_is_from(answered: list[Marked], library: Library) -> None:
    for _, _, citation in cited(answered):
        text = library.get(citation.document)
        assert text
        assert (citation.kind, citation.title, citation.url) == (text.kind, text.title, text.url)
        assert citation.url.startswith(("https://", "http://"))


def test_every_quote_stands_in_the_answer(answered: list[Marked]) -> None:
    wrong = [
        (question, citation.quote)
        for question, reply, citation in cited(answered)
        if citation.quote not in reply.body or citation.quote not in reply.text
    ]
    assert wrong == []


def test_every_number_has_its_citation_and_the_reverse(answered: list[Marked]) -> None:
    wrong = []
    for one in answered:
        named = {int(number) for number in NUMBER.findall(one.reply.text)}
        given = [citation.number for citation in one.reply.citations]
        if named != set(given) or given != list(range(1, len(given) + 1)):
            wrong.append((one.question.id, named, given))
    assert wrong == []


def test_at_most_five_citations_unless_a_list_was_asked_for(answered: list[Marked]) -> None:
    wrong = [
        (one.question.id, len(one.reply.citations))
        for one in answered
        if len(one.reply.citations) > MOST_CITATIONS and not LISTING.search(one.question.text)
    ]
    assert wrong == []


# A message that says little, such as "the outcomes", may be taken to ask for all twelve.
_MAY_WANT_ALL = ("list", "names", "history", "vague")


def test_at_most_four_outcomes_unless_all_were_asked_for(answered: list[Marked]) -> None:
    wrong = [
        (one.question.id, len(one.reply.outcomes))
        for one in answered
        if len(one.reply.outcomes) not in range(MOST_OUTCOMES + 1)
        and (len(one.reply.outcomes) != 12 or one.question.kind not in _MAY_WANT_ALL)
    ]
    assert wrong == []


def test_what_is_declined_cites_nothing(answered: list[Marked]) -> None:
    wrong = [
        (one.question.id, one.reply.status)
        for one in answered
        if one.reply.status in ("declined", "help", "invalid")
        and (one.reply.citations or one.reply.outcomes or one.reply.councils)
    ]
    assert wrong == []


def test_what_is_answered_cites_something(answered: list[Marked]) -> None:
    wrong = [
        one.question.id
        for one in answered
        if one.reply.status == "answered" and not one.reply.citations
    ]
    assert wrong == []


def test_nothing_is_answered_with_silence(answered: list[Marked]) -> None:
    assert [one.question.id for one in answered if not one.reply.body.strip()] == []


def test_our_own_words_are_calm() -> None:
    ours = [text for name, text in vars(wording).items() if name.isupper()]
    assert ours
    assert [text for text in ours if "!" in text or "  " in text] == []


def test_outcomes_and_councils_are_those_of_the_library(
    answered: list[Marked], library: Library
) -> None:
    outcomes = {outcome.id: outcome.name_2022 for outcome in library.outcomes}
    councils = {council for case in library.case_studies for council in case.councils}
    for one in answered:
        assert {outcome.id: outcome.name for outcome in one.reply.outcomes}.items() <= (
            outcomes.items()
        )
        assert set(one.reply.councils) <= councils


@pytest.mark.parametrize("split", SPLITS)
def test_the_answers_reach_what_is_asked_of_them(
    marked: Mapping[Split, Sequence[Marked]], split: Split
) -> None:
    found = {one.measure: one.value for one in measures(marked[split], split)}
    short = {name: found[name] for name, floor in FLOORS.items() if found[name] < floor}
    assert short == {}
