"""What happens to edits when kernels, disks and clocks fail; the long form is ``make soak-store``."""

from __future__ import annotations

from gamebook_lab.store.places import place_of
from tests.store.damaging import damage_and_open
from tests.store.killing import kill_while_editing


def test_kill_9__loses_no_acknowledged_edit_and_tears_none(path):
    acknowledged, rounds = kill_while_editing(path, rounds=8, seed=1)
    assert rounds == 8
    assert acknowledged > 20


def test_damaged_files__give_back_the_newest_state(path):
    counts = damage_and_open(path, place_of(path), rounds=20, seed=2)
    assert sum(counts.values()) == 20
    assert counts["noticed"] > 5
