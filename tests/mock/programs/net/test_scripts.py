"""Scripts of network programs: the mock prints what busybox 1.37 printed (see `record.py`)."""

import pytest

from tests.mock.programs.net.world import SCRIPTS, Pod, normalized


@pytest.mark.parametrize("name", sorted(path.stem for path in SCRIPTS.glob("*.sh")))
def test_script_prints_what_busybox_prints(name: str) -> None:
    script, recorded = ((SCRIPTS / f"{name}.{kind}").read_bytes().decode(errors="surrogateescape") for kind in ("sh", "out"))
    pod = Pod(script)
    try:
        assert normalized(pod.run()) == recorded
    finally:
        pod.kernel.close()
