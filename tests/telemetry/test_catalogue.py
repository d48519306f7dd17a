"""Whatever is recorded anywhere stands in the catalogue, with its kind and its labels."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.documentation import reference

PACKAGE = Path(__file__).parents[2] / "gamebook_lab"
KINDS = {"counter": "counter", "gauge": "gauge", "histogram": "histogram", "timer": "histogram"}


def recorded():
    """Calls such as ``metrics.counter("saves_total", kind=...)`` in the source."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in KINDS
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                labels = {keyword.arg for keyword in node.keywords}
                place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
                yield pytest.param(node.args[0].value, KINDS[node.func.attr], labels, id=place)


@pytest.mark.parametrize(("name", "kind", "labels"), list(recorded()))
def test_recorded__stands_in_the_catalogue(name, kind, labels):
    assert name in CATALOGUE, f"{name} is recorded, and gamebook_lab/telemetry/catalogue.py does not say what it means"
    assert CATALOGUE[name].kind == kind
    assert set(CATALOGUE[name].labels) == labels


def test_catalogue__names_carry_their_unit():
    for info in CATALOGUE.values():
        assert info.name.endswith("_total") == (info.kind == "counter")
        assert info.meaning.endswith(".")
        for unit, suffix in (
            ("seconds", "_seconds"),
            ("share", "_share"),
            ("cores", "_cores"),
            ("frames/s", "_per_second"),
        ):
            assert (info.unit == unit) == info.name.endswith(suffix)
        if info.unit == "bytes":
            assert info.name.endswith(("_bytes", "_bytes_total", "_bytes_out_total"))


def test_documentation__has_every_metric_rule_objective_and_setting():
    text = (PACKAGE.parent / "docs" / "telemetry.md").read_text(encoding="utf-8")
    assert reference() in text, "run: python -m gamebook_lab.telemetry.documentation docs/telemetry.md"
