"""The file system of the `envoyproxy/envoy` image: Envoy, and a shell with the usual commands.

The real image is an Ubuntu with bash and coreutils; here the commands are busybox's.
"""

from typing import Final

from podlab.mock.kernel import Kernel
from podlab.mock.machine.inodes import Directory, File
from podlab.mock.machine.node import program_file
from podlab.mock.programs import busybox_image

IMAGE_BYTES: Final = 71_303_168
BINARY_BYTES: Final = 106_905_560

CONFIG: Final = """\
admin:
  address:
    socket_address: {address: 0.0.0.0, port_value: 9901}
"""
"""What the image serves when nobody gives it a configuration (the real one's example proxies to a site on the Internet)."""


def root_directory(kernel: Kernel) -> Directory:
    """A fresh root directory of the image."""
    root = busybox_image.root_directory(kernel)
    etc, usr = root.lookup("etc"), root.lookup("usr")
    assert isinstance(etc, Directory)
    assert isinstance(usr, Directory)
    etc.link("envoy", folder := Directory(root.fs))
    folder.link("envoy.yaml", File(root.fs, 0o644, content=CONFIG.encode()))
    usr.link("local", local := Directory(root.fs))
    local.link("bin", binaries := Directory(root.fs))
    envoy = program_file(root.fs, "envoy")
    envoy.truncate(BINARY_BYTES)
    binaries.link("envoy", envoy)
    return root
