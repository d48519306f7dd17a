"""Paths that were written to files, as a table again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import pandas as pd

from gamebook_lab.analysis.path_rows import FORMATS, PATHS
from gamebook_lab.errors import FormatError
from gamebook_lab.story import schema

if TYPE_CHECKING:
    import dask.dataframe as dd

__all__ = ["read_paths"]


@overload
def read_paths(folder: str | Path, engine: Literal["pandas"] = "pandas") -> pd.DataFrame: ...
@overload
def read_paths(folder: str | Path, engine: Literal["dask"]) -> dd.DataFrame: ...
def read_paths(folder: str | Path, engine: Literal["pandas", "dask"] = "pandas") -> Any:
    """Read what :meth:`Paths.to_parquet <gamebook_lab.analysis.paths.Paths.to_parquet>`, ``to_csv`` or ``to_jsonl`` wrote.

    Parameters
    ----------
    folder
        Where it was written to.
    engine
        ``pandas`` reads all into memory; ``dask`` gives a lazy table with a partition for each file.

    Returns
    -------
    pandas.DataFrame or dask.dataframe.DataFrame
        Columns in :data:`~gamebook_lab.analysis.path_rows.PATHS`; ``passages`` and ``choices`` hold arrays. What the numbers
        in ``choices`` mean is in the file ``choices`` beside the others.

    Raises
    ------
    FormatError
        If the folder does not hold paths, or not all of them: they are still being written, or that was interrupted.
    """
    place = Path(folder)
    suffix, files = _files(place)
    if engine == "dask":
        return _lazily(files, suffix)
    if engine != "pandas":
        raise ValueError(f"expected an engine, pandas or dask; not {engine!r}")
    return pd.concat([_read(str(file), suffix) for file in files], ignore_index=True) if files else _empty()


def _files(folder: Path) -> tuple[str, list[Path]]:
    manifest = folder / "paths.json"
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        suffix, n = str(said["format"]), int(said["n_parts"])
    except FileNotFoundError:
        raise FormatError(
            "there is no paths.json: no paths were written here, or not all of them yet; the same call that began it"
            " goes on with it",
            file=str(folder),
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"paths.json is damaged ({error}); write the paths again", file=str(folder)) from error
    files = sorted(folder.glob(f"part-*.{suffix}")) if suffix in FORMATS else []
    if suffix not in FORMATS or len(files) != n:
        raise FormatError(f"expected {n} files of format {suffix}, and found {len(files)}", file=str(folder))
    return suffix, files


def _lazily(files: list[Path], suffix: str) -> Any:
    import dask
    import dask.dataframe as dd

    make: Any = dd  # its functions have no types
    with dask.config.set({"dataframe.convert-string": False}):  # or lists would become their repr
        if not files:
            return make.from_pandas(_empty(), npartitions=1)
        return make.from_map(_read, [str(file) for file in files], suffix=suffix, meta=_empty())


def _read(file: str, suffix: str) -> pd.DataFrame:
    table = FORMATS[suffix].decode(Path(file).read_bytes())
    found: pd.DataFrame = table.to_pandas()
    return found.astype({column.name: column.dtype for column in PATHS if column.dtype != "object"})


def _empty() -> pd.DataFrame:
    return schema.empty(PATHS)
