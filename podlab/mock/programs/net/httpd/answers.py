"""What httpd sends: status lines, headers, error pages, and the types of files."""

import time
from typing import Final

from podlab.mock.kernel import SECOND

STATUS: Final = {
    200: ("OK", None),
    206: ("Partial Content", None),
    302: ("Found", None),
    304: ("Not Modified", None),
    400: ("Bad Request", "Unsupported method"),
    401: ("Unauthorized", ""),
    403: ("Forbidden", ""),
    404: ("Not Found", "The requested URL was not found"),
    408: ("Request Timeout", "No request appeared within 60 seconds"),
    413: ("Entity Too Large", ""),
    500: ("Internal Server Error", "Internal Server Error"),
    501: ("Not Implemented", "The requested method is not recognized"),
}
"""Status code to its words and the line on its page (None: it has no page)."""

MIME: Final = {
    "text/plain": ".txt .h .c .cc .cpp",
    "text/html": ".htm .html",
    "image/jpeg": ".jpg .jpeg",
    "image/gif": ".gif",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "text/css": ".css",
    "application/javascript": ".js",
    "audio/wav": ".wav",
    "video/x-msvideo": ".avi",
    "video/quicktime": ".qt .mov",
    "video/mpeg": ".mpe .mpeg",
    "audio/midi": ".mid .midi",
    "audio/mpeg": ".mp3",
}
TYPE_OF: Final = {suffix: mime for mime, suffixes in MIME.items() for suffix in suffixes.split()}
HTML: Final = "text/html"


def http_date(wall_ns: int) -> str:
    """A moment (Unix ns) as HTTP writes it."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(wall_ns // SECOND))


def head(code: int, wall_ns: int, mime: str | None, extra: list[str]) -> bytes:
    """Status line and headers, up to the empty line."""
    lines = [f"HTTP/1.1 {code} {STATUS[code][0]}", f"Date: {http_date(wall_ns)}", "Connection: close"]
    if mime is not None:
        lines.append(f"Content-type: {mime}")
    return "".join(f"{line}\r\n" for line in [*lines, *extra, ""]).encode(errors="surrogateescape")


def page(code: int) -> bytes:
    """The page of an error; empty for what has none."""
    words, line = STATUS[code]
    if line is None:
        return b""
    title = f"{code} {words}"
    return f"<HTML><HEAD><TITLE>{title}</TITLE></HEAD>\n<BODY><H1>{title}</H1>\n{line}\n</BODY></HTML>\n".encode()
