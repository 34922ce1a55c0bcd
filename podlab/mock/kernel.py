"""The discrete-event kernel: a clock of integer nanoseconds, one heap, coroutine tasks, seeds and a trace.

Everything that happens in the mock happens in a callback or a task of one kernel, in the order (time, priority, sequence).
There are no threads and no wall clock here: the same seed and the same calls give the same trace, byte for byte. Whoever owns
the kernel decides how far it runs (`run_until`, `step`); the server's pacing does that for notebooks and terminals.

A task is a coroutine that awaits only what this module offers (or what is built on it). To wait, a primitive first arranges for
the current task to be resumed, then parks:

    timer = kernel.call_after(ns, task.resume)
    try:
        await park()
    finally:
        timer.cancel()

so that a task which is cancelled while it waits leaves nothing behind.
"""

import hashlib
import heapq
import random
import types
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from datetime import UTC, datetime
from functools import lru_cache, total_ordering
from typing import Any, Final

NANOSECOND: Final = 1
MICROSECOND: Final = 1_000
MILLISECOND: Final = 1_000_000
SECOND: Final = 1_000_000_000

URGENT: Final = 0
"""Priority of what must precede other events of the same instant (a signal's delivery)."""
NORMAL: Final = 1
LATE: Final = 2
"""Priority of what should see all that an instant brought (a reconcile that batches)."""

DEFAULT_EPOCH_NS: Final = 1_767_225_600 * SECOND
"""2026-01-01T00:00:00Z: the wall-clock time at which a mock in virtual time is booted."""


class Deadlock(RuntimeError):
    """A condition was waited for, and no event is left that could make it true."""


class Cancelled(BaseException):
    """Thrown into a task that is cancelled. Not an `Exception`, so that no broad handler swallows it."""


@lru_cache(maxsize=4096)
def _rfc3339(seconds: int) -> str:
    """A Unix time in RFC 3339; an object has the same few in all its encodings."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@total_ordering
class Time:
    """A moment as an offset from the mock's boot; what times in stored objects are (`metav1.Time`, whole seconds when rendered).

    Args:
        offset_ns: Nanoseconds since boot; negative for what was before.
    """

    __slots__ = ("offset_ns",)
    offset_ns: int

    def __init__(self, offset_ns: int) -> None:
        self.offset_ns = offset_ns

    def render(self, epoch_ns: int) -> str:
        """Writes the moment in RFC 3339, given the wall-clock time (Unix ns) of offset zero."""
        return _rfc3339((epoch_ns + self.offset_ns) // SECOND)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Time) and other.offset_ns == self.offset_ns

    def __lt__(self, other: "Time") -> bool:
        return self.offset_ns < other.offset_ns

    def __hash__(self) -> int:
        return hash(self.offset_ns)

    def __copy__(self) -> "Time":
        return self

    def __deepcopy__(self, memo: object) -> "Time":
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.offset_ns})"


class MicroTime(Time):
    """A `Time` that is rendered with microseconds (`metav1.MicroTime`, in leases and events)."""

    __slots__ = ()

    def render(self, epoch_ns: int) -> str:
        """Writes the moment in RFC 3339 with six decimals."""
        seconds, rest = divmod(epoch_ns + self.offset_ns, SECOND)
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{rest // MICROSECOND:06d}Z"


class Timer:
    """A scheduled call. `cancel` makes it nothing; a cancelled timer costs only its place in the heap."""

    __slots__ = ("args", "function", "when_ns")

    def __init__(self, when_ns: int, function: Callable[..., object] | None, args: tuple[Any, ...]) -> None:
        self.when_ns = when_ns
        self.function = function
        self.args = args

    def cancel(self) -> None:
        """Forgets the call; harmless when it was made already."""
        self.function = None
        self.args = ()


class Trace:
    """What happened, as lines of text, for tests of determinism and for reading after a failure.

    Off unless `enabled`: a simulated hour of a thousand pods would fill the memory.
    """

    __slots__ = ("_kernel", "enabled", "lines")

    def __init__(self, kernel: "Kernel") -> None:
        self._kernel = kernel
        self.enabled = False
        self.lines: list[str] = []

    def record(self, source: str, event: str, **fields: object) -> None:
        """Adds a line `<now_ns> <source> <event> key=value ...` (keys in the order given)."""
        if self.enabled:
            words = "".join(f" {key}={value!r}" for key, value in fields.items())
            self.lines.append(f"{self._kernel.now_ns} {source} {event}{words}")

    def digest(self) -> str:
        """A fingerprint of all lines."""
        return hashlib.sha256("\n".join(self.lines).encode(errors="surrogateescape")).hexdigest()


@types.coroutine
def park() -> Generator[None, Any, Any]:
    """Suspends the current task until somebody calls its `resume` (whose value is returned) or `throw`."""
    return (yield)


class Task:
    """A running coroutine. Awaiting it gives its result, or raises what it raised."""

    __slots__ = ("_callbacks", "_coroutine", "_error", "_pending", "_result", "done", "kernel", "name")

    def __init__(self, kernel: "Kernel", coroutine: Coroutine[Any, Any, Any], name: str) -> None:
        self.kernel = kernel
        self.name = name
        self.done = False
        self._coroutine = coroutine
        self._result: Any = None
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[Task], object]] = []
        self._pending: Timer | None = None

    def resume(self, value: object = None) -> None:
        """Lets the parked task go on, at this instant and after what is already scheduled for it.

        A second call before it ran is ignored.
        """
        if not self.done and self._pending is None:
            self._pending = self.kernel.call_soon(self._run, value, None)

    def throw(self, error: BaseException) -> None:
        """Raises `error` inside the task where it is parked; overrides a resume that has not yet run."""
        if self.done:
            return
        if self._pending is not None:
            self._pending.cancel()
        self._pending = self.kernel.call_at(self.kernel.now_ns, self._run, None, error, priority=URGENT)

    def cancel(self) -> None:
        """Ends the task by throwing `Cancelled` into it."""
        self.throw(Cancelled())

    def result(self) -> Any:
        """The coroutine's result; raises what it raised. Only when `done`."""
        if self._error is not None:
            raise self._error
        return self._result

    def add_done_callback(self, function: "Callable[[Task], object]") -> None:
        """Calls `function(task)` when the task has ended, or at once if it has."""
        if self.done:
            self.kernel.call_soon(function, self)
        else:
            self._callbacks.append(function)

    def __await__(self) -> Generator[None, Any, Any]:
        if not self.done:
            self._callbacks.append(waiter := _Resumer(self.kernel.current_task()))
            try:
                yield from park()
            finally:
                if not self.done:
                    self._callbacks.remove(waiter)
        return self.result()

    def _run(self, value: object, error: BaseException | None) -> None:
        self._pending = None
        kernel = self.kernel
        previous, kernel.current = kernel.current, self
        try:
            if error is None:
                self._coroutine.send(value)
            else:
                self._coroutine.throw(error)
        except StopIteration as stop:
            self._end(stop.value, None)
        except Cancelled as cancelled:
            self._end(None, cancelled)
        except Exception as failure:  # reported by _end unless somebody awaits the task
            self._end(None, failure)
        finally:
            kernel.current = previous

    def _end(self, result: Any, error: BaseException | None) -> None:
        self.done, self._result, self._error = True, result, error
        self.kernel._tasks.pop(self, None)
        if self._pending is not None:  # it cancelled itself, and ended before that was carried out
            self._pending.cancel()
            self._pending = None
        callbacks, self._callbacks = self._callbacks, []
        if isinstance(error, Exception) and not callbacks:
            self.kernel.on_error(self, error)
        for function in callbacks:
            function(self)


