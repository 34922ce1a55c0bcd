"""The command line of envoy: options, reading the configuration, `--mode validate`, and what is logged on standard error."""

import json
import re
from typing import Any, Final

import yaml

from podlab.mock.kernel import MILLISECOND, SECOND
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGUSR1, Disposition
from podlab.mock.programs.envoy.checking import check
from podlab.mock.programs.envoy.schema import ConfigError, Obj, Reader
from podlab.mock.programs.envoy.server import VERSION, Server
from podlab.mock.programs.streams import to_bytes

ROOT: Final = "envoy.config.bootstrap.v3.Bootstrap"
MAX_CONFIG_BYTES: Final = 4 << 20
LEVELS: Final = ("trace", "debug", "info", "warning", "error", "critical", "off")
STARTUP_NS: Final = 60 * MILLISECOND
"""How long the real one takes until it accepts connections."""

_VALUES: Final = {
    "-c": "config_path", "--config-path": "config_path", "--config-yaml": "config_yaml", "-l": "log_level",
    "--log-level": "log_level",
    "--mode": "mode", "--service-cluster": "service_cluster", "--service-node": "service_node", "--service-zone": "service_zone",
    "--concurrency": "concurrency", "--drain-time-s": "drain_time_s", "--base-id": "base_id", "--restart-epoch": "restart_epoch",
    "--file-flush-interval-msec": "file_flush_interval_msec", "--component-log-level": "component_log_level",
    "--parent-shutdown-time-s": "parent_shutdown_time_s", "--drain-strategy": "drain_strategy",
}  # fmt: skip
_SWITCHES: Final = {
    "--disable-hot-restart": "disable_hot_restart", "--use-dynamic-base-id": "use_dynamic_base_id",
    "--reject-unknown-dynamic-fields": "reject_unknown_dynamic_fields",
    "--ignore-unknown-dynamic-fields": "ignore_unknown_dynamic_fields", "--skip-deprecated-logs": "skip_deprecated_logs",
}  # fmt: skip
_DEFAULTS: Final[Obj] = {
    "config_path": "", "config_yaml": "", "log_level": "info", "mode": "serve", "service_cluster": "", "service_node": "",
    "service_zone": "", "concurrency": "1", "drain_time_s": "600", "base_id": "0", "restart_epoch": "0",
    "file_flush_interval_msec": "10000", "component_log_level": "", "parent_shutdown_time_s": "900", "drain_strategy": "gradual",
}  # fmt: skip
_NUMBERS: Final = (
    "concurrency",
    "drain_time_s",
    "base_id",
    "restart_epoch",
    "file_flush_interval_msec",
    "parent_shutdown_time_s",
)


class UsageError(Exception):
    """A wrong command line."""


class _Loader(yaml.SafeLoader):
    """YAML as Envoy reads it: no dates, fractions stay as they are written, and `y` and `on` are booleans too."""


def _mapping(loader: Any, node: Any) -> Any:
    """A mapping, whose keys are always taken as they are written."""
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            key.tag = "tag:yaml.org,2002:str"
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


def _boolean(loader: Any, node: Any) -> bool:
    return str(node.value).lower() in ("y", "yes", "true", "on")


def _integer(loader: Any, node: Any) -> int | str:
    """A whole number; one of more than 64 bits stays text."""
    text = str(node.value)
    digits = text.lstrip("+-")
    base = 16 if digits.startswith("0x") else 8 if re.fullmatch(r"0[0-7]+", digits) else 10
    number = int(text, base)
    return number if -1 << 63 <= number < 1 << 63 else text


