"""A container's log holds every line with its time and stream, however many pages it fills, until it is rotated."""

from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.kernel import Kernel
from podlab.mock.kubelet.runtime.log import MAX_BYTES, PAGE_LINES, PREFIX_BYTES, ContainerLog
from podlab.mock.kubelet.runtime.types import Stream

Line = tuple[int, Stream, bytes]
_TEXT = st.sampled_from([b"a line\n", b"\n", b"x" * 700 + b"\n", b"y" * 30_000 + b"\n"])
_BURST = st.tuples(st.sampled_from(["stdout", "stderr"]), _TEXT, st.integers(1, PAGE_LINES), st.integers(0, 3_000_000_000))


def _lines(bursts: list[tuple[Stream, bytes, int, int]]) -> tuple[ContainerLog, list[Line]]:
    kernel = Kernel()
    log = ContainerLog(kernel)
    expected: list[Line] = []
    for stream, text, times, pause_ns in bursts:
        for number in range(times):
            kernel.now_ns += pause_ns + number
            log.write(stream, text)
            expected.extend((kernel.now_ns, stream, text[at : at + 16_384]) for at in range(0, len(text), 16_384))
    return log, expected


@given(st.lists(_BURST, max_size=8))
def test_every_line_comes_back(bursts: list[tuple[Stream, bytes, int, int]]) -> None:
    log, expected = _lines(bursts)
    assert log.end == len(expected)
    kept = expected[log.first :]
    assert [log.line(number) for number in range(log.first, log.end)] == kept
    assert log.size == sum(len(text) + PREFIX_BYTES for _, _, text in kept) <= MAX_BYTES
    for number in range(log.end - 1, log.first - 1, -97):
        time_ns = log.line(number)[0]
        assert log.since(time_ns) == log.first + next(at for at, line in enumerate(kept) if line[0] >= time_ns)
    assert log.since(2**62) == log.end
    errors = [at for at, line in enumerate(kept) if line[1] == "stderr"]
    wanted = errors[-3] if len(errors) >= 3 else 0
    assert log.tail(3, "stderr", log.first) == log.first + wanted


def test_full_pages_cost_little() -> None:
    log, expected = _lines([("stdout", b"a line\n", 3_600, 1_000_000_000)])
    packed = sum(len(part) for page in log._full for part in page)
    assert len(expected) == 3_600
    assert packed < 3_600 * 6


def test_a_rotated_log_begins_anew() -> None:
    log, expected = _lines([("stdout", b"z" * 16_000 + b"\n", 700, 1)])
    assert 0 < log.first < log.end == 700
    assert log.line(log.first) == expected[log.first]
    assert log.size <= MAX_BYTES
