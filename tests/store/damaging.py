"""Damages a workspace's files at random, and looks whether that is noticed or harmless. Also run by ``tests.store.soak``."""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from gamebook_lab.store.backups import make_backup
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.log import read_logs
from gamebook_lab.store.places import Place
from gamebook_lab.store.rescue import make_sound
from gamebook_lab.store.rows import Rows
from tests.store.editing import edit_for_ever, forked, received

KINDS = ("flip", "zero", "garbage", "cut", "gone")


def prepared(path: Path, place: Place) -> None:
    """A workspace with edits, a backup, later edits, and a write-ahead log that nobody has folded in.

    A process that is killed between its last commit and the line of the log has acknowledged nothing of that; what a damage
    takes then is no loss, so we go on until database and log are level.
    """
    for round_ in itertools.count():
        process, out = forked(edit_for_ever, path, 5, round_ * 1000, "")
        for _ in range(15):
            out.recv()
        process.kill()
        process.join()
        received(out)
        if round_ == 0:
            make_backup(place)
        elif newest_logged(place) == newest(place):
            break


def newest(place: Place) -> int:
    with closing(Journal(place.file, who="", session="")) as journal:
        return int(next(journal.connection.execute("SELECT max(seq) FROM edits"))[0])


def newest_logged(place: Place) -> int:
    return max(int(record["edit"][0]) for record in read_logs(place.logs) if "edit" in record)


def contents(place: Place) -> tuple[Rows, list[str]]:
    with closing(Journal(place.file, who="", session="")) as journal:
        labels = [str(label) for (label,) in journal.connection.execute("SELECT label FROM edits ORDER BY seq")]
        return journal.rows(), labels


def damage(place: Place, chance: random.Random) -> str:
    """Damage one of the database's files; says how."""
    files = [path for end in ("", "-wal") if (path := place.file.with_name(place.file.name + end)).exists()]
    path, kind = chance.choice(files), chance.choice(KINDS)
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    if kind == "flip":
        data[at] ^= 1 << chance.randrange(8)
    elif kind == "zero":
        data[at // 4096 * 4096 : at // 4096 * 4096 + 4096] = bytes(4096)
    elif kind == "garbage":
        data[at : at + 64] = chance.randbytes(min(64, len(data) - at))
    elif kind == "cut":
        del data[at:]
    if kind == "gone":
        path.unlink()
    else:
        path.write_bytes(data)
    return f"{kind} {path.name} at {at}"


def damage_and_open(
    path: Path, place: Place, *, rounds: int, seed: int, tell: Callable[[int], object] = bool
) -> dict[str, int]:
    """Damage copies of one workspace; each must give the newest state back, whether noticed or harmless."""
    prepared(path, place)
    whole = place.folder.with_name("whole")
    shutil.copytree(place.folder, whole)
    expected = contents(place)
    chance = random.Random(seed)
    counts = {"noticed": 0, "harmless": 0}
    for number in range(rounds):
        tell(number)
        shutil.rmtree(place.folder)
        shutil.copytree(whole, place.folder)
        how = damage(place, chance)
        said = make_sound(place)
        assert contents(place) == expected, f"{how}: {said}"
        counts["harmless" if said is None else "noticed"] += 1
    return counts
