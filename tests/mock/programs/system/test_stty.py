"""stty, on a terminal: what busybox 1.37 prints and sets."""

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import ContainerConfig
from podlab.mock.machine.node import Machine
from podlab.mock.machine.termios import ECHO, ICANON
from podlab.mock.machine.tty import Terminal
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.images import ImageRegistry

CHARACTERS = (
    "intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;\n"
    "eol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S; susp = ^Z; rprnt = ^R;\n"
    "werase = ^W; lnext = ^V; flush = ^O; min = 1; time = 0;\n"
)


def run(script: str) -> tuple[str, Terminal]:
    kernel = Kernel()
    machine = Machine(kernel, {"busybox": busybox})
    image = ImageRegistry(kernel).lookup("busybox")
    assert image is not None
    terminal = Terminal(kernel, 24, 80)
    shown = bytearray()
    terminal.on_output(shown.extend)
    container = machine.create(ContainerConfig("c", image.root, ["sh", "-c", script], {"PATH": "/bin"}, tty=True))
    container.terminal = terminal
    slave = terminal.open()
    container.start(slave, slave, slave)
    kernel.run_until(60 * SECOND, lambda: container.exit_code is not None)
    kernel.close()
    return shown.decode().replace("\r", ""), terminal


def test_sane_terminal_shows_its_keys_alone() -> None:
    assert run("stty sane; stty")[0] == "speed 38400 baud; line = 0;\n" + CHARACTERS


def test_all_modes_are_shown_in_lines_that_fit() -> None:
    assert run("stty sane; stty -a")[0] == (
        "speed 38400 baud; rows 24; columns 80; line = 0;\n"
        + CHARACTERS
        + "-parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts\n"
        "-ignbrk brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr icrnl ixon -ixoff\n"
        "-iuclc -ixany imaxbel -iutf8\n"
        "opost -olcuc -ocrnl onlcr -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0\n"
        "isig icanon iexten echo echoe echok -echonl -noflsh -xcase -tostop -echoprt\n"
        "echoctl echoke -flusho -extproc\n"
    )


def test_modes_are_set_and_told_apart() -> None:
    shown, terminal = run("stty sane; stty -echo -icanon min 0 time 5; stty | tail -n 2")
    assert shown == "werase = ^W; lnext = ^V; flush = ^O; min = 0; time = 5;\n-icanon -echo\n"
    assert not terminal.termios.lflag & (ICANON | ECHO)


def test_saved_modes_come_back() -> None:
    assert run("stty sane; old=$(stty -g); stty raw -echo; stty $old; stty -g")[0] == (
        "2502:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0\n"
    )


def test_size_is_shown_and_set() -> None:
    assert run("stty size; stty rows 30 cols 100; stty size")[0] == "24 80\n30 100\n"


def test_wrong_words_are_refused() -> None:
    assert run("stty bogus; stty -bogus; stty -a -g; stty </dev/null; stty parenb")[0] == (
        "stty: invalid number 'bogus'\nstty: invalid argument '-bogus'\nstty: -a and -g are mutually exclusive\n"
        "stty: standard input: Inappropriate ioctl for device\nstty: standard input: Invalid argument\n"
    )