class _Resumer:
    """A done-callback that resumes the awaiting task."""

    __slots__ = ("task",)

    def __init__(self, task: Task) -> None:
        self.task = task

    def __call__(self, _: Task) -> None:
        self.task.resume()


class Kernel:
    """The clock, the heap and the tasks of one mock.

    Args:
        seed: Seeds every named stream of `random`.
        epoch_ns: Wall-clock time (Unix ns) of offset zero; the server's pacing moves it.
    """

    def __init__(self, seed: int = 0, epoch_ns: int = DEFAULT_EPOCH_NS) -> None:
        self.seed = seed
        self.epoch_ns = epoch_ns
        self.boot_epoch_ns = epoch_ns
        self.now_ns = 0
        self.current: Task | None = None
        self.trace = Trace(self)
        self.on_error: Callable[[Task, Exception], None] = _raise_error
        self._tasks: dict[Task, None] = {}
        self._heap: list[tuple[int, int, int, Timer]] = []
        self._sequence = 0
        self._streams: dict[str, random.Random] = {}
        self._counts: dict[str, int] = {}

    def now(self) -> Time:
        """This moment, as it stands in objects."""
        return Time(self.now_ns)

    @property
    def wall_ns(self) -> int:
        """This moment as Unix time in nanoseconds, on the clock of the simulated machine: what `date` prints in a container.

        It runs with simulated time and never moves back, so that what a script writes down and compares later is right. After a
        jump it is ahead of the reader's clock, against which the API renders times (`epoch_ns`).
        """
        return self.boot_epoch_ns + self.now_ns

    def random(self, name: str) -> random.Random:
        """The stream of random numbers of that name; each depends on the seed and the name alone."""
        if name not in self._streams:
            self._streams[name] = random.Random(f"{self.seed}/{name}")
        return self._streams[name]

    def count(self, name: str) -> int:
        """The next number of the row of that name, from 1 on."""
        self._counts[name] = number = self._counts.get(name, 0) + 1
        return number

    def current_task(self) -> Task:
        """The task that is running. Raises RuntimeError outside of any."""
        if self.current is None:
            raise RuntimeError("this can only be awaited inside a task of the kernel")
        return self.current

    def call_at(self, when_ns: int, function: Callable[..., object], *args: Any, priority: int = NORMAL) -> Timer:
        """Calls `function(*args)` at `when_ns` (now, if that is past)."""
        when_ns = max(when_ns, self.now_ns)
        timer = Timer(when_ns, function, args)
        self._sequence += 1
        heapq.heappush(self._heap, (when_ns, priority, self._sequence, timer))
        return timer

    def call_after(self, delay_ns: int, function: Callable[..., object], *args: Any, priority: int = NORMAL) -> Timer:
        """Calls `function(*args)` after `delay_ns`."""
        return self.call_at(self.now_ns + delay_ns, function, *args, priority=priority)

    def call_soon(self, function: Callable[..., object], *args: Any) -> Timer:
        """Calls `function(*args)` at this instant, after all that is scheduled for it with no lesser priority."""
        timer = Timer(self.now_ns, function, args)
        self._sequence += 1
        heapq.heappush(self._heap, (self.now_ns, NORMAL, self._sequence, timer))
        return timer

    def spawn(self, coroutine: Coroutine[Any, Any, Any], name: str = "") -> Task:
        """Starts a task at this instant. An exception that nobody awaits goes to `on_error` (by default it is raised out of
        `step`).
        """
        task = Task(self, coroutine, name or getattr(coroutine, "__qualname__", "task"))
        self._tasks[task] = None
        task.resume()
        return task

    async def sleep(self, delay_ns: int) -> None:
        """Parks the current task for `delay_ns`."""
        timer = self.call_after(delay_ns, self.current_task().resume)
        try:
            await park()
        finally:
            timer.cancel()

    @property
    def next_ns(self) -> int | None:
        """When the next event is due, or None when there is none."""
        heap = self._heap
        while heap and heap[0][3].function is None:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def step(self) -> bool:
        """Runs the next event, moving the clock to it. Returns False when there was none."""
        heap = self._heap
        while heap:
            when_ns, _, _, timer = heapq.heappop(heap)
            function = timer.function
            if function is not None:
                self.now_ns = when_ns
                args = timer.args
                timer.cancel()
                function(*args)
                return True
        return False

    def run_until(self, deadline_ns: int | None = None, condition: Callable[[], bool] | None = None) -> bool:
        """Runs events until `condition()` holds or the clock reaches `deadline_ns`.

        Returns:
            Whether the condition holds (True without one). With a deadline, the clock stands at the deadline if that came first.

        Raises:
            Deadlock: Without a deadline, when no event is left and the condition does not hold.
        """
        while condition is None or not condition():
            next_ns = self.next_ns
            if deadline_ns is not None and (next_ns is None or next_ns > deadline_ns):
                self.now_ns = max(self.now_ns, deadline_ns)
                return condition is None
            if next_ns is None:
                if condition is None:
                    return True
                raise Deadlock("nothing is left to happen, and what is waited for has not come true")
            self.step()
        return True

    def close(self) -> None:
        """Ends every task where it stands, without letting it run on. The kernel is not to be used afterwards."""
        self._heap.clear()
        for task in list(self._tasks):
            task._coroutine.close()
        self._tasks.clear()
        self._heap.clear()


