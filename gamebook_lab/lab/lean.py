"""What JupyterLab does while it is imported, and the lab has no use for, is left out: it takes most of that time.

Two things, both only in the process that ``gamebook lab`` serves from:

* ``jsonschema`` reads a grammar of internationalised addresses, to check formats that no schema of Jupyter's has.
* JupyterLab asks node which registry yarn is set to, for builds that nobody runs here.
"""

from __future__ import annotations

import sys
from typing import Any, Final

GRAMMAR: Final = "rfc3987_syntax"
"""Optional for ``jsonschema``, which checks the formats ``iri`` and ``iri-reference`` by it."""


def start_lean() -> None:
    """Leave them out; call it before anything of Jupyter's is imported, but for its kernel."""
    if GRAMMAR not in sys.modules:
        sys.modules[GRAMMAR] = None  # type: ignore[assignment] # Python's way to say that there is no such module
    from jupyterlab import commands

    commands._yarn_config = _no_yarn  # noqa: SLF001 -- asked at import, before any setting could say that it is not wanted


def _no_yarn(*_logger: Any) -> dict[str, dict[str, Any]]:
    """What JupyterLab finds where there is no node."""
    return {"yarn config": {}, "npm config": {}}
