"""Exercise `canary`: a quarter of the requests goes to a new version."""

from podlab.grading import Rubric, Run

from .asking import given, seen

canary = Rubric("canary", given("canary"))
ASKED, LEAST, MOST = 200, 30, 72
"""Of 200 requests at a quarter each, fewer or more than this go to v2 once in a thousand times."""


def _versions(run: Run, count: int, header: str = "") -> list[str]:
    """Which version answered each of many requests of the application."""
    pod = run.wait_ready(run.pod("buyer"))
    run.advance(5)
    more = f"--header '{header}'" if header else ""
    one = f"wget -q -T 5 {more} -O - http://localhost:9000/ 2>&1"
    return run.exec(pod, f"i=0; while [ $i -lt {count} ]; do i=$((i+1)); {one}; done", container="app").stdout.splitlines()


def _told(versions: list[str]) -> str:
    odd = [one for one in versions if one not in ("v1", "v2")]
    state = f", and {len(odd)} others such as {odd[0]!r}" if odd else ""
    return f"{versions.count('v1')} answers of v1 and {versions.count('v2')} of v2{state}"


@canary.check(
    "the application is answered at localhost:9000", points=1, hint="`%kubectl logs buyer -c envoy` tells what it does not like."
)
def _canary_answers(run: Run) -> None:
    versions = _versions(run, 10)
    run.expect("ten answers", len(versions) == 10 and set(versions) <= {"v1", "v2"}, saw=seen(run, "buyer", _told(versions)))


@canary.check("a quarter goes to v2", points=2, hint="`weighted_clusters`; both clusters must be there.")
def _canary_share(run: Run) -> None:
    versions = _versions(run, ASKED)
    right = len(versions) == ASKED == versions.count("v1") + versions.count("v2")
    run.expect(
        f"{ASKED} answers, {LEAST} to {MOST} of them of v2",
        right and LEAST <= versions.count("v2") <= MOST,
        saw=seen(run, "buyer", _told(versions)),
    )


@canary.check("with the header `x-canary: yes`, everything", points=1, hint="a route of its own, above the other.")
def _canary_header(run: Run) -> None:
    versions = _versions(run, 20, "x-canary: yes")
    run.expect("20 answers of v2", versions == ["v2"] * 20, saw=seen(run, "buyer", _told(versions)))
    versions = _versions(run, 20, "x-canary: no")
    run.expect("some of v1 with another value of the header", "v1" in versions, saw=seen(run, "buyer", _told(versions)))
