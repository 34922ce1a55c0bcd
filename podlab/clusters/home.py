"""podlab's home: a private folder for state, kubeconfigs and logs, named by `PODLAB_HOME` or by the system's custom."""

import os
from pathlib import Path

from podlab.errors import PodlabError


def home() -> Path:
    """The folder: `PODLAB_HOME`, or `podlab` in `~/.local/state`, `~/Library/Application Support` or `%LOCALAPPDATA%`."""
    chosen = os.environ.get("PODLAB_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_state_dir("podlab", appauthor=False))


def room(name: str) -> Path:
    """A folder in podlab's home, made if it is not there, readable by the user alone.

    Raises:
        PodlabError: it cannot be made; says why.
    """
    folder = home() / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PodlabError(
            f"podlab cannot make its folder {folder}: {error.strerror}.", "set PODLAB_HOME to a folder that you can write to."
        ) from None
    return folder


class Mark:
    """A note in podlab's home that podlab made something elsewhere, so that it alone may remove it.

    Args:
        room_name: the room that it lies in.
    """

    def __init__(self, room_name: str) -> None:
        self._file = room(room_name) / "made-by-podlab"

    def __bool__(self) -> bool:
        return self._file.exists()

    def leave(self) -> None:
        """Note it; before it is made, so that what is made in part can be removed too."""
        self._file.touch()

    def remove(self) -> None:
        """It is there no more."""
        self._file.unlink(missing_ok=True)
