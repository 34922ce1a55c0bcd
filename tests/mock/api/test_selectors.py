from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.api.errors import BadRequest
from podlab.mock.api.selectors import (
    FieldSelectors,
    Requirement,
    SelectorError,
    format_labels,
    from_label_selector,
    matches_labels,
    parse_fields,
    parse_labels,
    selection,
)

WORDS = st.sampled_from(["a", "b", "app", "tier.x/y", "v1", "w-2"])
VALUES = st.sampled_from(["", "a", "1", "w-2", "x.y"])
REQUIREMENTS = st.one_of(
    st.builds(lambda key, values: Requirement(key, "in", tuple(sorted(values))), WORDS, st.sets(VALUES, min_size=1)),
    st.builds(lambda key, values: Requirement(key, "notin", tuple(sorted(values))), WORDS, st.sets(VALUES, min_size=1)),
    st.builds(lambda key: Requirement(key, "exists"), WORDS),
    st.builds(lambda key: Requirement(key, "!"), WORDS),
)
LABELS = st.dictionaries(WORDS, VALUES)


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ("app=web", {"app": "web"}, True),
        ("app==web", {"app": "db"}, False),
        ("app!=web", {}, True),
        ("app", {"app": ""}, True),
        ("!app", {"app": "x"}, False),
        ("app in (web, db),tier notin (x)", {"app": "db"}, True),
        ("app in (web)", {}, False),
        ("n>5", {"n": "7"}, True),
        ("n<5", {"n": "seven"}, False),
        ("", {}, True),
        ("app=", {"app": ""}, True),
    ],
)
def test_label_selectors_match(text: str, labels: dict[str, str], expected: bool) -> None:
    assert matches_labels(parse_labels(text), labels) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("=x", "unable to parse requirement: found '=', expected: !, identifier, or 'end of string'"),
        ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("a,", "unable to parse requirement: found '', expected: identifier after ','"),
        ("a in b", "unable to parse requirement: found 'b' expected: '('"),
        (
            "n>x",
            "unable to parse requirement: values[0][n]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",  # noqa: E501
        ),
    ],
)
def test_bad_label_selectors_are_refused_in_the_servers_words(text: str, words: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse_labels(text)
    assert str(caught.value) == words


@given(st.text(max_size=20))
def test_any_text_parses_or_is_refused(text: str) -> None:
    for parse in (parse_labels, parse_fields):
        try:
            parse(text)
        except SelectorError as error:
            assert str(error)  # noqa: PT017


@given(st.lists(REQUIREMENTS, max_size=4), LABELS)
def test_what_is_written_is_read_again(requirements: list[Requirement], labels: dict[str, str]) -> None:
    again = parse_labels(format_labels(requirements))
    assert matches_labels(again, labels) == matches_labels(requirements, labels)


@given(LABELS, LABELS)
def test_match_labels_mean_equality(wanted: dict[str, str], labels: dict[str, str]) -> None:
    found = matches_labels(from_label_selector({"matchLabels": wanted}), labels)
    assert found == (wanted.items() <= labels.items())


def test_no_selector_selects_nothing_and_an_empty_one_everything() -> None:
    assert not matches_labels(from_label_selector(None), {"a": "b"})
    assert matches_labels(from_label_selector({}), {})


def test_field_selectors_read_and_refuse() -> None:
    fields = FieldSelectors(("metadata.name", "status.phase"), "field label not supported: {}")
    obj: dict[str, Any] = {"metadata": {"name": "a,b"}, "status": {"phase": "Running"}}
    assert selection("", "metadata.name=a\\,b,status.phase!=Failed", fields).matches(obj)
    assert not selection("", "status.phase==Failed", fields).matches(obj)
    with pytest.raises(BadRequest, match=r"field label not supported: spec.x"):
        selection("", "spec.x=1", fields)
    with pytest.raises(BadRequest, match="invalid selector: 'a'; can't understand 'a'"):
        selection("", "a", fields)
