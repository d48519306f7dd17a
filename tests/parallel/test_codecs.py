from __future__ import annotations

import io
import pickle
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from gamebook_lab.errors import CodecError
from gamebook_lab.parallel.codecs import ARRAYS, JSON, TABLE

CODECS = [JSON, TABLE, ARRAYS]
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
)


@given(plain)
def test_json__comes_back_as_it_was(value):
    assert JSON.decode(JSON.encode(value)) == value


def test_json__equal_dicts_are_equal_bytes():
    assert JSON.encode({"b": 1, "a": "\ud800"}) == JSON.encode({"a": "\ud800", "b": 1})


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), {1: 2}, {1, 2}, object(), b"x", np.int64(1), 10**5000, [[[object()]]]],
    ids=lambda value: type(value).__name__,
)
def test_json__refuses_what_it_would_change(value):
    with pytest.raises(CodecError):
        JSON.encode(value)


def test_json__bounded_depth():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(CodecError, match="at most 200 deep"):
        JSON.encode(value)
    with pytest.raises(CodecError, match="not JSON"):
        JSON.decode(b"[" * 100_000)


def frames():
    yield pd.DataFrame({"n": [1, 2], "x": [0.5, float("nan")], "s": ["a", None], "b": [True, False]})
    yield pd.DataFrame({"c": pd.Categorical(["x", "y", "x"])}, index=[5, 3, 9])
    yield pd.DataFrame({"t": pd.to_datetime(["2026-11-24T12:00:00Z"])})
    yield pd.DataFrame({"n": pd.Series([], dtype="int32")})


@pytest.mark.parametrize("frame", list(frames()))
def test_table__comes_back_as_it_was(frame):
    data = TABLE.encode(frame)
    assert TABLE.encode(frame.copy()) == data
    assert_frame_equal(TABLE.decode(data), frame)
    assert TABLE.count(frame) == len(frame)


def test_arrays__come_back_as_they_were():
    arrays = {"file": np.arange(6).reshape(2, 3), "b": np.array(["x"]), "scalar": np.array(2.5)}
    data = ARRAYS.encode(arrays)
    assert ARRAYS.encode(dict(reversed(arrays.items()))) == data
    back = ARRAYS.decode(data)
    assert set(back) == set(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == array.dtype
    assert ARRAYS.count(arrays) == 2


@pytest.mark.parametrize(
    ("codec", "value"),
    [(TABLE, [1]), (TABLE, pd.DataFrame({"a": [object()]})), (TABLE, pd.DataFrame({"a": [1, "x"]})), (ARRAYS, [1]),
     (ARRAYS, {"a": np.array([object()])}), (ARRAYS, {1: np.zeros(2)})],
)  # fmt: skip
def test_codecs__refuse_what_they_cannot_write(codec, value):
    with pytest.raises(CodecError):
        codec.encode(value)


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("a file was unpickled",))


def bad_files():
    bomb = pickle.dumps(Bomb())
    inside = ARRAYS.encode({"a": np.zeros(1)})
    head = b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.npy", head + bomb)
    return [
        b"",
        b"x",
        bomb,
        inside[:-30],
        inside[: len(inside) // 2],
        head + bomb,
        archive.getvalue(),
        b"PAR1",
        b"\0" * 100,
    ]


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
@pytest.mark.parametrize("data", bad_files())
def test_codecs__damaged_or_hostile_file_is_one_clear_error(codec, data):
    with pytest.raises(CodecError):
        codec.decode(data)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
def test_codecs__go_to_other_processes(codec):
    assert pickle.loads(pickle.dumps(codec)) == codec
