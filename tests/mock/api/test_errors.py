"""Errors carry the real server's Status: words, code, details, and the order of keys."""

import copy
import json
import pickle

import pytest

from podlab.mock.api import errors
from podlab.mock.api.errors import APIError, Cause


def test_not_found_names_resource_and_group() -> None:
    assert json.dumps(errors.NotFound("deployments.apps", "web").status) == (
        '{"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", '
        '"message": "deployments.apps \\"web\\" not found", "reason": "NotFound", '
        '"details": {"name": "web", "group": "apps", "kind": "deployments"}, "code": 404}'
    )


def test_invalid_repeats_each_distinct_cause_once_but_lists_all() -> None:
    twice = Cause("FieldValueRequired", "Required value", "spec.containers")
    error = errors.Invalid("Pod", "", [twice, twice])
    assert error.message == 'Pod "" is invalid: spec.containers: Required value'
    assert len(error.status["details"]["causes"]) == 2
    assert "name" not in error.status["details"]


def test_invalid_joins_causes_in_brackets() -> None:
    error = errors.Invalid("Job.batch", "j", [Cause("FieldValueRequired", "Required value", "a"), Cause("R", "no", "b")])
    assert error.message == 'Job.batch "j" is invalid: [a: Required value, b: no]'


def test_forbidden_without_name_or_resource() -> None:
    assert errors.Forbidden("", "", "no").message == "forbidden: no"
    assert errors.Forbidden("pods", "", "no").message == "pods is forbidden: no"
    assert errors.Forbidden("pods", "a", "no").message == 'pods "a" is forbidden: no'


def test_bad_request_has_no_details() -> None:
    assert "details" not in errors.BadRequest("no").status


@pytest.mark.parametrize(
    "error", [errors.NotFound("pods", "a"), errors.TooManyRequests("later", 3), errors.Expired.too_old(1, 5)]
)
def test_from_status_round_trips_the_class(error: APIError) -> None:
    for again in (APIError.from_status(error.status), copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(again) is type(error)
        assert again.status == error.status
        assert str(again) == error.message


def test_unknown_reason_becomes_the_root() -> None:
    error = APIError.from_status({"code": 418, "message": "short and stout"})
    assert type(error) is APIError
    assert error.http_code == 418


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("a", '"a"'), ('a"b', r'"a\"b"'), ("a\nb", r'"a\nb"'), ("\x01", r'"\x01"'), ("\u00e4", '"\u00e4"'), ("\u200b", '"\\u200b"')],
)
def test_quote_is_go_s(text: str, quoted: str) -> None:
    assert errors.quote(text) == quoted
