"""crond runs what is due, minute by minute, of tables that change while it runs."""

import pytest

from podlab.mock.programs.system.crond import parse_line
from podlab.mock.programs.users import User
from tests.shell.playing import play_in_mock

ROOT = User("root", 0, 0, "/root", "/bin/sh")
SCRIPT = b"""
mkdir -p /var/spool/cron/crontabs
crontab - <<'X'
# a comment
* * * * * echo "$USER $(pwd)" >>/work/each
*/2 * * * * echo even >>/work/even
61 * * * * echo never >>/work/never
X
crond -L /work/log
sleep 130
wc -l </work/each
sort -u /work/each
cat /work/even
echo '* * * * * echo new >>/work/new' | crontab -
sleep 60
wc -l </work/each
cat /work/new
ls
head -n 1 log
grep -c cmd log
"""


def test_crond_runs_each_line_when_it_is_due() -> None:
    played = play_in_mock(SCRIPT, limit_seconds=300)
    assert played.stderr == ""
    assert played.stdout.split("\n") == [
        "2", "root /root", "even", "2", "new", "each", "even", "log", "new", "script.sh",
        "crond: crond (busybox 1.37.0) started, log level 8", "4", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "due", "not_due"),
    [
        ("30 4 1,15 * fri x", (30, 4, 1, 6, 1), (30, 4, 2, 6, 1)),
        ("30 4 1,15 * fri x", (30, 4, 2, 6, 5), (30, 5, 2, 6, 5)),
        ("0 0 * jan-mar 7 x", (0, 0, 9, 3, 0), (0, 0, 9, 4, 0)),
        ("@hourly x", (0, 7, 9, 3, 0), (1, 7, 9, 3, 0)),
        ("10-20/5 * * * * x", (15, 7, 9, 3, 0), (16, 7, 9, 3, 0)),
    ],
)
def test_crontab_line_is_due(line: str, due: tuple[int, ...], not_due: tuple[int, ...]) -> None:
    entry = parse_line(line, ROOT)
    assert entry is not None
    assert entry.due(*due)
    assert not entry.due(*not_due)


@pytest.mark.parametrize("line", ["", "# x", "A=b", "* * * * x", "60 * * * * x", "* * 0 * * x", "* * * foo * x", "*/0 * * * * x"])
def test_crontab_line_that_is_none(line: str) -> None:
    assert parse_line(line, ROOT) is None
