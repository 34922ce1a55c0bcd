"""Exercise `door`: a door to the store."""

from podlab.grading import Rubric, Run

from .asking import DNS_SECONDS, Obj, beside, given, shell

door = Rubric("door", given("door"))
ASK_STORE = "echo GET {} | nc -w 9 localhost 7000"


def _till(run: Run) -> Obj:
    pod = run.wait_ready(run.pod("till"))
    run.container(pod, "app")
    run.lab.wait("pod/podlab-store", "Ready")
    return pod


@door.check("the till becomes ready, with an ambassador beside it", points=1, hint="a second container: `nc -lk -p 7000 -e ...`.")
def _door_beside(run: Run) -> None:
    pod = _till(run)
    run.advance(5)
    beside(run, pod, 7000)


@door.check("at localhost:7000 it reads what the store says", points=1, hint="the store is the service `store`, port 7000.")
def _door_reads(run: Run) -> None:
    pod = _till(run)
    run.advance(5)
    for text in (f"17 tables, {run.word()}", f"3 lamps, {run.word()}"):
        shell(run, "podlab-store", f"echo {text} > /stock")
        run.advance(5)
        run.expect(f"{text!r} in the log of app", text in run.log(pod, "app"), saw=run.tail(pod, "app"))


@door.check("one connection after another", points=1, hint="`nc -l` serves one connection, `nc -lk` goes on.")
def _door_goes_on(run: Run) -> None:
    pod = _till(run)
    run.advance(20)
    answers = run.log(pod, "app").splitlines()[-5:]
    run.expect("five answers in a row", len(answers) == 5 and "no answer" not in answers, saw=run.tail(pod, "app"))


@door.check("several at once", points=1, hint="`nc -lk -e` starts a program for each connection, whoever else is served.")
def _door_at_once(run: Run) -> None:
    pod = _till(run)
    one = ASK_STORE.format("slow")
    text = run.exec(pod, f"for i in 1 2 3 4 5; do {one} & done; wait", container="app").stdout
    stock = shell(run, "podlab-store", "cat /stock").strip()
    run.expect("five answers within nine seconds", text.split("\n").count(stock) == 5, saw=text or "none")


@door.check(
    "also when the store has moved to another address", points=1, hint="name the service; look it up for each connection."
)
def _door_moves(run: Run) -> None:
    pod = _till(run)
    run.lab.delete("pod/podlab-store", grace_seconds=0)
    run.lab.apply(given("door").replace("podlab-store", "podlab-store-2"))
    run.lab.wait("pod/podlab-store-2", "Ready")
    stock = f"5 beds, {run.word()}"
    shell(run, "podlab-store-2", f"echo {stock} > /stock")
    run.advance(2 * DNS_SECONDS)
    run.expect("what the store says at its new place", stock in run.log(pod, "app"), saw=run.tail(pod, "app"))
