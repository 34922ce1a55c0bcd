"""Workers, and threads that wait for them. Only a few tasks are under way at a time, however many there are to do."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from podlab.grading.bounds import WALL_SECONDS
from podlab.grading.workers import Worker


class Pool:
    """Workers, and threads that wait for them.

    Args:
        jobs: How many.
        wall_seconds: How long one exercise may take.
    """

    def __init__(self, jobs: int, wall_seconds: float = WALL_SECONDS) -> None:
        self.jobs = jobs
        self._workers = [Worker(wall_seconds) for _ in range(jobs)]
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            worker.start()
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(jobs)

    def submit(self, task: dict[str, Any]) -> "Future[Any]":
        """Has a task done by the next free worker."""
        return self._threads.submit(self._call, task)

    def _call(self, task: dict[str, Any]) -> Any:
        worker = self._free.get()
        try:
            return worker.call(task)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """Ends all at once, whatever they do."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=True)


class Flow:
    """Tasks on their way through a pool, and their results as they come.

    Args:
        pool: Where they are done.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._done: SimpleQueue[tuple[Any, Future[Any]]] = SimpleQueue()
        self._under_way = 0

    @property
    def busy(self) -> bool:
        """Whether results are still to come."""
        return self._under_way > 0

    @property
    def has_room(self) -> bool:
        """Whether more tasks would keep the pool busy."""
        return self._under_way < 2 * self._pool.jobs

    def start(self, key: Any, task: dict[str, Any]) -> None:
        """Has a task done; its result comes with its key."""
        self._under_way += 1
        self._pool.submit(task).add_done_callback(lambda future: self._done.put((key, future)))

    def results(self) -> Iterator[tuple[Any, "Future[Any]"]]:
        """Waits for one result, and gives it and all that have come meanwhile; nothing when nothing is under way."""
        if self._under_way:
            yield self._next()
        while not self._done.empty():
            yield self._next()

    def _next(self) -> tuple[Any, "Future[Any]"]:
        found = self._done.get()
        self._under_way -= 1
        return found
