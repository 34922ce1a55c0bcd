"""What the exercises of chapter 5 are graded by: students and the grader run this very file."""

from typing import Any

from podlab.errors import PodlabError
from podlab.grading import Rubric, Run

Obj = dict[str, Any]

gate = Rubric("gate")


def _sent_to(run: Run, service: str) -> list[str]:
    """The addresses that a service sends traffic to."""
    subsets = run.lab.get(f"endpoints/{service}").get("subsets") or []
    return [a["ip"] for subset in subsets for a in subset.get("addresses") or []]


@gate.check("while it loads, the service sends nobody to it", points=1, hint="which probe decides about traffic?")
def _gate_loading(run: Run) -> None:
    pod = run.wait(run.pod("shop"), "{.status.phase}=Running", "a running pod")
    run.expect("the application as it was given", "sleep 15; echo shop" in run.text_of(pod, "app"), saw=run.text_of(pod, "app"))
    run.advance(6)
    there = _sent_to(run, "shop")
    run.expect("no address behind service shop, six seconds after the start", not there, saw=", ".join(there))


@gate.check("when it has loaded, customers are served", points=1, hint="`%kubectl describe pod shop` tells how its probe fails.")
def _gate_loaded(run: Run) -> None:
    run.wait_endpoints("shop")
    answer = run.ask("http://shop/")
    run.expect("the answer shop", answer.strip() == "shop", saw=answer)


@gate.check("without a page, nobody is sent to it any more", points=1, hint="ask for the very page, not for an open port.")
def _gate_lost(run: Run) -> None:
    run.wait_endpoints("shop")
    pod = run.wait_ready(run.pod("shop"))
    run.exec(pod, "mv /www/index.html /tmp/away", container="app")
    run.wait(pod, "condition=Ready=False", "a pod that is not ready, without a page,", 60)
    run.advance(40)
    there = _sent_to(run, "shop")
    run.expect("no address behind service shop", not there, saw=", ".join(there))


@gate.check("when the page is back, so are the customers", points=1, hint="a readiness probe restarts nothing; which one does?")
def _gate_back(run: Run) -> None:
    pod = run.pod("shop")
    run.wait(pod, "condition=Ready=False", "a pod that is not ready, without a page,", 60)
    run.exec(pod, "mv /tmp/away /www/index.html", container="app")
    run.wait_ready(pod)
    answer = run.ask("http://shop/")
    run.expect("the answer shop", answer.strip() == "shop", saw=answer)
    run.expect("no restart", run.restarts("shop", "app") == 0, saw=run.state("shop"))


alive = Rubric("alive")
WORK = (
    "sh -c sleep 20 while true; do date > /tmp/beat [ -e /tmp/hang ] && sleep 36000 "
    "[ -e /tmp/busy ] && rm /tmp/busy && sleep 10 sleep 1 done"
)


@alive.check("a worker that hangs is restarted within a minute", points=1, hint="a liveness probe that looks at the beat's age.")
def _alive_hangs(run: Run) -> None:
    pod = run.wait(run.pod("pair"), "{.status.phase}=Running", "a running pod")
    text = " ".join(run.text_of(pod, "worker").split())
    run.expect("the worker as it was given", text == WORK, saw=text)
    run.advance(55)
    run.expect("no restart while all is well", run.restarts("pair", "worker") == 0, saw=run.state("pair"))
    run.exec(pod, "touch /tmp/hang", container="worker")
    run.wait(pod, _restarted, "a restarted worker", 62)


def _restarted(pod: Obj) -> bool:
    return any(s["name"] == "worker" and s["restartCount"] > 0 for s in pod["status"].get("containerStatuses") or [])


def _works(pod: Obj) -> bool:
    return any(s["name"] == "worker" and s["ready"] for s in pod["status"].get("containerStatuses") or [])


@alive.check("it is not restarted while it starts", points=1, hint="a startup probe holds the liveness probe back.")
def _alive_starts(run: Run) -> None:
    run.expect("a restarted worker", run.restarts("pair", "worker") > 0, saw=run.state("pair"))
    run.advance(75)
    state = run.state("pair")
    run.expect("one restart, and a worker that works since", run.restarts("pair", "worker") == 1, saw=state)
    run.wait(run.pod("pair"), _works, "a worker that is ready", 1)


