"""Following a container's log, and waiting for a line in it."""

import re
from collections.abc import Iterator

from podlab.errors import Obj, WaitFailed, WaitTimeout
from podlab.lab.api import API, Target
from podlab.lab.explain import container_statuses
from podlab.lab.passing import let_pass
from podlab.lab.progress import Progress

SILENCE_SECONDS = 3600.0
STEP_SECONDS, LONGEST_STEP_SECONDS = 1.0, 5.0


def follow(api: API, pod: Target, container: str | None, tail: int | None) -> Iterator[str]:
    """The lines of a container's log as they come, until it ends or the caller stops; an hour's silence ends it too."""
    query = {"container": container, "follow": True, "tailLines": tail}
    for line in api.connection.lines(pod.path("log"), query, {"Accept": "text/plain, */*"}, SILENCE_SECONDS):
        yield line.decode("utf-8", "replace")


def until(api: API, pod: Target, container: str | None, pattern: str, timeout_seconds: float) -> str:
    """The first line that `pattern` is found in, waiting for it if need be.

    A log has no watch, so it is read again after a second of the cluster's time, simulated or real; the longer the wait, the less
    often, since it may be a long log.

    Raises:
        WaitTimeout: there was none.
        WaitFailed: the container has ended for good without writing one.
    """
    with Progress(f"waiting for {pattern!r} in the log of {pod}", timeout_seconds):
        deadline: float | None = None
        while True:
            over = _is_over(api.get(pod), container)
            text = api.connection.text(pod.path("log"), {"container": container})
            for line in text.splitlines():
                if re.search(pattern, line):
                    return line
            last = "\n".join(f"  {line}" for line in text.splitlines()[-5:]) or "  (nothing)"
            if over:
                raise WaitFailed(f"{pod} has ended without a line like {pattern!r} in its log. The last lines were\n{last}")
            now = api.connection.now()
            deadline = now + timeout_seconds if deadline is None else deadline
            waited = timeout_seconds - (deadline - now)
            if now >= deadline:
                raise WaitTimeout(
                    f"{pod} wrote no line like {pattern!r} within {timeout_seconds:g} s. The last lines were\n{last}"
                )
            let_pass(api, min(max(STEP_SECONDS, waited / 10), LONGEST_STEP_SECONDS, deadline - now))


def _is_over(pod: Obj, container: str | None) -> bool:
    if (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return True
    if pod["spec"].get("restartPolicy", "Always") == "Always":
        return False
    states = {entry["name"]: entry.get("state") or {} for _, entry in container_statuses(pod)}
    chosen = states.get(container, {}) if container else next(iter(states.values()), {})
    return "terminated" in chosen
