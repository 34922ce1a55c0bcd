"""Posting the recorded manifests to any API server, and comparing its answers with those of the real one.

Each is sent to the namespace ``default`` with ``dryRun=All&fieldValidation=Strict``: nothing is stored.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from podlab.lab.transport import Connection
from tests.conformance.comparing import DATA

Obj = dict[str, Any]
Post = Callable[[str, Obj, Obj], tuple[int, Obj]]
"""Takes path, query and body of a POST; gives the answer's HTTP code and its JSON."""

CASES: Final[list[Obj]] = [json.loads(line) for line in (DATA / "admission.jsonl").read_text(encoding="utf-8").splitlines()]
_GROUPS: Final = {"Deployment": "/apis/apps/v1", "Job": "/apis/batch/v1"}
_QUERY: Final = {"dryRun": "All", "fieldValidation": "Strict"}
_RANDOM: Final = ("uid", "creationTimestamp", "managedFields")
_TOKEN_VOLUME: Final = re.compile(r"kube-api-access-[a-z0-9]{5}\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer compares with the recorded one.

    Attributes:
        code: is it of the same HTTP code and reason?
        whole: is it the same to the last key, and in the order of the keys?
    """

    case: str
    code: bool
    whole: bool
    golden: str
    here: str

    def __str__(self) -> str:
        return f"--- {self.case}\n  golden: {self.golden}\n  here:   {self.here}"


def over_http(connection: Connection) -> Post:
    """A way to post to a cluster."""

    def post(path: str, query: Obj, body: Obj) -> tuple[int, Obj]:
        answer = connection.send("POST", path, query, body)
        return answer.status, json.loads(answer.data)

    return post


def judge(case: Obj, post: Post) -> Verdict:
    """Posts one manifest, and compares."""
    kind = case["manifest"]["kind"]
    path = f"{_GROUPS.get(kind, '/api/v1')}/namespaces/default/{kind.lower()}s"
    code, answer = post(path, _QUERY, case["manifest"])
    golden = case.get("object") or case["status"]
    here, theirs = _plain(answer), _plain(golden)
    same = code == case["code"] and answer.get("reason") == golden.get("reason")
    return Verdict(case["id"], same, same and here == theirs, theirs, here)


def _plain(answer: Obj) -> str:
    """An answer as text, without what differs on every run."""
    if answer.get("kind") == "Status":
        return json.dumps(answer)
    metadata = {key: value for key, value in answer["metadata"].items() if key not in _RANDOM}
    text = _TOKEN_VOLUME.sub("kube-api-access-<rand>", json.dumps({**answer, "metadata": metadata}))
    selector = answer.get("spec", {}).get("selector") or {}
    uid = selector.get("matchLabels", {}).get("batch.kubernetes.io/controller-uid")
    return text.replace(uid, "<uid>") if uid else text
