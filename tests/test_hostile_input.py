"""Ten thousand hostile files, each the same on every machine: whatever is done with them, nothing but a GamebookError is raised.

A failure names its number; ``hostile(number, SOURCES)`` makes the file again.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.hostile_inputs import hostile
from tests.hostile_run import run, sources

N_INPUTS = 10_000
N_BLOCKS = 20
N_OF_CORPORA = 500
DATA = Path(__file__).resolve().parents[1] / "data"
SOURCES = sources(sorted(DATA.rglob("*.twee")))


def attack(numbers, texts):
    """Run hostile files of these numbers; give how many stories were read."""
    n_read = 0
    for number in numbers:
        each = hostile(number, texts)
        try:
            n_read += run(each)
        except Exception as error:  # noqa: BLE001 - whatever comes is a finding, told with its number
            pytest.fail(f"hostile file {number} ({each.made}, {len(each.data)} bytes): {error!r}")
    return n_read


@pytest.mark.parametrize("block", range(N_BLOCKS))
def test_only_our_own_errors_come_of_hostile_files(block):
    each = N_INPUTS // N_BLOCKS
    n_read = attack(range(block * each, (block + 1) * each), SOURCES)
    assert n_read > each / 2, "most of the files should get past the readers"


def test_only_our_own_errors_come_of_mutated_corpora(corpora):
    files = sorted(
        path for suffix in ("twee", "tw", "html", "json") for path in (corpora / "twine").rglob(f"*.{suffix}")
    )
    chosen = random.Random(7).sample(files, min(60, len(files)))
    texts = [path.read_text(encoding="utf-8", errors="replace")[:200_000] for path in chosen]
    assert attack(range(1_000_000, 1_000_000 + N_OF_CORPORA), texts)


def test_a_number_always_makes_the_same_file():
    assert [hostile(number, SOURCES) for number in range(50)] == [hostile(number, SOURCES) for number in range(50)]
    assert len({hostile(number, SOURCES).data for number in range(200)}) > 150