@alive.check("it is not restarted while it is busy", points=1, hint="how old may the beat be, how often may the probe fail?")
def _alive_busy(run: Run) -> None:
    pod = run.pod("pair")
    before = run.restarts("pair", "worker")
    run.expect("a worker that was restarted when it hung", before > 0, saw=run.state("pair"))
    run.wait(pod, _works, "a worker that is ready")
    for _ in range(3):
        run.exec(pod, "touch /tmp/busy", container="worker")
        run.advance(14)
    run.expect("no restart while it is busy", run.restarts("pair", "worker") == before, saw=run.state("pair"))


@alive.check("the keeper is not touched", points=1, hint="a probe belongs to the container that it asks about.")
def _alive_keeper(run: Run) -> None:
    run.expect("a restarted worker", run.restarts("pair", "worker") > 0, saw=run.state("pair"))
    run.expect("a keeper without restarts", run.restarts("pair", "keeper") == 0, saw=run.state("pair"))


orders = Rubric("orders")
LAST = ("closing", "closed")
APP = (
    "sh -c trap 'echo closing >> /log/orders; sleep 8; echo closed >> /log/orders; exit 0' TERM; "
    "while true; do echo order >> /log/orders; sleep 1; done"
)


@orders.check("`tail` prints what the application writes", points=1, hint="`tail -n +1 -f /log/orders`, in a volume of both.")
def _orders_print(run: Run) -> None:
    pod = run.wait_ready(run.pod("orders"))
    run.container(pod, "tail")
    text = " ".join(run.text_of(pod, "app").split())
    run.expect("the application as it was given", text == APP, saw=text)
    run.advance(6)
    lines = run.log(pod, "tail").split()
    run.expect("three orders or more", lines.count("order") >= 3, saw=run.tail(pod, "tail"))
    state = run.state("orders")
    run.expect("two containers that ran on from their start", "restart" not in state, saw=state)


@orders.check("the application finishes its work", points=1, hint="`terminationGracePeriodSeconds` must be long enough.")
def _orders_finish(run: Run) -> None:
    ending = run.ending("orders")
    run.expect("exit code 0 from app", ending.exit_codes.get("app") == 0, saw=ending.told())
    run.expect("eight seconds of work", 7 <= ending.seconds("app") <= 12, saw=ending.told())


@orders.check("`tail` prints the last line too", points=1, hint="whoever is to see the end has to end later.")
def _orders_last(run: Run) -> None:
    ending = run.ending("orders")
    lines = ending.logs.get("tail", "").split()
    ends = tuple(lines[-2:]) == LAST and lines.count("order") >= 3
    run.expect("the orders, then closing and closed at the end", ends, saw=" ".join(lines[-3:]) or "nothing")


@orders.check("no container has to be killed", points=1, hint="`trap '...' TERM`; 137 is 128 + 9: killed.")
def _orders_killed(run: Run) -> None:
    ending = run.ending("orders")
    both = {"app", "tail"} <= set(ending.exit_codes)
    run.expect("app and tail, both ended by themselves", both and 137 not in ending.exit_codes.values(), saw=ending.told())


@orders.check("within twenty seconds all is over", points=1, hint="who still waits for SIGKILL?")
def _orders_soon(run: Run) -> None:
    ending = run.ending("orders")
    run.expect("exit code 0 from app", ending.exit_codes.get("app") == 0, saw=ending.told())
    run.expect("an end within 20 seconds", max(map(ending.seconds, ending.exit_codes)) <= 20, saw=ending.told())


reload = Rubric("reload")
RELOADED_SECONDS = 180.0
"""A kubelet brings a changed ConfigMap into a volume within a minute and a half."""


@reload.check("a container beside it sees the application's process", points=1, hint="`shareProcessNamespace: true`, of the pod.")
def _reload_sees(run: Run) -> None:
    pod = run.wait_ready(run.pod("reload"))
    wanted = "cat /etc/app/app.conf; while true; do sleep 1; done legacy"
    run.expect("the application as it was given", wanted in run.text_of(pod, "app"), saw=run.text_of(pod, "app"))
    run.expect("greeting=hello at first", "greeting=hello" in run.log(pod, "app"), saw=run.tail(pod, "app"))
    file = run.exec(pod, "cat /etc/app/app.conf", container="app").stdout
    run.expect("that line alone in its file, as it was given", file == "greeting=hello\n", saw=file or "nothing")
    others = [name for name in run.container_names(pod) if name != "app"]
    run.expect("another container", others, saw="app alone")
    where = {n: run.exec(pod, ["readlink", "/proc/self/ns/pid"], container=n).stdout for n in ("app", *others)}
    seen = [n for n in others if where[n] and where[n] == where["app"]]
    run.expect("one that sees it", seen, saw=f"{', '.join(others)}, each with processes of its own alone")


