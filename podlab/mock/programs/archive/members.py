"""An archive's members as they come, each with its content before the next: tar's format, header by header."""

import tarfile
from collections.abc import AsyncIterator
from typing import Final

from podlab.mock.programs.archive.source import Source

BLOCK: Final = 512
_LONG: Final = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_PASSED_OVER: Final = (tarfile.XGLTYPE, b"V", b"D", b"M", b"N", b"S")
_LONGEST_NAME: Final = 1 << 20
_MAGIC: Final = slice(257, 262)


class WrongArchive(Exception):
    """Ends reading, with busybox's words."""


class Members:
    """Goes through an archive once, from its beginning to its end."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._content = 0
        self._padding = 0
        self._begun = False

    async def following(self) -> tarfile.TarInfo | None:
        """The next member; what is left of the last one's content is passed over. None at the end. Raises WrongArchive."""
        names: dict[bytes, str] = {}
        while True:
            info = await self._header()
            if info is None:
                return None
            if info.type in _LONG:
                names[info.type] = await self._long_name()
            elif info.type == tarfile.XHDTYPE:
                names.update(_pax_names(await self._long_name()))
            elif info.type not in _PASSED_OVER:
                break
        info.name = names.get(tarfile.GNUTYPE_LONGNAME, info.name)
        info.linkname = names.get(tarfile.GNUTYPE_LONGLINK, info.linkname)
        return info

    async def content(self) -> AsyncIterator[bytes]:
        """What the member holds, piece by piece. Raises WrongArchive when the archive ends before it does."""
        while self._content:
            part = await self._source.at_most(self._content)
            if not part:
                raise WrongArchive("short read")
            self._content -= len(part)
            yield part

    async def _header(self) -> tarfile.TarInfo | None:
        if not await self._source.skip(self._content + self._padding):
            raise WrongArchive("short read")
        block = await self._source.exactly(BLOCK)
        begun, self._begun = self._begun, True
        if not block and begun:  # without the blocks of nothing at its end an archive is whole, too
            return None
        if block == bytes(BLOCK):
            block = await self._source.exactly(BLOCK)
            if block in (b"", bytes(BLOCK)):
                await self._drain()
                return None
        if len(block) < BLOCK:
            raise WrongArchive("short read" if begun or not block else "invalid tar magic")
        if block[_MAGIC] not in (b"ustar", bytes(5)):
            raise WrongArchive("invalid tar magic")
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            raise WrongArchive("invalid tar header checksum") from None
        holds = info.isreg() or info.type in (*_LONG, tarfile.XHDTYPE, *_PASSED_OVER)
        self._content = info.size if holds else 0
        self._padding = -self._content % BLOCK
        return info

    async def _long_name(self) -> str:
        if self._content > _LONGEST_NAME:
            raise WrongArchive("out of memory")
        name = await self._source.exactly(self._content)
        self._content = 0
        return name.rstrip(b"\0").decode("utf-8", "surrogateescape")

    async def _drain(self) -> None:
        """Takes the rest, so that whoever writes it is not killed."""
        while await self._source.some():
            pass


def _pax_names(records: str) -> dict[bytes, str]:
    """The names in the records of a pax header (`LENGTH KEY=VALUE`, a line each)."""
    kinds = {"path": tarfile.GNUTYPE_LONGNAME, "linkpath": tarfile.GNUTYPE_LONGLINK}
    found = (record.partition(" ")[2].partition("=") for record in records.split("\n"))
    return {kinds[key]: value for key, _, value in found if key in kinds}
