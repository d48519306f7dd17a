"""Cuts the power: replays what SQLite wrote, with what was not synced lost, torn or in another order.

Also run by ``tests.store.soak``.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import apsw

from gamebook_lab.store.edit import Document, Edit, Seed
from gamebook_lab.store.examine import examine
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.rows import STORY, Rows, canonical

SECTOR = 512


class Done(NamedTuple):
    """One thing that happened to a file; ``ack`` is a commit that returned."""

    what: str
    name: str = ""
    at: int = 0
    data: bytes = b""


class Recorder(apsw.VFS):
    """Passes everything on, and notes it."""

    def __init__(self, name: str) -> None:
        self.done: list[Done] = []
        self.name = name
        super().__init__(name, "")

    def xOpen(self, name, flags):  # noqa: N802 -- SQLite's name
        return Recorded(name, flags, self.done)

    def xDelete(self, name, sync_folder):  # noqa: N802
        self.done.append(Done("delete", Path(name).name))
        super().xDelete(name, sync_folder)


class Recorded(apsw.VFSFile):
    def __init__(self, name, flags, done: list[Done]) -> None:
        self._done = done
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else ""
        super().__init__("", name, flags)

    def xWrite(self, data, at):  # noqa: N802
        super().xWrite(data, at)
        self._done.append(Done("write", self._name, at, bytes(data)))

    def xTruncate(self, size):  # noqa: N802
        super().xTruncate(size)
        self._done.append(Done("truncate", self._name, size))

    def xSync(self, flags):  # noqa: N802
        super().xSync(flags)
        self._done.append(Done("sync", self._name))


def record(folder: Path, *, n_edits: int, seed: int) -> tuple[list[Done], list[Rows]]:
    """Write edits; gives all that was done to files, and the story before and after each commit."""
    recorder = Recorder(f"recorder-{folder.name}-{seed}")
    chance = random.Random(seed)
    rows: Rows = {STORY: canonical({"title": "Tiny"})}
    rows |= {uid: canonical({"passage_id": f"P{uid}", "text": "0", "rank": float(uid)}) for uid in range(1, 40)}
    states = []
    with closing(Journal(folder / "w.sqlite", who="Ada", session="s", vfs=recorder.name)) as journal:
        journal.connection.execute("PRAGMA wal_autocheckpoint=30")
        journal.begin(Seed(dict(rows), Document("f", tuple(range(1, 40)))))
        recorder.done.append(Done("ack"))
        states.append(dict(rows))
        for number in range(n_edits):
            changes = {}
            for uid in chance.sample(range(1, 40), chance.choice((1, 1, 1, 5))):
                text = f"{number} " + "word " * chance.randrange(400)
                new = canonical({"passage_id": f"P{uid}", "text": text, "rank": float(uid)})
                changes[uid] = (rows[uid], new)
                rows[uid] = new
            journal.commit([Edit(number + 1, "edit", str(number), changes)])
            recorder.done.append(Done("ack"))
            states.append(dict(rows))
        done = list(recorder.done)  # closing folds the log in; the power is cut before
    recorder.unregister()
    return done, states


def cut(done: list[Done], at: int, folder: Path, chance: random.Random) -> int:
    """Write the files as a power cut after so many things might leave them; gives the commits acknowledged by then."""
    files: dict[str, bytearray] = defaultdict(bytearray)
    pending: dict[str, list[Done]] = defaultdict(list)
    acknowledged = 0
    for each in done[:at]:
        if each.what == "ack":
            acknowledged += 1
        elif each.what == "sync":
            for write in pending.pop(each.name, []):
                apply(files[each.name], write)
        elif each.what == "delete":
            files.pop(each.name, None)
            pending.pop(each.name, None)
        else:
            pending[each.name].append(each)
    for name, writes in pending.items():
        left = [write for write in writes if chance.random() < 0.5]
        chance.shuffle(left)
        for write in left:
            torn = write.what == "write" and chance.random() < 0.3
            size = chance.randrange(0, len(write.data) + 1, SECTOR) if torn else len(write.data)
            apply(files[name], write._replace(data=write.data[:size]))
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return acknowledged


def apply(data: bytearray, done: Done) -> None:
    if done.what == "truncate":
        del data[done.at :]
        return
    data.extend(bytes(max(0, done.at + len(done.data) - len(data))))
    data[done.at : done.at + len(done.data)] = done.data


def cut_at_random(folder: Path, *, cuts: int, n_edits: int, seed: int, tell: Callable[[int], object] = bool) -> int:
    """Cut the power so often; nothing acknowledged may be lost and nothing may be damaged. Gives the cuts survived."""
    writing = folder / "writing"
    writing.mkdir()
    done, states = record(writing, n_edits=n_edits, seed=seed)
    chance = random.Random(seed)
    for number in range(cuts):
        tell(number)
        here = folder / str(number)
        here.mkdir()
        acknowledged = cut(done, chance.randrange(1, len(done)), here, chance)
        path = here / "w.sqlite"
        if acknowledged == 0 and (not path.exists() or "holds nothing" in str(examine(path).damages)):
            continue
        seen = examine(path, is_deep=True)
        assert seen.is_sound, f"cut {number}: {seen.damages}"
        with closing(Journal(path, who="", session="")) as journal:
            rows = journal.rows()
        assert rows in states[acknowledged - 1 : acknowledged + 1], f"cut {number}: an acknowledged edit is lost"
    return cuts
