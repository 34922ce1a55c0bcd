"""Indexed Jobs: which indexes are done, which have failed, and which come next."""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from podlab.mock.controllers.jobpolicy import Decision

Obj = dict[str, Any]

INDEX: Final = "batch.kubernetes.io/job-completion-index"
FAILURES: Final = "batch.kubernetes.io/job-index-failure-count"


def parse(text: str) -> set[int]:
    """`"0,2-4"` as numbers."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def write(indexes: set[int]) -> str:
    """Numbers as `"0,2-4"`."""
    parts: list[str] = []
    ordered = sorted(indexes)
    start = 0
    for place in range(1, len(ordered) + 1):
        if place == len(ordered) or ordered[place] != ordered[place - 1] + 1:
            first, last = ordered[start], ordered[place - 1]
            parts.append(str(first) if first == last else f"{first}{',' if last == first + 1 else '-'}{last}")
            start = place
    return ",".join(parts)


def index_of(pod: Obj) -> int | None:
    """A pod's index."""
    value = (pod["metadata"].get("annotations") or {}).get(INDEX)
    return int(value) if value is not None and value.isdigit() else None


def mark(job: Obj, pod: Obj, index: int, failed: int) -> None:
    """Gives a new pod its index (which has `failed` so often before): annotation, label, host name, name, and environment of
    each container.
    """
    meta = pod["metadata"]
    meta.setdefault("annotations", {})[INDEX] = str(index)
    meta.setdefault("labels", {})[INDEX] = str(index)
    meta["generateName"] = f"{job['metadata']['name']}-{index}-"
    pod["spec"]["hostname"] = f"{job['metadata']['name']}-{index}"
    if job["spec"].get("backoffLimitPerIndex") is not None:
        meta["annotations"][FAILURES] = str(failed)
    variable = {"name": "JOB_COMPLETION_INDEX", "valueFrom": {"fieldRef": {"fieldPath": f"metadata.labels['{INDEX}']"}}}
    for container in [*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]]:
        if not any(e["name"] == variable["name"] for e in container.get("env") or ()):
            container["env"] = [*(container.get("env") or []), variable]


def add_completed(job: Obj, pod: Obj) -> bool:
    """Counts a pod's index as done. Returns whether it was not yet."""
    index = index_of(pod)
    done = parse(job["status"].get("completedIndexes", ""))
    if index is None or index in done or index >= job["spec"]["completions"]:
        return False
    job["status"]["completedIndexes"] = write(done | {index})
    return True


def failures(pods: list[Obj], index: int) -> int:
    """How often an index has failed: each pod carries how often it had before."""
    ended = [p for p in pods if index_of(p) == index and (p.get("status") or {}).get("phase") == "Failed"]
    return max((int(p["metadata"]["annotations"].get(FAILURES, "0")) + 1 for p in ended), default=0)


def note_failure(job: Obj, pod: Obj, decision: "Decision") -> None:
    """With a limit for each index: counts a failure of this pod's, and gives the index up past the limit."""
    limit, index = job["spec"].get("backoffLimitPerIndex"), index_of(pod)
    if limit is None or index is None:
        return
    before = int((pod["metadata"].get("annotations") or {}).get(FAILURES, "0"))
    if before + 1 > limit or decision.fails_index:
        failed = parse(job["status"].get("failedIndexes", ""))
        job["status"]["failedIndexes"] = write(failed | {index})


def too_many_failed(job: Obj) -> bool:
    """Whether more indexes were given up than `maxFailedIndexes` allows."""
    limit = job["spec"].get("maxFailedIndexes")
    return limit is not None and len(parse(job["status"].get("failedIndexes", ""))) > limit


def ended_with_failures(job: Obj) -> bool:
    """Whether every index is done or given up, and some are given up."""
    failed = parse(job["status"].get("failedIndexes", ""))
    done = parse(job["status"].get("completedIndexes", ""))
    return bool(failed) and len(failed | done) >= job["spec"].get("completions", 0)


def next_indexes(job: Obj, active: list[Obj], count: int) -> list[int]:
    """The lowest indexes that are neither done, nor given up, nor being worked on."""
    taken = parse(job["status"].get("completedIndexes", "")) | parse(job["status"].get("failedIndexes", ""))
    taken |= {index for pod in active if (index := index_of(pod)) is not None}
    return [index for index in range(job["spec"]["completions"]) if index not in taken][:count]
