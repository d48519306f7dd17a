"""What benchmarks share: the peers' generator of stories, and a reason for each peer that is missing."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

__all__ = ["NODE_MODULES", "ROOT", "generated_story", "generator"]

ROOT = Path(__file__).resolve().parents[1]
NODE_MODULES = ROOT / ".venv" / "peers" / "node_modules"
"""Where `make peers` puts inkjs."""
sys.path.insert(0, str(ROOT / "tests" / "toys"))

from json_language import generated_story  # noqa: E402 -- the toy language of the engine's tests plays these stories


def generator() -> ModuleType | None:
    """Load the peers' generator of stories: beside the project, or in GAMEBOOK_PEERS."""
    path = Path(os.environ.get("GAMEBOOK_PEERS", ROOT.parent / "shared" / "peers")) / "gen.py"
    spec = importlib.util.spec_from_file_location("gen", path)
    if not path.is_file() or spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
