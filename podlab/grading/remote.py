"""`podlab grade --on CONTEXT`: the same grading as an Indexed Job on a Kubernetes cluster.

The submissions go there as Secrets, a share for each index, in a namespace made for it; an index grades its share on the mock
inside its own container and prints the results, which are read from its log as soon as it has ended. The writer stays at home.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from podlab.errors import Obj, PodlabError
from podlab.grading.batch import LARGE, heard, pack
from podlab.lab import Lab

NAME: Final = "podlab-grade"
MAX_SECRET: Final = 900_000
"""Bytes of a share: a Secret holds 1 MiB, and base64 is counted by what it decodes to."""
SHARE: Final = 20
COMMAND: Final = ("python", "-m", "podlab.grading.batch", "/shares/$(JOB_COMPLETION_INDEX)")
PREFIX: Final = "podlab-grade"


@dataclass(frozen=True, slots=True)
class Offer:
    """How the Job is run.

    Attributes:
        image: One that has podlab with its `course` extra.
        parallelism: How many indexes run at a time.
        command: What an index runs.
        timeout_seconds: How long all may take.
    """

    image: str
    parallelism: int = 4
    command: Sequence[str] = COMMAND
    timeout_seconds: float = 3600.0


def shares(source: Path, release: Path, submitted: Mapping[str, Path]) -> tuple[list[bytes], dict[str, str]]:
    """All submissions in shares, each small enough for a Secret; and the students whose submission cannot be sent, with why."""
    students, found, left = sorted(submitted), list[bytes](), dict[str, str]()
    while students:
        count = min(SHARE, len(students))
        while (
            share := _share(source, release, {name: submitted[name] for name in students[:count]}, left)
        ) is None and count > 1:
            count //= 2
        found += [share] if share else []
        students = students[count:]
    return found, left


def _share(source: Path, release: Path, submitted: Mapping[str, Path], left: dict[str, str]) -> bytes | None:
    """A share; None when it is too large. One submission that alone is too large is noted."""
    try:
        share = pack(source, release, submitted)
        if len(share) <= MAX_SECRET:
            return share
        raise PodlabError("it is too large.", LARGE)
    except (PodlabError, OSError) as error:
        if len(submitted) == 1:
            left[next(iter(submitted))] = f"The submission cannot be sent: {error}"
        return None


def objects(parts: Sequence[bytes], offer: Offer) -> list[Obj]:
    """The Secrets and the Job."""
    secrets = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": f"{NAME}-{index}"},
            "immutable": True,
            "data": {"share": base64.b64encode(part).decode()},
        }
        for index, part in enumerate(parts)
    ]
    return [*secrets, _job(len(parts), offer)]


def _job(count: int, offer: Offer) -> Obj:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": NAME},
        "spec": {
            "completionMode": "Indexed",
            "completions": count,
            "parallelism": min(offer.parallelism, count),
            "backoffLimitPerIndex": 2,
            "maxFailedIndexes": count,
            "template": {"spec": _pod(count, offer)},
        },
    }


def _pod(count: int, offer: Offer) -> Obj:
    """Without rights, tokens or a writable disk but one of memory: strangers' work is read in it."""
    sources = [{"secret": {"name": f"{NAME}-{n}", "items": [{"key": "share", "path": str(n)}]}} for n in range(count)]
    container = {
        "name": "grader",
        "image": offer.image,
        "command": list(offer.command),
        "env": [{"name": "HOME", "value": "/tmp"}, {"name": "PYTHONDONTWRITEBYTECODE", "value": "1"}],
        "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"cpu": "2", "memory": "2Gi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "shares", "mountPath": "/shares", "readOnly": True}, {"name": "tmp", "mountPath": "/tmp"}],
    }
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [
            {"name": "shares", "projected": {"sources": sources}},
            {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "256Mi"}},
        ],
    }


def run(cluster: Lab, parts: Sequence[bytes], offer: Offer) -> Iterator[tuple[str, Any]]:
    """(student, result) of each submission as its index ends; the namespace that was made for it is removed.

    Raises:
        PodlabError: An index failed for good, or time ran out; what was found until then has been given.
    """
    with cluster.session(PREFIX) as lab:
        lab.apply(objects(parts, offer))
        seen: set[str] = set()
        while len(seen) < len(parts):
            for pod in _ended(lab, seen, offer.timeout_seconds):
                index = pod["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"]
                if index not in seen:
                    seen.add(index)
                    yield from heard(lab.logs(f"pod/{pod['metadata']['name']}", "grader").splitlines()).items()
            if len(seen) < len(parts):
                _check(lab)


def _ended(lab: Lab, seen: set[str], timeout: float) -> list[Obj]:
    """The pods that succeeded, as soon as there is one of an index not seen yet, or the Job has failed."""

    def more(job: Obj) -> bool:
        status = job.get("status") or {}
        return int(status.get("succeeded") or 0) > len(seen) or _failed(job) != ""

    lab.wait(f"job/{NAME}", more, timeout)
    pods = lab.get("pods", selector=f"batch.kubernetes.io/job-name={NAME}")
    return [pod for pod in pods if (pod.get("status") or {}).get("phase") == "Succeeded"]


def _failed(job: Obj) -> str:
    conditions = (job.get("status") or {}).get("conditions") or []
    return next((str(c.get("message") or c["reason"]) for c in conditions if c["type"] == "Failed" and c["status"] == "True"), "")


def _check(lab: Lab) -> None:
    job = lab.get(f"job/{NAME}")
    said = _failed(job)
    if said:
        raise PodlabError(f"The Job that grades has failed: {said}", "does the image have podlab[course], of this version?")
