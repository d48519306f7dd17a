from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.parallel.identity import content_hash, name_of, seed_of

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
)


class Colour(Enum):
    RED = 1


class Pair(NamedTuple):
    a: int
    b: int


@dataclass
class Point:
    a: int
    b: int


@given(plain)
def test_content_hash__equal_values_have_one(value):
    assert content_hash(value) == content_hash(value)
    if isinstance(value, dict):
        assert content_hash(dict(reversed(value.items()))) == content_hash(value)


def test_content_hash__different_values_differ():
    frame = pd.DataFrame({"a": [1, 2]})
    values = [
        None, "", "1", b"1", 1, 1.0, True, [], (), {}, [[]], [1], (1,), ["ab", "c"], ["a", "bc"], "abc", {1}, {"1"}, {1: 2}, {"1": 2},
        Path("a"), "a", Colour.RED, Pair(1, 2), Point(1, 2), (1, 2), [1, 2], np.array([1, 2]), np.array([1, 2], "int8"),
        np.array([[1, 2]]), frame, frame.rename(columns={"a": "b"}), frame.astype("int8"), frame + 1, 0.0, -0.0, "\ud800", 10**5000,
    ]  # fmt: skip
    assert len({content_hash(value) for value in values}) == len(values)


def test_content_hash__numpy_scalar_is_its_value():
    assert content_hash(np.int64(5)) == content_hash(5)


def test_content_hash__same_in_another_process_with_another_hash_seed():
    code = "from gamebook_lab.parallel.identity import content_hash as h; print(h({'b', 'a'}, {'x': 1.5, 'y': [None]}))"
    env = {"PYTHONHASHSEED": "77", "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert run.stdout.strip() == content_hash({"a", "b"}, {"y": [None], "x": 1.5})


@pytest.mark.parametrize("value", [object(), len, np.array([object()]), [{1: open}], Point])
def test_content_hash__refuses_what_has_no_content(value):
    with pytest.raises(TypeError, match="known by their content"):
        content_hash(value)


def test_content_hash__bounded_depth():
    value = []
    for _ in range(100):
        value = [value]
    with pytest.raises(ValueError, match="at most 64 deep"):
        content_hash(value)


def test_name_of__functions_that_can_be_found_again():
    assert name_of(content_hash) == "gamebook_lab.parallel.identity:content_hash"

    def local():
        pass

    for bad in (local, lambda: None, partial(content_hash, 1)):
        with pytest.raises(TypeError, match="pass what it closes over as parameters"):
            name_of(bad)


def test_seed_of__differs_by_seed_and_key():
    seeds = {seed_of(seed, key) for seed in range(10) for key in "abc"}
    assert len(seeds) == 30
    assert all(0 <= seed < 2**63 for seed in seeds)
