"""Exercise `calm`: calm under fire."""

import re

from podlab.grading import Rubric, Run

from .asking import beside, given, seen, shell

calm = Rubric("calm", given("calm"))
ORDER = "http://localhost:9000/cgi-bin/order"
ASK = f"""
one() {{
  read a x < /proc/uptime; wget -q -T 60 -O - {ORDER} 2>/dev/null || echo failed; read b x < /proc/uptime
  echo took $a $b
}}
count() {{ i=0; while [ $i -lt $1 ]; do i=$((i+1)); one; done; }}
seconds() {{ read a x < /proc/uptime; e=$((${{a%.*}} + $1)); b=$a; while [ ${{b%.*}} -lt $e ]; do one; pause; done; }}
pause() {{ [ $((${{b%.*}}${{b#*.}} - ${{a%.*}}${{a#*.}})) -gt 10 ] || sleep 0.5; }}  # after an answer that came at once
"""
COUNT, SECONDS = "count", "seconds"
REQUESTS, GOOD = 40, 38
LONGEST = 3.0
CLIENTS, LOAD = 6, 1.5
HANG_SECONDS = 40


class Asked:
    """What came of the application's requests.

    Args:
        run: Where.
        mode: What the service does, as `calm.yaml` says.
        how: How often, or how long, each client asks.
        clients: How many do at once.

    Attributes:
        asked: How many requests the application made.
        good: How many were answered with an order that the service made for it.
        longest: How long the longest took, in seconds.
        load: How many requests reached the service.
    """

    def __init__(self, run: Run, mode: str, how: str, clients: int = 1) -> None:
        pod = run.wait_ready(run.pod("caller"))
        run.lab.wait("pod/podlab-orders", "Ready")
        run.advance(5)
        shell(run, "podlab-orders", f"echo {mode} > /tmp/mode; : > /tmp/requests")
        text = run.exec(pod, f"{ASK}\nfor c in $(seq {clients}); do {how} & done; wait", container="app").stdout
        self.load = int(shell(run, "podlab-orders", "wc -l < /tmp/requests"))
        shell(run, "podlab-orders", "echo 0 0 0 > /tmp/mode")
        orders = set(re.findall(r"^order (\d+)-(\d+)$", text, re.M))
        self.good = len([number for number, _ in orders if int(number) <= self.load])
        times = [float(b) - float(a) for a, b in re.findall(r"^took ([\d.]+) ([\d.]+)$", text, re.M)]
        self.longest = max(times, default=0.0)
        self.asked = len(times)

    def __str__(self) -> str:
        return f"{self.good} of {self.asked} good, the longest took {self.longest:.1f} s; the service got {self.load} requests"


@calm.check("the application gets its orders at localhost:9000", points=1, hint="`%kubectl logs caller -c envoy`.")
def _calm_answers(run: Run) -> None:
    run.wait_ready(run.pod("caller"))
    run.advance(5)
    beside(run, run.pod("caller"), 9000)
    asked = Asked(run, "0 0 0", f"{COUNT} 5")
    run.expect("five orders", asked.good == 5, saw=seen(run, "caller", str(asked)))


@calm.check("six clients at once are all served when the service is well", points=1, hint="do not limit requests, limit retries.")
def _calm_busy(run: Run) -> None:
    asked = Asked(run, "0 0 0.3", f"{COUNT} 5", CLIENTS)
    run.expect(f"{CLIENTS * 5} orders", asked.good == CLIENTS * 5, saw=seen(run, "caller", str(asked)))


@calm.check(
    "each fourth request fails: the application hardly notices",
    points=1,
    hint="`retry_policy: {retry_on: 5xx, num_retries: ...}`.",
)
def _calm_fails(run: Run) -> None:
    asked = Asked(run, "4 0 0", f"{COUNT} {REQUESTS}")
    run.expect(f"at least {GOOD} of {REQUESTS} good", asked.good >= GOOD, saw=seen(run, "caller", str(asked)))


@calm.check(
    "each fifth hangs: it hardly notices either",
    points=1,
    hint="`per_try_timeout`: short enough for another try within the time.",
)
def _calm_hangs(run: Run) -> None:
    asked = Asked(run, "0 5 0", f"{COUNT} {REQUESTS}")
    within = asked.longest <= LONGEST + 0.2
    run.expect(
        f"at least {GOOD} of {REQUESTS} good, none longer than {LONGEST:g} s",
        asked.good >= GOOD and within,
        saw=seen(run, "caller", str(asked)),
    )
    run.advance(HANG_SECONDS)


@calm.check("when everything hangs, it is told within 3 seconds", points=1, hint="`timeout` bounds all tries together.")
def _calm_told(run: Run) -> None:
    _reached(run)
    asked = Asked(run, "0 1 0", f"{COUNT} 3")
    run.expect(
        f"three answers within {LONGEST:g} s each",
        asked.asked == 3 and asked.longest <= LONGEST + 0.2,
        saw=seen(run, "caller", str(asked)),
    )
    run.advance(HANG_SECONDS)


@calm.check(
    "when everything fails, it does not beat the service",
    points=2,
    hint="`circuit_breakers`: a `retry_budget`, or `max_retries`.",
)
def _calm_storm(run: Run) -> None:
    _reached(run)
    asked = Asked(run, "1 0 0.5", f"{SECONDS} 15", CLIENTS)
    run.expect(
        f"at the service at most {LOAD:g} requests for each of the application's",
        asked.load <= (LOAD + 0.1) * asked.asked,
        saw=f"{asked.load} for {asked.asked}, that is {asked.load / max(asked.asked, 1):.2f}",
    )
    again = Asked(run, "2 0 0", f"{COUNT} 6")
    run.expect(
        "retries when single requests fail: to amplify nothing by doing nothing is no merit", again.load > again.asked, saw="none"
    )


def _reached(run: Run) -> None:
    run.expect("a service that is reached", Asked(run, "0 0 0", f"{COUNT} 1").good == 1, saw=seen(run, "caller", "no order"))