def _change(run: Run, greeting: str) -> None:
    """Changes the configuration, and expects that the application reads it."""
    pod = run.wait_ready(run.pod("reload"))
    run.change_config("app-config", {"app.conf": f"greeting={greeting}\n"})
    try:
        run.lab.wait_log("pod/reload", f"greeting={greeting}", "app", RELOADED_SECONDS)
    except PodlabError:
        seen = run.tail(pod, "app")
        run.expect(f"greeting={greeting} in its log within {RELOADED_SECONDS:g} seconds", False, saw=seen)


@reload.check("when the file changes, the application reads it again", points=1, hint="compare the file with what it was.")
def _reload_once(run: Run) -> None:
    _change(run, "annyeong")
    run.expect("no restart", run.restarts("reload", "app") == 0, saw=run.state("reload"))


@reload.check("and when it changes once more", points=1, hint="remember the file anew after each change.")
def _reload_twice(run: Run) -> None:
    _change(run, "bonjour")
    run.expect("no restart", run.restarts("reload", "app") == 0, saw=run.state("reload"))


@reload.check("while nothing changes, it is left alone", points=1, hint="signal only when the file differs.")
def _reload_calm(run: Run) -> None:
    pod = run.pod("reload")
    before = run.log(pod, "app").split().count("again")
    run.expect("an application that was told of changes", before > 0, saw=run.tail(pod, "app"))
    run.advance(30)
    after = run.log(pod, "app").split().count("again")
    run.expect("no signal in 30 quiet seconds", after == before, saw=f"{after - before} more")
    run.expect("one signal for each change", after <= 2, saw=f"{after} signals for 2 changes")


budget = Rubric("budget")
MEBI = 1 << 20


@budget.check("together they may use 64 MiB", points=1, hint="`limits: {memory: ...}` of each container, added up.")
def _budget_sum(run: Run) -> None:
    pod = run.wait(run.pod("budget"), "{.status.phase}=Running", "a running pod")
    limits = {name: run.exec(pod, "cat /sys/fs/cgroup/memory.max", name).stdout.strip() for name in run.container_names(pod)}
    saw = ", ".join(f"{name} {int(text) / MEBI:.0f} MiB" if text.isdigit() else f"{name} {text}" for name, text in limits.items())
    bounded = all(text.isdigit() for text in limits.values()) and {"app", "cache"} <= set(limits)
    run.expect("limits of 64 MiB or less in all", bounded and sum(map(int, limits.values())) <= 64 * MEBI, saw=saw)


@budget.check("its class is the one that is sacrificed last", points=1, hint="limits for cpu and memory, of every container.")
def _budget_class(run: Run) -> None:
    found = run.pod("budget")["status"].get("qosClass", "none")
    run.expect("class Guaranteed", found == "Guaranteed", saw=found)


@budget.check("the cache is stopped by its own limit", points=1, hint="a limit of memory, well below 60 MB.")
def _budget_cache(run: Run) -> None:
    pod = run.pod("budget")
    run.expect("the cache as it was given", "x=$x$x; done; sleep 36000" in run.text_of(pod, "cache"), run.text_of(pod, "cache"))
    run.wait(pod, lambda p: "OOMKilled" in _ends(p, "cache"), "a cache that was OOMKilled", 120)


def _ends(pod: Obj, container: str) -> list[str]:
    """Why a container ended, now and before."""
    status = pod["status"]
    everybody = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    statuses = [s for s in everybody if s["name"] == container]
    states = [s.get(which, {}).get("terminated") or {} for s in statuses for which in ("state", "lastState")]
    return [state.get("reason", "") for state in states]


@budget.check("the application never notices", points=1, hint="a text of 4 MiB, the old one and the new: it needs some room.")
def _budget_app(run: Run) -> None:
    pod = run.pod("budget")
    run.expect("a cache that was OOMKilled", "OOMKilled" in _ends(pod, "cache"), saw=run.state("budget"))
    run.expect(
        "the application as it was given",
        "-ge 4000000 ]; do x=$x$x; done; echo loaded" in run.text_of(pod, "app"),
        run.text_of(pod, "app"),
    )
    state = run.state("budget")
    run.expect("a running application without restarts", "app running" in state and not run.restarts("budget", "app"), saw=state)
    run.expect("loaded in its log", "loaded" in run.log(pod, "app"), saw=run.tail(pod, "app"))
