"""What happens to edits when kernels, disks and clocks fail; the long form is ``make soak-store``."""

from __future__ import annotations

from tests.store.killing import kill_while_editing


def test_kill_9__loses_no_acknowledged_edit_and_tears_none(path):
    acknowledged, rounds = kill_while_editing(path, rounds=8, seed=1)
    assert rounds == 8
    assert acknowledged > 20
