"""Exercise `proxy`: one proxy for all."""

from podlab.grading import Rubric, Run

from .asking import Obj, given, shell

proxy = Rubric("proxy", given("proxy"))
PLACES = {"stock": "podlab-stock", "price": "podlab-price"}


def _shop(run: Run) -> Obj:
    pod = run.wait_ready(run.pod("shop"))
    run.container(pod, "app")
    run.advance(4)
    return pod


@proxy.check("port 3128 is served by a container `proxy`", points=1, hint="`nc -lk -p 3128 -e sh /proxy.sh`.")
def _proxy_there(run: Run) -> None:
    pod = _shop(run)
    who = run.listening(pod, 3128)
    run.expect("the container proxy on port 3128", who == ["proxy"], saw=f"{', '.join(who) or 'nobody'} listens there")


@proxy.check(
    "the application reads what both services say", points=1, hint="the proxy asks the HOST of `http://HOST/PATH` for /PATH."
)
def _proxy_reads(run: Run) -> None:
    pod = _shop(run)
    words = {place: f"new words of {place}, {run.word()}" for place in PLACES.values()}
    for place, wanted in words.items():
        shell(run, place, f"echo {wanted} > /www/today")
    run.advance(10)
    for wanted in words.values():
        run.expect(f"{wanted!r} in the log of app", wanted in run.log(pod, "app").splitlines(), saw=run.tail(pod, "app"))


@proxy.check("each request leaves a line in the log of proxy", points=1, hint='`echo "$method $host $path" >&2`.')
def _proxy_logs(run: Run) -> None:
    pod = _shop(run)
    for number, host in enumerate(PLACES):
        run.exec(pod, f"wget -q -T 5 -O - http://{host}/check-{number}", container="app")
    run.advance(2)
    for number, host in enumerate(PLACES):
        lines = [one for one in run.log(pod, "proxy").splitlines() if f"/check-{number}" in one and host in one]
        run.expect(f"a line with {host} and /check-{number}", lines, saw=run.tail(pod, "proxy"))


@proxy.check(
    "what is not there is a 404 for the application too", points=1, hint="pass the answer on as it is, with its first line."
)
def _proxy_passes_on(run: Run) -> None:
    pod = _shop(run)
    page = run.exec(pod, "wget -q -T 5 -O - http://stock/today", container="app")
    run.expect("the page that is there", page.exit_code == 0 and page.stdout, saw=page.stderr.strip() or "nothing")
    missing = run.exec(pod, "wget -T 5 -O - http://stock/nothing", container="app")
    run.expect("an error 404", "404" in missing.stderr, saw=(missing.stderr + missing.stdout).strip() or "nothing")
