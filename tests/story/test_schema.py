"""Tables have the columns and dtypes that are written down, whatever is in them."""

from __future__ import annotations

import pandas as pd
import pytest

from gamebook_lab.story import schema

VALUES = {
    "str": ["a", "", None],
    "object": ["plain words", "half \ud800", None],
    "float64": [1.5, None, 2],
    "Int64": [1, None, 3],
    "int64": [1, 2, 3],
    "bool": [True, False, True],
}
TABLES = [schema.PASSAGES, (*schema.PASSAGES, schema.N_WORDS), schema.CHOICES, schema.VARIABLES, schema.PROBLEMS]


def data_of(columns, n_rows):
    return {column.name: VALUES[column.dtype][:n_rows] for column in columns}


@pytest.mark.parametrize("columns", TABLES)
@pytest.mark.parametrize("n_rows", [0, 1, 3])
def test_build__as_pandas_makes_each_column(columns, n_rows):
    data = data_of(columns, n_rows)
    index = pd.Index(range(10, 10 + n_rows), name="key")
    table = schema.build(columns, data, index=index)
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {each.name: each.dtype for each in columns}
    for column in columns:
        expected = pd.Series(data[column.name], dtype=column.dtype, index=index, name=column.name)
        pd.testing.assert_series_equal(table[column.name], expected)


def test_build__tuples_and_lists_stay_one_value_each():
    data = data_of(schema.PASSAGES, 2) | {"tags": [("a", "b"), ("c", "d")]}
    assert schema.build(schema.PASSAGES, data)["tags"].tolist() == [("a", "b"), ("c", "d")]


def test_build__columns_of_different_lengths_are_an_error():
    with pytest.raises(ValueError, match="same length"):
        schema.build(schema.PASSAGES, data_of(schema.PASSAGES, 2) | {"line": [1]})


def test_empty__has_all_columns():
    assert list(schema.empty(schema.PROBLEMS).columns) == [column.name for column in schema.PROBLEMS]
