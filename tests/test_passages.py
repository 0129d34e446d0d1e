"""Passages: cut at headings and between sentences, never over the window, nothing dropped."""

from collections import Counter
from dataclasses import replace

from indexer.model import Model
from indexer.passages import NOT_SEARCHED, Passage, passages
from knowledge.library import Library, Section
from knowledge.markdown import plain, statements
from knowledge.reader import load

WIDE = 10_000


def count_words(text: str) -> int:
    return len(text.split())


def with_body(library: Library, body: str) -> Library:
    """The library as one case study with one section."""
    case = replace(library.case_studies[0], sections=(Section("What happened", body, 1),))
    return replace(library, outcomes=(), frameworks=(), case_studies=(case,))


def test_each_section_is_a_passage_in_the_order_of_the_texts(small_library: Library) -> None:
    found = passages(small_library, count_words, WIDE)
    assert [(passage.document, passage.heading) for passage in found] == [
        (text.id, section.heading)
        for text in small_library.texts
        for section in text.sections
        if section.heading != NOT_SEARCHED
    ]
    assert len({passage.id for passage in found}) == len(found)


def test_how_a_case_was_tagged_stays_in_the_library_and_is_not_searched(
    small_library: Library,
) -> None:
    case = small_library.case_studies[0]
    assert NOT_SEARCHED in [section.heading for section in case.sections]
    found = passages(with_case(small_library), count_words, WIDE)
    assert [passage.heading for passage in found] == ["What happened"]
    assert not any("our reading of it" in passage.searched for passage in found)


def test_a_span_is_where_its_statement_stands(small_library: Library) -> None:
    body = "It was good. It was cheap. It was good.\n\n- It was\n- It was quick."
    (found,) = passages(with_body(small_library, body), count_words, WIDE)
    assert tuple(found.searched[start:end] for start, end in found.spans) == found.statements
    assert list(found.spans) == sorted(set(found.spans))
    alone = replace(found, context="")
    assert tuple(alone.searched[start:end] for start, end in alone.spans) == alone.statements


def test_a_passage_of_a_case_says_which_council_where_when_and_which_outcomes(
    small_library: Library,
) -> None:
    case = passages(with_case(small_library), count_words, WIDE)[0]
    for part in ("Sensors in the bins", "Anytown Council", "Wales", "unitary council", "2023"):
        assert part in case.context
    assert case.context.count("Wales") == 1


def with_case(library: Library) -> Library:
    return replace(library, frameworks=(), outcomes=(), case_studies=library.case_studies[:1])


def test_a_passage_of_an_outcome_says_its_other_names(small_library: Library) -> None:
    outcome = next(p for p in passages(small_library, count_words, WIDE) if p.document == "value")
    assert outcome.context == "Value. What it means. Also called savings."


def test_a_long_section_is_cut_between_sentences(small_library: Library) -> None:
    body = " ".join(f"Sentence number {number} stands here." for number in range(100))
    found = passages(with_body(small_library, body), count_words, 60)
    assert len(found) > 5
    assert [s for passage in found for s in passage.statements] == list(statements(body))
    assert all(count_words(passage.searched) <= 60 for passage in found)
    assert all(passage.text in plain(body) for passage in found)


def test_the_same_sentence_twice_is_kept_twice(small_library: Library) -> None:
    body = "It was good. It was cheap. It was good. It was quick."
    (found,) = passages(with_body(small_library, body), count_words, WIDE)
    assert found.text == body
    assert Counter(found.statements)["It was good."] == 2


def test_a_sentence_over_the_window_stays_whole_and_loses_its_context(
    small_library: Library,
) -> None:
    long = "Words " + "and words " * 40 + "end."
    short, whole, after = passages(
        with_body(small_library, f"Short. {long} After."), count_words, 30
    )
    assert (short.text, whole.text, after.text) == ("Short.", long, "After.")
    assert [bool(passage.context) for passage in (short, whole, after)] == [True, False, True]


def test_no_passage_of_the_shipped_texts_is_over_the_models_window(model: Model) -> None:
    count = model.token_counter()
    library = load()
    found = passages(library, count, model.window)
    assert [p.id for p in found if count(p.searched) > model.window] == []
    assert all(passage.context for passage in found)


def test_every_sentence_of_the_shipped_texts_is_in_one_passage(model: Model) -> None:
    library = load()
    held: dict[str, list[str]] = {}
    for passage in passages(library, model.token_counter(), model.window):
        held.setdefault(passage.document, []).extend(passage.statements)
    for text in library.texts:
        searched = [section for section in text.sections if section.heading != NOT_SEARCHED]
        said = [s for section in searched for s in statements(section.body)]
        assert held[text.id] == said


def test_passages_come_back_from_json(small_library: Library) -> None:
    for passage in passages(small_library, count_words, WIDE):
        assert Passage.from_json(passage.to_json()) == passage
