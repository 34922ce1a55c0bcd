"""What the grader tries beside the checks that students see: this file is never released."""

from podlab.grading import Rubric, Run

legacy = Rubric("legacy")


@legacy.check("other settings arrive as well", points=1, hint="copy the values; do not compare or compute with them.")
def _legacy_other(run: Run) -> None:
    pod = run.wait_ready(run.only_pod())
    for greeting, size in (("good day", "1000"), ("안녕", "0")):
        run.change_config("settings", {"greeting": greeting, "size": size})
        pod = run.start_again(pod)
        log, wanted = run.log(pod, "app"), f"greeting={greeting}\nsize={size}\n"
        run.expect(f"the lines of {greeting} and {size}", log == wanted, saw=log or "nothing")
