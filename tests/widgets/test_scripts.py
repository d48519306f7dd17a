"""Runs the tests of the widgets' scripts, where node and their packages are."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import gamebook_lab.widgets

HERE = Path(__file__).parent


@pytest.mark.parametrize("script", sorted(path.name for path in (HERE / "js").glob("*.test.mjs")))
def test_script(script):
    node = shutil.which("node")
    if node is None or not (Path(gamebook_lab.widgets.__file__).parent / "node_modules").is_dir():
        pytest.skip("needs node, and 'npm ci' in gamebook_lab/widgets")
    command = [node, "--test", f"js/{script}"]
    done = subprocess.run(command, check=False, cwd=HERE, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
