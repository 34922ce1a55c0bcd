"""httpd's configuration: /etc/httpd.conf, or the one given, and those in the directories that it serves."""

from dataclasses import dataclass, field, replace
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Final

from podlab.mock.programs.passwords import password_matches

DEFAULT_PATH: Final = "/etc"
FILE_NAME: Final = "httpd.conf"
INDEX: Final = "index.html"


@dataclass(frozen=True, slots=True)
class AddressRule:
    """`A:` or `D:`: whom to let in or not."""

    allow: bool
    network: IPv4Network


@dataclass(frozen=True, slots=True)
class Login:
    """`/path:user:password`."""

    path: str
    user: str
    password: str

    def covers(self, url: str) -> bool:
        """Whether a URL's path lies under it."""
        return self.path == "/" or url == self.path or url.startswith(self.path + "/")


@dataclass(frozen=True, slots=True)
class Proxy:
    """`P:/prefix:host[:port]/path`."""

    prefix: str
    host: str
    path: str


@dataclass(slots=True)
class Config:
    """What the files say.

    Attributes:
        mime: By suffix, with the point.
        interpreters: By suffix, with the point: `*.php:/path`.
        errors: Status code to the file with its page.
    """

    home: str = ""
    index: str = INDEX
    mime: dict[str, str] = field(default_factory=dict)
    interpreters: dict[str, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    rules: list[AddressRule] = field(default_factory=list)
    deny_all: bool = False
    logins: list[Login] = field(default_factory=list)
    proxies: list[Proxy] = field(default_factory=list)

    def copied(self) -> "Config":
        """A copy that local files may add to."""
        return replace(self, rules=list(self.rules), logins=list(self.logins))

    def read(self, text: str, folder: str | None = None) -> list[str]:
        """Takes in a file's text. Returns the lines that mean nothing.

        Args:
            text: Of the file.
            folder: The URL path of the directory that a local file stands in; None for the main one.
        """
        wrong = []
        for line in text.splitlines():
            bare = "".join(line.partition("#")[0].split())
            if bare and not self._take(bare, folder) and folder is None:
                wrong.append(bare)
        self.logins.sort(key=lambda login: -len(login.path))
        return wrong

    def _take(self, line: str, folder: str | None) -> bool:
        key, colon, value = line.partition(":")
        if not colon:
            return False
        if key in ("A", "D", "a", "d"):
            self._take_address(key.upper() == "A", value)
            return True
        if key.startswith("/"):
            return self._take_login(key, value, folder)
        return folder is None and self._take_global(key, value)

    def _take_global(self, key: str, value: str) -> bool:
        if key.startswith("."):
            self.mime[key] = value
        elif key.startswith("*."):
            self.interpreters[key[1:]] = value
        elif key in ("H", "h"):
            self.home = value
        elif key in ("I", "i"):
            self.index = value
        elif key[:1] in ("E", "e") and key[1:].isdigit():
            self.errors[int(key[1:])] = value
        elif key in ("P", "p"):
            return self._take_proxy(value)
        else:
            return False
        return True

    def _take_address(self, allow: bool, value: str) -> None:
        if value == "*":
            self.deny_all = not allow
            return
        text, slash, mask = value.partition("/")
        octets = [octet for octet in text.split(".") if octet]
        prefix = mask if slash else str(8 * len(octets))
        try:
            network = IPv4Network((".".join([*octets, "0", "0", "0", "0"][:4]), prefix), strict=False)
        except (AddressValueError, NetmaskValueError, ValueError):
            return
        self.rules.append(AddressRule(allow, network))

    def _take_login(self, path: str, value: str, folder: str | None) -> bool:
        user, colon, password = value.partition(":")
        if not colon:
            return False
        whole = (folder or "").rstrip("/") + path
        self.logins.append(Login(whole.rstrip("/") or "/", user, password))
        return True

    def _take_proxy(self, value: str) -> bool:
        prefix, colon, target = value.partition(":")
        target = target.removeprefix("http://")
        if not colon or not target:
            return False
        host, slash, path = target.partition("/")
        self.proxies.insert(0, Proxy(prefix, host, slash + path))
        return True

    def admits(self, ip: str) -> bool:
        """Whether a client may come in; the first rule that fits decides."""
        try:
            address = IPv4Address(ip)
        except AddressValueError:
            return not self.deny_all
        for rule in self.rules:
            if address in rule.network:
                return rule.allow
        return not self.deny_all

    def authorizes(self, url: str, credentials: str) -> bool:
        """Whether `user:password` opens a URL's path (or it is open to all)."""
        path = next((login.path for login in self.logins if login.covers(url)), None)
        if path is None:
            return True
        user, colon, password = credentials.partition(":")
        return bool(colon) and any(
            login.path == path and login.user == user and password_matches(password, login.password) for login in self.logins
        )

    def proxy_for(self, url: str) -> Proxy | None:
        """Who else answers for a URL's path."""
        return next((proxy for proxy in self.proxies if url.startswith(proxy.prefix)), None)
