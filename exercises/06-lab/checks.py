"""What the closing lab is graded by: students and the grader run this very file."""

from typing import Any

from podlab.grading import Rubric, Run

Obj = dict[str, Any]

kiosk = Rubric("kiosk")
APP = (
    "sh -c trap 'sleep 4; echo closed >> /var/log/kiosk.log; exit 0' TERM "
    "title=$(sed -n 's/^title=//p' /etc/kiosk/kiosk.conf) "
    '[ -n "$title" ] || { echo "no title in /etc/kiosk/kiosk.conf"; exit 1; } '
    "while true; do [ -e /tmp/hang ] && sleep 36000 "
    "papers=$(wget -q -T 2 -O - http://localhost:9000/papers || echo no) "
    'echo "$title: $papers papers" > /www/index.html echo "$papers papers" >> /var/log/kiosk.log '
    "date > /tmp/beat sleep 1 done"
)
STARTING_SECONDS = 45.0
HANGING_SECONDS = 95.0
"""A minute and a half, in which the old one has its grace period to end."""


def _running(container: str) -> Any:
    """A condition: that container of the pod runs."""

    def runs(pod: Obj) -> bool:
        return any(s["name"] == container and "running" in s["state"] for s in pod["status"].get("containerStatuses") or [])

    return runs


def _app(run: Run) -> Obj:
    """The pod, when its application runs, and is the one that was given."""
    pod = run.wait(run.pod("kiosk"), _running("app"), "a running application", STARTING_SECONDS)
    text = " ".join(run.text_of(pod, "app").split())
    run.expect("the application as it was given", text == APP, saw=text)
    return pod


def _page(run: Run) -> str:
    answer = run.lab.http("pod/kiosk", "/", 8080)
    run.expect("a page on port 8080 of the pod", answer.status == 200, saw=run.told(answer))
    return answer.text.strip()


@kiosk.check(
    "the settings are prepared before the application starts",
    points=1,
    hint="`describe` tells which key is missing; where does the init container write, and what has it mounted?",
)
def _settings(run: Run) -> None:
    pod = _app(run)
    run.expect("an init container", run.containers(pod, init=True), saw="none")
    text = run.exec(pod, "cat /etc/kiosk/kiosk.conf", container="app").stdout
    run.expect("the title in /etc/kiosk/kiosk.conf", "title=The Morning Pod" in text, saw=text or "no such file")


@kiosk.check(
    "no container is restarted without need", points=1, hint="`%kubectl logs kiosk -c NAME -p` has the last words before it."
)
def _steady(run: Run) -> None:
    pod = _app(run)
    run.advance(60)
    state = run.state("kiosk")
    names = {c["name"] for c in run.containers(pod)}
    run.expect("app, web, ambassador and logs", {"app", "web", "ambassador", "logs"} <= names, saw=", ".join(sorted(names)))
    run.expect("all running after a minute, without a restart", "restart" not in state and "waiting" not in state, saw=state)


@kiosk.check(
    "the pod becomes ready, when there is a page",
    points=1,
    hint="which port does the readiness probe ask, and who listens there?",
)
def _ready(run: Run) -> None:
    pod = run.wait_ready(_app(run))
    run.exec(pod, "mv /www/index.html /www/away; kill -STOP -1", container="app")  # its next page has to wait
    try:
        run.wait(pod, "condition=Ready=False", "a pod that is not ready without a page", 30)
    finally:
        run.exec(pod, "kill -CONT -1", container="app")
    run.wait_ready(pod)


@kiosk.check("`web` serves the page of the application", points=1, hint="do both mount the same volume?")
def _serves(run: Run) -> None:
    _app(run)
    page = _page(run)
    run.expect("the title, and a number of papers", page.startswith("The Morning Pod: "), saw=page)


@kiosk.check("`web` cannot change the page", points=1, hint="`readOnly: true` at its volume mount.")
def _read_only(run: Run) -> None:
    pod = _app(run)
    _page(run)
    run.expect("a volume that web shares with the application", run.shared_mounts(pod, "web"), saw="none")
    run.expect("a read-only mount", not run.mounts_writable(pod, "web"), saw="web could write there")


