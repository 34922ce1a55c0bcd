"""Every recorded manifest gets the recorded answer: the object with all defaults, or the Status, to the order of the keys."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from podlab.mock.api.errors import APIError
from tests.conformance.admission import CASES, judge
from tests.mock.api.admitting import admit, plain
from tests.mock.api.calling import Bottle

_IDS = [case["id"] for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=_IDS)
def test_manifest_is_answered_like_the_real_server(case: dict[str, Any]) -> None:
    try:
        answer, code = plain(admit(case["manifest"])), 201
    except APIError as error:
        answer, code = plain(error.status), error.http_code
    assert code == case["code"]
    assert json.dumps(answer, indent=1) == json.dumps(case.get("object") or case["status"], indent=1)


@pytest.fixture(scope="module")
def bottle() -> Bottle:
    return Bottle()


@pytest.mark.parametrize("case", CASES, ids=_IDS)
def test_manifest_is_answered_alike_by_the_whole_server(case: dict[str, Any], bottle: Bottle) -> None:
    verdict = judge(case, lambda path, query, body: bottle.call("POST", f"{path}?{urlencode(query)}", body))
    assert verdict.here == verdict.golden
    assert verdict.whole
