"""A server that is nobody's: podlab's mock as a process, in live pace, that does what clusters do and nothing more."""

from pathlib import Path

from podlab.clusters.mock import Mock

ROOT = str(Path(__file__).resolve().parents[2])


class Stranger(Mock):
    """Nobody can let its time jump, and it shows no clock (`tests.course.stranger`)."""

    def _command(self) -> list[str]:
        path = f"import runpy, sys; sys.path.insert(0, {ROOT!r}); runpy.run_module('tests.course.stranger', run_name='__main__')"
        options = super()._command()
        return [*options[: options.index("-m")], "-c", path, *options[options.index("-m") + 2 :]]

    def kubeconfig_at(self, path: Path) -> Path:
        """Its kubeconfig, somewhere else than podlab keeps its own."""
        path.write_text(self.kubeconfig.read_text("utf-8").replace("podlab", "somewhere"), "utf-8")
        return path
