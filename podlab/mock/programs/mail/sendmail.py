"""sendmail: hands a message to a mail server."""

import base64
import re
from enum import Enum
from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.mail.client import Conversation, credentials
from podlab.mock.programs.net.hosts import family_of, host_and_port
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.running import SHELL, rest
from podlab.mock.programs.streams import Reader, to_bytes, to_text
from podlab.mock.programs.users import read_accounts

PORT: Final = 25
SAVED_INPUT: Final = 3
CREDENTIALS: Final = 4
MOST_HEADERS: Final = 256
CHUNK: Final = 57
_SANE: Final = re.compile(r"[A-Za-z0-9=+_\-.@]*")

READY, BYE, AUTHENTICATED, DONE, MORE, GO = 220, 221, 235, 250, 334, 354


class Header(Enum):
    """What the last header was."""

    OTHER = "other"
    SHOWN = "to or cc"
    HIDDEN = "bcc"


@applet("sendmail", "tf:o:iw:H:S:a:v")
async def sendmail(call: Call) -> int:
    """Sends the message on standard input."""
    options, proc = call.options, call.proc
    proc.dup2(0, SAVED_INPUT)
    if "H" in options and "S" in options:
        call.usage()
    patience = unsigned(options.get("w", "0"), 0, INT_MAX)
    talk = Conversation(call, patience, "v" in options)
    mailer = Mailer(call, talk)
    mailer.read_tokens()
    try:
        if "H" in options:
            await mailer.start_helper(options.get("H") or "")
        else:
            await mailer.connect(options.get("S") or proc.env.get("SMTPHOST") or "127.0.0.1")
        return await mailer.run()
    finally:
        talk.close()


