"""The system log of a pod: its containers share the memory that syslogd -C keeps, as they share System V's objects."""

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import Container, ContainerConfig, Sink
from podlab.mock.machine.ipc import IpcNamespace
from podlab.mock.machine.node import Machine
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.busybox_image import root_directory


def start(machine: Machine, ipc: IpcNamespace, script: str, output: bytearray) -> Container:
    config = ContainerConfig("box", root_directory(machine.kernel), ["sh", "-c", script], {"PATH": "/bin"}, ipc=ipc)
    container = machine.create(config)
    container.start(None, Sink(output.extend), Sink(output.extend))
    return container


def read_log(ipc: IpcNamespace, other: IpcNamespace) -> str:
    """What one container reads of the log that another keeps."""
    machine = Machine(Kernel(), {"busybox": busybox})
    output = bytearray()
    start(machine, ipc, "syslogd -n -L -C & sleep 1; logger -t app hello; sleep 9", bytearray())
    reader = start(machine, other, "sleep 3; logread", output)
    machine.kernel.run_until(20 * SECOND, lambda: reader.exit_code is not None)
    machine.kernel.close()
    return output.decode()


def test_containers_of_a_pod_read_one_log() -> None:
    pod = IpcNamespace()
    assert "user.notice app: hello\n" in read_log(pod, pod)


def test_other_pods_do_not_see_it() -> None:
    assert read_log(IpcNamespace(), IpcNamespace()) == "logread: can't find syslogd buffer: No such file or directory\n"


def test_memory_of_the_log_is_charged_to_the_container() -> None:
    machine = Machine(Kernel(), {"busybox": busybox})
    output = bytearray()
    container = start(
        machine, IpcNamespace(), "syslogd -n -L -C1000 & sleep 1; echo started; kill $!; wait; echo ended; sleep 1", output
    )
    before = container.cgroup.memory_used
    machine.kernel.run_until(60 * SECOND, lambda: b"started" in output)
    during = container.cgroup.memory_used
    machine.kernel.run_until(60 * SECOND, lambda: b"ended" in output)
    assert during - before >= 1000 << 10
    assert container.cgroup.memory_used < during - (900 << 10)
    machine.kernel.close()
