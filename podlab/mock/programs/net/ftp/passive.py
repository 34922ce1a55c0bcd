"""Where an FTP server waits for the connection of a file, by its answers to EPSV and PASV."""

from podlab.mock.programs.numbers import unsigned


def passive_port(line: str) -> int | None:
    """The port in `229 ... (|||N|)` or `227 ... (a,b,c,d,high,low)`, whose address is taken to be the server's; None without one.

    Raises:
        Die: What stands there is no number.
    """
    if line[2:3] == "7":
        words = line.rpartition(")")[0].rsplit(",", 2) if ")" in line else line.rsplit(",", 2)
        if len(words) < 2:
            return None
        low = unsigned(words[-1], 0, 255)
        return unsigned(words[-2], 0, 255) * 256 + low if len(words) == 3 else None
    words = line.rsplit("|", 2)
    return unsigned(words[1], 0, 65_535) if len(words) == 3 else None