class Mailer:
    """One message.

    Attributes:
        headers: Those that are not yet sent.
    """

    def __init__(self, call: Call, talk: Conversation) -> None:
        self.call = call
        self.proc = call.proc
        self.talk = talk
        self.user: str | None = None
        self.password: str | None = None
        self.plain = False
        self.headers: list[str] = []
        self.host = call.proc.uts.hostname
        self._counted = 0
        self._last = Header.OTHER
        self._has_to = False

    def read_tokens(self) -> None:
        """Takes what -a tells of the way to log in."""
        for token in self.call.options.all("a"):
            kind, value = token[:1], token[1:]
            if kind == "u":
                self.user = value
            elif kind == "p":
                self.password = value
            elif kind == "m" and value[:1].lower() == "p":
                self.plain = True
            elif kind == "m" and value[:1].lower() != "l":
                self.call.die(f"unsupported AUTH method {value}")

    # --- the connection ---

    async def start_helper(self, command: str) -> None:
        """Lets a program make the connection, which may have swallowed the greeting."""
        await self.talk.launch([SHELL.rpartition("/")[2], "-c", command])
        if (delay := self.proc.env.get("SMTP_ANTISPAM_DELAY")) is not None:
            await rest(self.proc, int(delay) if delay.isdigit() else 0)
        code = await self.check("NOOP")
        if code == READY:
            await self.check(None, DONE)
        elif code != DONE:
            self.call.die("SMTP init failed")

    async def connect(self, server: str) -> None:
        """Connects, and waits for the greeting."""
        call, proc = self.call, self.proc
        address = await host_and_port(call, server, PORT)
        fd = proc.socket(family_of(address[0]))
        try:
            await proc.connect(fd, address)
        except OSError as error:
            call.die(f"can't connect to remote host ({address[0]}): {strerror(error.errno or 0)}")
        proc.dup2(fd, 0)
        proc.dup2(fd, 1)
        proc.close(fd)
        await self.check(None, READY)

    async def check(self, text: str | None, wanted: int | None = None) -> int:
        """Sends a command. Returns the answer's number; dies when it is not the one that is wanted."""
        await self.talk.command(text)
        while line := await self.talk.line():
            if self.talk.verbose:
                shown = to_text(re.split(rb"[\r\n]", line)[0])
                await self.call.error(f"sendmail: recv:'{shown}'\n")
            if line[3:4] != b"-":
                break
        if line:
            found = re.match(rb"\s*([+-]?\d+)", line)
            code = int(found[1]) if found else 0
            self.talk.stop_alarm()
            if wanted is None or code == wanted:
                return code
        return self.call.die(f"{'(null)' if text is None else text} failed")

    # --- the message ---

    async def run(self) -> int:
        """Says hello, logs in, sends the message, says goodbye."""
        host = await self._sane(self.host)
        if await self.check(f"EHLO {host}") != DONE:
            await self.check(f"HELO {host}", DONE)
        if "a" in self.call.options:
            await self._log_in()
        sender = self.call.options.get("f")
        if sender is None:
            user = self.user or (await read_accounts(self.proc)).user_name(self.proc.uid)
            sender = f"{user}@{host}"
        await self.check(f"MAIL FROM:<{sender}>", DONE)
        if await self._send_message():
            await self.check(".", DONE)
        await self.check("QUIT", BYE)
        return 0

    async def _log_in(self) -> None:
        if self.user is None or self.password is None:
            self.user, self.password = await credentials(self.call, CREDENTIALS)
        user, password = to_bytes(self.user), to_bytes(self.password)
        if self.plain:
            await self.check("AUTH PLAIN", MORE)
            await self._put_encoded(b"\0" + user + b"\0" + password)
        else:
            await self.check("AUTH LOGIN", MORE)
            await self._put_encoded(user)
            await self.check("", MORE)
            await self._put_encoded(password)
        await self.check("", AUTHENTICATED)

    async def _put_encoded(self, data: bytes) -> None:
        for start in range(0, len(data), CHUNK):
            await self.call.out.write(base64.b64encode(data[start : start + CHUNK]))

    async def _send_message(self) -> bool:
        """Reads the message and sends it. False when nobody is to get it."""
        reader = Reader(self.proc, SAVED_INPUT)
        while line := await reader.line():
            text = to_text(line.removesuffix(b"\n"))
            kept = await self._take_header(text)
            if kept is None:
                return False
            if not kept:
                break
        if not await self._begin():
            return False
        if not line:
            await self.talk.send("")
            return True
        while line:
            text = to_text(line.removesuffix(b"\n"))
            if text.startswith("."):
                await self.call.out.write(b".")
            await self.talk.send(text)
            line = await reader.line()
        return True

    async def _take_header(self, text: str) -> bool | None:
        """Takes a line for a header. False when it is none; None when there are too many."""
        folded = text[:1].isspace() and bool(self.headers)
        low = text.lower()
        self._has_to = self._has_to or low.startswith("to:")
        if "t" in self.call.options and low.startswith(("to:", "cc:")):
            await self._recipients(text[3:])
            self._last = Header.SHOWN
        elif "t" in self.call.options and low.startswith("bcc:"):
            await self._recipients(text[4:])
            self._last = Header.HIDDEN
            return True
        elif ":" not in text and not folded:
            return False
        elif folded and self._last is not Header.OTHER:
            await self._recipients(text[1:])
            if self._last is Header.HIDDEN:
                return True
        else:
            self._last = Header.OTHER
        self._counted += 1
        if self._counted >= MOST_HEADERS:
            return None
        self.headers.append(text)
        return True

    async def _begin(self) -> bool:
        """Names the recipients that were given as operands, and sends the headers. False when nobody is to get the message."""
        words = self.call.operands
        for index, word in enumerate(words):
            address = await self._sane(word)
            await self._recipient(address)
            if not self._has_to:
                comma = "," if index + 1 < len(words) else ""
                self.headers.append(f"{' ' if index else 'To: '}{address}{comma}")
        if await self.check("DATA") != GO:
            return False
        for header in self.headers:
            await self.talk.send(header)
        return True

    # --- recipients ---

    async def _sane(self, address: str) -> str:
        """An address as it is; empty, after saying so, when there is something odd in it."""
        address = address.strip()
        if _SANE.fullmatch(address):
            return address
        await self.call.error(f"sendmail: bad address '{address}'\n")
        return ""

    async def _recipient(self, address: str) -> None:
        if address and await self.check(f"RCPT TO:<{address}>") != DONE:
            await self.call.error(f"sendmail: Bad recipient: <{address}>\n")

    async def _recipients(self, text: str) -> None:
        """Names those of a list, which commas outside of quotes divide."""
        for part in re.findall(r'(?:[^",\\]|\\.|\\$|"(?:[^"\\]|\\.)*(?:"|$))*(?:,|$)', text):
            if not part and text.endswith(","):
                continue
            address = part.removesuffix(",").strip()
            if address.endswith(">") and "<" in address:
                address = address[:-1].rpartition("<")[2]
            await self._recipient(await self._sane(address))
