"""Memory that several containers hold together: a volume in memory, whose pages are charged to the container that wrote them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podlab.mock.machine.namespaces import Cgroup


class SharedMemory:
    """Who pays for a file system in memory, as Linux' memory cgroups do it: the writer, until the page is gone.

    What a container wrote stays charged to it when it has ended, and so to the node.

    Attributes:
        writer: Whose process writes at the moment; the node's cgroup pays for the rest (names, what the kubelet puts there).
    """

    __slots__ = ("_node", "_paid", "writer")

    def __init__(self, node: "Cgroup") -> None:
        self.writer: Cgroup | None = None
        self._node = node
        self._paid: dict[Cgroup, int] = {}

    def charge(self, delta_bytes: int) -> None:
        """Takes memory from the writer, who may be killed for it, or gives back: to the writer first, then to the others."""
        if delta_bytes > 0:
            self._take(self.writer or self._node, delta_bytes)
            return
        left = -delta_bytes
        for payer in [self.writer or self._node, *self._paid]:
            back = min(left, self._paid.get(payer, 0))
            if back:
                self._paid[payer] -= back
                payer.charge(-back)
                left -= back

    def _take(self, payer: "Cgroup", size: int) -> None:
        try:
            payer.charge(size)
        except BaseException:  # it was killed for it, and did not get it
            payer.charge(-size)
            raise
        self._paid[payer] = self._paid.get(payer, 0) + size
