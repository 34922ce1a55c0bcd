"""The discrete-event kernel: order, waiting, cancelling, determinism."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.kernel import SECOND, Cancelled, Deadlock, Kernel, MicroTime, Time, WaitQueue


def test_events_run_in_order_of_time_then_priority_then_sequence() -> None:
    kernel, seen = Kernel(), []
    kernel.call_at(5, seen.append, "late", priority=2)
    kernel.call_at(5, seen.append, "first")
    kernel.call_at(5, seen.append, "second")
    kernel.call_at(1, seen.append, "early")
    kernel.call_at(5, seen.append, "urgent", priority=0)
    kernel.run_until()
    assert seen == ["early", "urgent", "first", "second", "late"]
    assert kernel.now_ns == 5


def test_sleeping_tasks_cost_no_time_of_the_host() -> None:
    kernel = Kernel()

    async def nap() -> int:
        await kernel.sleep(3600 * SECOND)
        return kernel.now_ns

    task = kernel.spawn(nap())
    kernel.run_until()
    assert task.result() == 3600 * SECOND


def test_await_task_gives_its_result_or_raises_its_error() -> None:
    kernel = Kernel()

    async def fail() -> None:
        await kernel.sleep(1)
        raise ValueError("boom")

    async def parent() -> str:
        with pytest.raises(ValueError, match="boom"):
            await kernel.spawn(fail())
        return "seen"

    task = kernel.spawn(parent())
    kernel.run_until()
    assert task.result() == "seen"


def test_error_that_nobody_awaits_is_raised_with_the_task_named() -> None:
    kernel = Kernel()

    async def fail() -> None:
        raise ValueError("boom")

    kernel.spawn(fail(), name="faulty")
    with pytest.raises(ValueError, match="boom") as caught:
        kernel.run_until()
    assert "faulty" in caught.value.__notes__[0]


def test_wait_queue_with_timeout_tells_which_came_first() -> None:
    kernel = Kernel()
    queue = WaitQueue(kernel)
    seen = []

    async def wait(timeout: int) -> None:
        seen.append((await queue.wait(timeout), kernel.now_ns))

    kernel.spawn(wait(10))
    kernel.spawn(wait(30))
    kernel.call_at(20, queue.wake_all)
    kernel.run_until()
    assert seen == [(False, 10), (True, 20)]
    assert not len(queue)


def test_wake_at_the_instant_of_the_timeout_is_not_lost() -> None:
    kernel = Kernel()
    queue = WaitQueue(kernel)
    seen = []

    async def wait(name: str, timeout: int | None) -> None:
        seen.append((name, await queue.wait(timeout)))

    kernel.call_at(10, queue.wake_one)
    kernel.spawn(wait("a", 10))
    kernel.run_until()
    assert seen == [("a", True)]


def test_cancelled_waiter_passes_its_wake_on() -> None:
    kernel = Kernel()
    queue = WaitQueue(kernel)
    seen = []

    async def wait(name: str) -> None:
        await queue.wait()
        seen.append(name)

    first = kernel.spawn(wait("first"))
    kernel.spawn(wait("second"))

    def wake_and_cancel() -> None:
        queue.wake_one()
        first.cancel()

    kernel.call_at(5, wake_and_cancel)
    kernel.run_until()
    assert seen == ["second"]
    with pytest.raises(Cancelled):
        first.result()


def test_task_that_cancels_itself_and_ends_is_left_alone() -> None:
    kernel = Kernel()

    async def leave() -> int:
        kernel.current_task().cancel()
        return 1

    task = kernel.spawn(leave())
    kernel.run_until()
    assert task.result() == 1


def test_waiting_for_what_cannot_come_is_a_deadlock() -> None:
    with pytest.raises(Deadlock):
        Kernel().run_until(condition=lambda: False)


def test_run_until_deadline_moves_the_clock_there() -> None:
    kernel = Kernel()
    assert kernel.run_until(deadline_ns=7)
    assert kernel.now_ns == 7
    assert not kernel.run_until(deadline_ns=9, condition=lambda: False)


def test_times_render_against_the_epoch() -> None:
    assert Time(-SECOND).render(0) == "1969-12-31T23:59:59Z"
    assert MicroTime(1_500_000).render(0) == "1970-01-01T00:00:00.001500Z"


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3)), max_size=30), st.integers())
def test_same_seed_same_trace(delays: list[tuple[int, int]], seed: int) -> None:
    def run() -> str:
        kernel = Kernel(seed)
        kernel.trace.enabled = True

        async def wander(name: int, delay: int, turns: int) -> None:
            for turn in range(turns):
                await kernel.sleep(delay + kernel.random("steps").randrange(5))
                kernel.trace.record("task", "turn", name=name, turn=turn)

        for name, (delay, turns) in enumerate(delays):
            kernel.spawn(wander(name, delay, turns))
        kernel.run_until()
        return kernel.trace.digest()

    assert run() == run()