def _raise_error(task: Task, error: Exception) -> None:
    error.add_note(f"in the task {task.name!r}, at {task.kernel.now_ns} ns")
    raise error


class WaitQueue:
    """Tasks that wait for something, woken in the order in which they came."""

    __slots__ = ("_waiting", "kernel")

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._waiting: deque[Task] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(self, timeout_ns: int | None = None) -> bool:
        """Parks the current task until it is woken. Returns False when `timeout_ns` passed first."""
        task = self.kernel.current_task()
        waiting = self._waiting
        waiting.append(task)
        timer = None if timeout_ns is None else self.kernel.call_after(timeout_ns, task.resume)
        try:
            await park()
        except BaseException:
            if task not in waiting:  # it was woken, and will not use it: let the next one
                self.wake_one()
            raise
        else:
            return task not in waiting
        finally:
            if timer is not None:
                timer.cancel()
            self.leave(task)

    def enter(self, task: Task) -> None:
        """Adds a task that waits for several queues at once (`poll`); it leaves them by itself."""
        self._waiting.append(task)

    def leave(self, task: Task) -> None:
        """Takes a task out, if it is in."""
        if task in self._waiting:
            self._waiting.remove(task)

    def wake_one(self) -> None:
        """Wakes the task that has waited longest."""
        if self._waiting:
            self._waiting.popleft().resume(True)

    def wake_all(self) -> None:
        """Wakes every waiting task."""
        waiting = self._waiting
        while waiting:
            waiting.popleft().resume(True)
