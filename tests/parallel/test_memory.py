import psutil
import pytest

from gamebook_lab.parallel.memory import Level, MemoryManager, level_at, machine_memory, parse_limit, total_memory

GIB = 2**30


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(None, int(0.6 * 8 * GIB)), (123, 123), ("50%", 4 * GIB), ("12.5 %", GIB), ("2GB", 2 * 10**9), ("2 GiB", 2 * GIB),
     ("512 mib", 2**29), ("1000", 1000), ("900GB", 8 * GIB), ("250%", 8 * GIB), ("1k", 1000)],
)  # fmt: skip
def test_parse_limit(limit, expected):
    assert parse_limit(limit, total_bytes=8 * GIB) == expected


@pytest.mark.parametrize("limit", ["", "lots", "-1", "1e9", 0, -5, True, 1.5, "0%", "2 GB please", "9" * 10_000])
def test_parse_limit__what_makes_no_sense(limit):
    with pytest.raises(ValueError, match="a memory limit is"):
        parse_limit(limit, total_bytes=8 * GIB)


@pytest.mark.parametrize(
    ("share", "before", "expected"),
    [(0.59, Level.NORMAL, Level.NORMAL), (0.60, Level.NORMAL, Level.WARNING), (0.70, Level.NORMAL, Level.CRITICAL),
     (0.80, Level.NORMAL, Level.MAXIMUM), (0.76, Level.MAXIMUM, Level.MAXIMUM), (0.74, Level.MAXIMUM, Level.CRITICAL),
     (0.56, Level.WARNING, Level.WARNING), (0.54, Level.MAXIMUM, Level.NORMAL), (0.66, Level.CRITICAL, Level.CRITICAL)],
)  # fmt: skip
def test_level_at__clears_five_points_lower(share, before, expected):
    assert level_at(share, before) == expected


def test_look__tells_changes_with_their_numbers():
    memory = MemoryManager(1000)
    assert memory.look({"w1": (100, 500), "w2": (100, 500)}, (10, 1000), 0.0) == []
    changes = memory.look({"w1": (420, 500), "w2": (300, 500)}, (10, 1000), 1.0)
    assert {(change.scope, change.level) for change in changes} == {
        ("w1", Level.MAXIMUM), ("w2", Level.WARNING), ("pool", Level.CRITICAL)
    }  # fmt: skip
    pool = next(change for change in changes if change.scope == "pool")
    assert (pool.before, pool.used_bytes, pool.limit_bytes) == (Level.NORMAL, 720, 1000)
    assert "normal -> critical" in str(pool)
    assert memory.look({"w2": (300, 500)}, (10, 1000), 2.0)[-1].level is Level.NORMAL


def test_n_at_once__shrinks_with_the_level():
    memory = MemoryManager(1000)
    for used, expected in ((100, 8), (650, 8), (750, 4), (850, 1)):
        memory.look({"w": (used, 1000)}, None, 0.0)
        assert memory.n_at_once(8) == expected


def test_machine__counts_like_the_pool():
    memory = MemoryManager(1000)
    memory.look({}, (850, 1000), 0.0)
    assert memory.level is Level.MAXIMUM
    assert memory.n_at_once(8) == 1


def test_caches__dropped_once_when_it_gets_critical(caplog):
    memory = MemoryManager(1000)
    dropped = []
    memory.drop_when_short(lambda: 1 / 0)
    memory.drop_when_short(lambda: dropped.append("a"))
    forget = memory.drop_when_short(lambda: dropped.append("b"))
    forget()
    forget()
    for now, used in enumerate((650, 750, 850, 750)):
        memory.look({"w": (used, 1000)}, None, now)
    assert dropped == ["a"]
    assert "a cache could not be dropped" in caplog.text


def test_exhausted__only_after_a_while_at_the_maximum():
    memory = MemoryManager(1000, patience_seconds=20)
    for now, used, expected in ((0, 850, False), (15, 900, False), (16, 700, False), (30, 850, False), (50, 850, True)):
        memory.look({"w": (used, 1000)}, None, now)
        assert memory.is_exhausted(now) is expected


def write(root, files):
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def test_cgroup_2__least_limit_on_the_way_up(tmp_path):
    write(tmp_path, {
        "proc/self/cgroup": "0::/outer/inner\n",
        "sys/fs/cgroup/outer/memory.max": f"{2**28}\n", "sys/fs/cgroup/outer/memory.current": f"{2**27}\n",
        "sys/fs/cgroup/outer/memory.stat": f"anon 5\ninactive_file {2**20}\n",
        "sys/fs/cgroup/outer/inner/memory.max": "max\n",
    })  # fmt: skip
    assert total_memory(tmp_path) == 2**28
    assert machine_memory(tmp_path) == (2**27 - 2**20, 2**28)


def test_cgroup_1(tmp_path):
    write(tmp_path, {
        "proc/self/cgroup": "4:memory:/job\n3:cpuset:/\n0::/\n",
        "sys/fs/cgroup/memory/job/memory.limit_in_bytes": f"{2**28}\n",
        "sys/fs/cgroup/memory/job/memory.usage_in_bytes": f"{2**27}\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    })  # fmt: skip
    assert total_memory(tmp_path) == 2**28
    assert machine_memory(tmp_path) == (2**27, 2**28)


def test_no_cgroup__the_machine(tmp_path):
    assert total_memory(tmp_path) == psutil.virtual_memory().total
    used, there_is = machine_memory(tmp_path)
    assert 0 < used < there_is
