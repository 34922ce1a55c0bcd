"""A Job's policies: what a failed pod means (`podFailurePolicy`), and when enough has succeeded (`successPolicy`)."""

from dataclasses import dataclass
from typing import Any

from podlab.mock.controllers.jobindexes import index_of, parse

Obj = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a failed pod means.

    Attributes:
        counts: Towards the back-off limit.
        fails_job: The whole Job fails, with `message`.
        fails_index: Its index is given up.
    """

    counts: bool = True
    fails_job: bool = False
    fails_index: bool = False
    message: str = ""


def decide(job: Obj, pod: Obj) -> Decision:
    """Finds the first rule that fits a failed pod."""
    for place, rule in enumerate((job["spec"].get("podFailurePolicy") or {}).get("rules") or ()):
        why = _fits(rule, pod)
        if why is None:
            continue
        action = rule["action"]
        if action == "Ignore":
            return Decision(counts=False)
        if action == "FailJob":
            return Decision(fails_job=True, message=f"{why} matching FailJob rule at index {place}")
        if action == "FailIndex":
            return Decision(fails_index=index_of(pod) is not None)
        return Decision()
    return Decision()


def _fits(rule: Obj, pod: Obj) -> str | None:
    meta, status = pod["metadata"], pod.get("status") or {}
    codes = rule.get("onExitCodes")
    if codes:
        for container in [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]:
            terminated = (container.get("state") or {}).get("terminated")
            if not terminated or terminated.get("exitCode", 0) == 0:
                continue
            if codes.get("containerName") and codes["containerName"] != container["name"]:
                continue
            inside = terminated["exitCode"] in codes["values"]
            if inside == (codes["operator"] == "In"):
                who = f"Container {container['name']} for pod {meta['namespace']}/{meta['name']}"
                return f"{who} failed with exit code {terminated['exitCode']}"
        return None
    for pattern in rule.get("onPodConditions") or ():
        for found in status.get("conditions") or ():
            if found["type"] == pattern["type"] and found["status"] == pattern.get("status", "True"):
                return f"Pod {meta['namespace']}/{meta['name']} has condition {found['type']}"
    return None


def success(job: Obj) -> str:
    """Why enough indexes have succeeded by `successPolicy`, or nothing."""
    done = parse(job["status"].get("completedIndexes", ""))
    for place, rule in enumerate((job["spec"].get("successPolicy") or {}).get("rules") or ()):
        wanted = parse(rule["succeededIndexes"]) if rule.get("succeededIndexes") else None
        among = done & wanted if wanted is not None else done
        enough = rule.get("succeededCount") or (len(wanted) if wanted is not None else None)
        if enough is not None and len(among) >= enough:
            return f"Matched rules at index {place}"
    return ""