_OTHERWISE: Final = [f"tag:yaml.org,2002:{name}" for name in ("timestamp", "bool", "int", "float")]
_WORDS: Final = "y n yes no true false on off"
_Loader.yaml_implicit_resolvers = {
    key: [(tag, expression) for tag, expression in found if tag not in _OTHERWISE]
    for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool",
    re.compile("(?:" + "|".join(f"{word}|{word.upper()}|{word.capitalize()}" for word in _WORDS.split()) + ")$"),
    [*"yYnNtTfFoO"],
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?(?:0x[0-9a-fA-F]+|\d+)$"), [*"-+0123456789"])
_Loader.add_constructor("tag:yaml.org,2002:bool", _boolean)
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse_options(words: list[str]) -> Obj:
    """The command line as a table of options, by the names of /server_info. Raises UsageError."""
    found: Obj = {**_DEFAULTS, **dict.fromkeys(_SWITCHES.values(), False)}
    rest = list(words)
    while rest:
        word, mark, value = rest.pop(0).partition("=")
        if word in _SWITCHES:
            found[_SWITCHES[word]] = True
            continue
        if word not in _VALUES:
            raise UsageError(f"PARSE ERROR: Argument: {word}\n             Couldn't find match for argument")
        if not mark:
            if not rest:
                raise UsageError(f"PARSE ERROR: Argument: {word}\n             Missing a value for this argument!")
            value = rest.pop(0)
        found[_VALUES[word]] = value
    for name in _NUMBERS:
        if not str(found[name]).isdecimal():
            raise UsageError(f"PARSE ERROR: Argument: --{name.replace('_', '-')}\n             Couldn't read argument value")
        found[name] = int(found[name])
    if found["log_level"] not in LEVELS:
        raise UsageError(f"error: invalid log level specified '{found['log_level']}'")
    if found["mode"] not in ("serve", "validate"):
        raise UsageError(f"error: unknown mode '{found['mode']}'")
    found["file_flush_interval_ns"] = max(found["file_flush_interval_msec"], 1) * MILLISECOND
    return found


def load(text: str) -> Obj:
    """Reads YAML (or JSON, which is YAML). Raises ConfigError."""
    try:
        value = _plain(yaml.load(text, _Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"error at line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ConfigError(f"yaml-cpp: {where}{getattr(error, 'problem', '') or 'bad file'}") from None
    except RecursionError:
        raise ConfigError("yaml-cpp: nested too deeply") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ConfigError("Unable to convert YAML as JSON: " + json.dumps(value)[:200])
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


class Log:
    """Envoy's own log, on standard error."""

    def __init__(self, proc: Process, level: str) -> None:
        self._proc = proc
        self._least = LEVELS.index(level)

    async def write(self, level: str, component: str, source: str, text: str) -> None:
        """A line."""
        if LEVELS.index(level) < self._least:
            return
        kernel = self._proc.kernel
        at = kernel.epoch_ns + kernel.now_ns
        stamp = _stamp(at)
        await self._proc.write(2, to_bytes(f"[{stamp}][{self._proc.pid}][{level}][{component}] [{source}] {text}\n"))


def _stamp(ns: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(ns // SECOND, UTC):%Y-%m-%d %H:%M:%S}.{ns % SECOND // MILLISECOND:03d}"


THREADS: Final = ("grpc_global_tim", "GrpcGoogClient", "dog:main_thread", "dog:workers_gua")
"""What it runs beside its workers, as /proc shows it."""
MOST_WORKERS: Final = 256


async def main(proc: Process) -> int:
    """Runs envoy."""
    words = proc.argv[1:]
    if "--version" in words:
        await proc.write(1, to_bytes(f"\n{proc.argv[0]}  version: {VERSION}\n\n"))
        return 0
    try:
        options = parse_options(words)
    except UsageError as error:
        await proc.write(2, to_bytes(f"{error}\n\nFor complete USAGE and HELP type: \n   {proc.argv[0]} --help\n\n"))
        return 1
    log = Log(proc, options["log_level"])
    validating = options["mode"] == "validate"
    where = options["config_path"]
    try:
        server = await _make(proc, options)
    except ConfigError as error:
        if validating:
            source = "source/server/config_validation/server.cc:76"
            await log.write("critical", "main", source, f"error initializing configuration '{where}': {error}")
        else:
            await _failed(proc, log, where, error)
        return 1
    if validating:
        await proc.write(1, to_bytes(f"configuration '{where}' OK\n"))
        return 0
    return await _serve(proc, server, log, where, options["concurrency"])


async def _make(proc: Process, options: Obj) -> Server:
    written: Obj = {}
    if not options["config_path"] and not options["config_yaml"]:
        raise ConfigError("At least one of --config-path or --config-yaml or Options::configProto() should be non-empty")
    if options["config_path"]:
        written = load(await _read(proc, options["config_path"]))
    if options["config_yaml"]:
        written = _merge(written, load(options["config_yaml"]))
    config = Reader(ROOT).read(written)
    check(config)
    server = Server(proc, config, options)
    await server.build()
    return server


async def _read(proc: Process, path: str) -> str:
    try:
        fd = await proc.open(path)
        try:
            return (await proc.read_all(fd, MAX_CONFIG_BYTES)).decode("utf-8", "replace")
        finally:
            proc.close(fd)
    except OSError:
        raise ConfigError(f"Invalid path: {path}") from None


def _merge(left: Any, right: Any) -> Any:
    """As protobuf merges messages: lists are joined, single values replaced."""
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **{key: _merge(left[key], value) if key in left else value for key, value in right.items()}}
    return left + right if isinstance(left, list) and isinstance(right, list) else right


async def _failed(proc: Process, log: Log, where: str, error: ConfigError) -> None:
    await log.write("critical", "main", "source/server/server.cc:449", f"error `{error}` initializing config '{where}'")
    await log.write("info", "main", "source/server/server.cc:1159", "exiting")
    await proc.write(2, to_bytes(f"{error}\n"))


async def _serve(proc: Process, server: Server, log: Log, where: str, concurrency: int) -> int:
    proc.signal(SIGPIPE, Disposition.IGNORE)
    for number in (SIGHUP, SIGUSR1):
        proc.signal(number, Disposition.IGNORE)
    for number in (SIGTERM, SIGINT):
        proc.signal(number, lambda _: server.stop())
    await log.write("info", "main", "source/server/server.cc:463", "initializing epoch 0 (base id=0, hot restart version=11.104)")
    workers = [f"wrk:worker_{number}" for number in range(min(concurrency, MOST_WORKERS))]
    proc.name_threads(*THREADS, *workers, *("GrpcGoogClient" for _ in workers))
    await proc.kernel.sleep(STARTUP_NS)
    try:
        await log.write("info", "main", "source/server/server.cc:1098", "starting main dispatch loop")
        await server.run()
    except ConfigError as error:
        await _failed(proc, log, where, error)
        return 1
    await log.write("info", "main", "source/server/server.cc:1159", "exiting")
    return 0
