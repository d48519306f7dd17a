from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
import pytest

from gamebook_lab.errors import MemoryLimitError, PoolError, SchemaError
from gamebook_lab.parallel.effort import Effort
from gamebook_lab.parallel.processor import DataProcessor
from gamebook_lab.parallel.schema import Rows, Table
from gamebook_lab.parallel.submits import InProcess
from gamebook_lab.telemetry import Registry

QUICK = Effort(backoff_seconds=0.001, in_flight=4)
NUMBERS = Table({"n": "int64"})


def frame(*values):
    return pd.DataFrame({"n": list(values)})


def doubled(table):
    if (table["n"] < 0).any():
        raise ValueError("less than nothing")
    return table * 2


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def double(registry):
    return DataProcessor("double", doubled, takes=NUMBERS, gives=NUMBERS, effort=QUICK, registry=registry)


def test_processor__gives_results_in_order_and_counts_them(double, registry):
    done = list(double.process(frame(n, n + 1) for n in range(10)))
    assert [result.index for result in done] == list(range(10))
    assert [result.value["n"].tolist() for result in done] == [[2 * n, 2 * n + 2] for n in range(10)]
    counts = double.counts
    assert (counts.n_done, counts.n_failed, counts.rows_in, counts.rows_out) == (10, 0, 20, 20)
    assert counts.bytes_out >= 10 * 16
    snapshot = registry.snapshot()
    assert snapshot.value("processor_rows_in_total", processor="double") == 20
    assert snapshot.value("processor_rows_out_total", processor="double") == 20
    assert snapshot.get("processor_shard_seconds", processor="double").distribution.n == 10


def test_processor__bad_shards_are_told_in_their_place(double, registry):
    shards = [frame(1), frame(-1), frame(0.5), "text", frame(2)]
    done = list(double.process(shards))
    assert [result.cause and result.cause.type for result in done] == [
        None, "ValueError", "SchemaError", "SchemaError", None,
    ]  # fmt: skip
    assert [result.attempts for result in done] == [1, 3, 1, 1, 1]
    assert done[2].cause.message == "column 'n' is float64, expected int64"
    assert double.counts.errors == {"ValueError": 1, "SchemaError": 2}
    assert registry.snapshot().value("processor_errors_total", processor="double", code="SchemaError") == 2


def test_processor__result_of_another_type_is_an_error(registry):
    half = DataProcessor("half", lambda table: table / 2, takes=NUMBERS, gives=NUMBERS, registry=registry)
    (done,) = half.process([frame(1)])
    assert done.cause.message == "column 'n' is float64, expected int64"


class Backwards(InProcess):
    """Finishes what it was given last first, as soon as it holds as many as it can."""

    def __init__(self, room):
        self.room, self.held, self.most = room, [], 0

    def submit(self, function, /, *args, **options):
        future = Future()
        self.held.append((future, function, args))
        self.most = max(self.most, len(self.held))
        if len(self.held) == self.room:
            while self.held:
                future_, function_, args_ = self.held.pop()
                future_.set_result(function_(*args_))
        return future


def test_processor__holds_a_bounded_part_of_an_endless_stream(registry):
    taken = []

    def endless():
        for n in range(10**9):
            taken.append(n)
            yield [n]

    pool = Backwards(room=4)
    results = DataProcessor("n", sum, pool=pool, effort=QUICK, registry=registry).process(endless())
    for n in range(200):
        assert next(results).value == n
        assert len(taken) <= n + 1 + QUICK.in_flight
    results.close()
    assert pool.most == 4


def test_processor__takes_nothing_before_it_is_asked(double):
    def never():
        raise AssertionError
        yield

    double.process(never())


def test_processor__on_threads(registry):
    with ThreadPoolExecutor(4) as threads:

        class Pool(InProcess):
            def submit(self, function, /, *args, **options):
                return threads.submit(function, *args)

        lengths = DataProcessor("lengths", len, pool=Pool(), registry=registry)
        assert [done.value for done in lengths.process("x" * n for n in range(100))] == list(range(100))


def test_processor__too_much_memory_is_one_shards_cause(registry):
    class Small(InProcess):
        def submit(self, function, /, *args, **options):
            if args[1] == 3:
                raise MemoryLimitError("3 is too large")
            return super().submit(function, *args, **options)

    done = list(DataProcessor("n", abs, pool=Small(), registry=registry).process(range(5)))
    assert [result.value for result in done] == [0, 1, 2, None, 4]
    assert done[3].cause.type == "MemoryLimitError"


def test_processor__pool_that_gives_up(registry):
    class Broken(InProcess):
        def submit(self, function, /, *args, **options):
            if args[1] == 3:
                raise PoolError("gone")
            return super().submit(function, *args, **options)

    results = DataProcessor("n", abs, pool=Broken(), registry=registry).process(range(5))
    assert [next(results).value for _ in range(3)] == [0, 1, 2]
    with pytest.raises(PoolError, match=r"n ended after 3 shards: the pool takes no more work \(gone\)"):
        next(results)


class Visit(NamedTuple):
    passage: str
    seconds: float | None
    tags: list[str]


@dataclass
class Step:
    number: int


def test_rows__check_fields_of_each_row():
    visits = Rows(Visit)
    visits.check([Visit("A", None, []), Visit("B", 0.5, [1])])
    for bad, message in [
        (Visit("A", "slow", []), "row 0: seconds is str, expected float or NoneType"),
        (("A", None, []), "row 0 is tuple, expected Visit"),
    ]:
        with pytest.raises(SchemaError, match=message):
            visits.check([bad])
    with pytest.raises(SchemaError, match="number is bool, expected int"):
        Rows(Step).check([Step(number=True)])
    with pytest.raises(SchemaError, match="expected a list of Step, not DataFrame"):
        Rows(Step).check(frame(1))
    with pytest.raises(TypeError, match="NamedTuple or a dataclass"):
        Rows(int)


def test_table__names_and_order_of_columns():
    table = Table({"a": "int64", "b": "str"})
    good = pd.DataFrame({"a": [1], "b": ["x"]})
    table.check(good)
    table.check(good.iloc[:0])
    with pytest.raises(SchemaError, match=r"missing: \['b'\], not expected: \['c'\]"):
        table.check(good.rename(columns={"b": "c"}))
    with pytest.raises(SchemaError):
        table.check(good[["b", "a"]])