@kiosk.check(
    "the ambassador brings the wholesaler's number, whatever it is",
    points=2,
    hint="the application asks localhost:9000; `%kubectl logs kiosk -c ambassador` tells what keeps it.",
)
def _papers(run: Run) -> None:
    pod = _app(run)
    run.container(pod, "ambassador")
    wholesaler = run.wait_ready(run.pod("wholesaler"))
    stock = run.exec(wholesaler, "cat /www/papers", container="web").stdout.strip()
    run.expect("the wholesaler as it was given, with 12 papers", stock == "12", saw=stock)
    for number in (str(int(run.word()[:5], 16)) for _ in range(2)):
        run.exec(wholesaler, f"echo {number} > /www/papers", container="web")
        run.advance(8)
        answer = run.exec(pod, "cat /www/index.html", container="app").stdout.strip()
        run.expect(f"{number} papers in the application's page", f": {number} papers" in answer, saw=answer or "no page")
    run.expect("an ambassador that listens on port 9000", run.listening(pod, 9000) == ["ambassador"], saw=run.state("kiosk"))


@kiosk.check("customers are served by the service", points=1, hint="`%kubectl get endpointslices`: is there a port in it?")
def _service(run: Run) -> None:
    _app(run)
    run.wait_endpoints("kiosk")
    page = run.ask("http://kiosk/")
    run.expect("the page", "The Morning Pod: " in page, saw=page)


@kiosk.check(
    "`logs` prints the application's log", points=1, hint="where is the volume mounted, and does the file exist at first?"
)
def _logs(run: Run) -> None:
    pod = _app(run)
    run.advance(5)
    seen = run.log(pod, "logs").splitlines()
    there = run.exec(pod, "cat /var/log/kiosk.log", container="app").stdout.splitlines()
    run.expect("its first lines, and new ones", seen[:3] == there[:3] and len(seen) >= len(there) - 2 > 0, run.tail(pod, "logs"))


@kiosk.check(
    "an application that hangs is restarted, and nobody else",
    points=1,
    hint="a liveness probe that looks at the age of /tmp/beat.",
)
def _hangs(run: Run) -> None:
    pod = _app(run)
    names = run.container_names(pod)
    before = {name: run.restarts("kiosk", name) for name in names}
    run.advance(60)
    run.expect("no restart while it is well", run.restarts("kiosk", "app") == before["app"], saw=run.state("kiosk"))
    run.exec(pod, "touch /tmp/hang", container="app")
    run.wait(pod, lambda p: run.restarts("kiosk", "app") > before["app"], "a restarted application", HANGING_SECONDS)
    others = [name for name in names if name != "app" and not before[name] and run.restarts("kiosk", name)]
    run.expect("no other restart", not others, saw=", ".join(others))
    run.wait(pod, _running("app"), "a running application")
    run.advance(75)
    run.expect("one restart", run.restarts("kiosk", "app") == before["app"] + 1, saw=run.state("kiosk"))


@kiosk.check(
    "another title is told after the next start",
    points=1,
    hint="the title comes out of the ConfigMap, through the init container.",
)
def _title(run: Run) -> None:
    _app(run)
    run.change_config("kiosk", {"title": "Evening Edition"})
    run.remove("kiosk")
    run.lab.apply([o for o in run.objects if o["kind"] == "Pod" and o["metadata"]["name"] == "kiosk"])
    _app(run)
    run.advance(10)
    page = _page(run)
    run.expect("the title Evening Edition", page.startswith("Evening Edition: "), saw=page)


@kiosk.check("the application ends in peace", points=1, hint="how long does its last line take, and how long may it take?")
def _ends(run: Run) -> None:
    pod = _app(run)
    run.wait(pod, lambda p: run.exec(pod, "test -e /tmp/beat", container="app").exit_code == 0, "an application at work")
    ending = run.ending("kiosk")
    run.expect("exit code 0 from app", ending.exit_codes.get("app") == 0, saw=ending.told())
