"""A job as data: what is to be done, and the key and seed of each of its shards. Starts nothing."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from gamebook_lab.parallel.codecs import JSON, Codec
from gamebook_lab.parallel.identity import content_hash, name_of, seed_of

__all__ = ["Shard", "Work"]

T = TypeVar("T")
_LABEL: Final = 80


class Shard(NamedTuple):
    """One piece of a job."""

    key: str
    """Hash of everything that its result depends on."""
    label: str
    item: Any
    seed: int | None
    depth: int
    """How often it was split off a larger one."""


@dataclass(frozen=True)
class Work(Generic[T]):
    """A pure function over items.

    Parameters
    ----------
    name
        What it is, for people and for its folder: letters, digits, ``-`` and ``_``.
    function
        Called as ``function(item, **parameters)`` in another process; at the top of a module or notebook.
        Its result depends on nothing else, and is what ``codec`` can write.
    items
        A list, or anything else that gives the same items each time that it is asked. Never all held at once.
    parameters
        The same for all items. Items and parameters are plain values, dataclasses, arrays or tables.
    version
        Raise it when the function is changed, or finished shards of the old one are taken for the new one's.
    codec
        How results are written: ``JSON``, ``TABLE`` or ``ARRAYS`` of :mod:`gamebook_lab.parallel.codecs`.
    seed
        If given, the function gets ``seed=``, another one for each shard and always the same for the same one.
    split
        Cuts an item in smaller ones, whose results together stand for its own: asked when an item needs more
        memory than there is. Gives one item or none where it cannot be cut further.
    label
        Names an item for people; by default its ``repr``, abridged.
    """

    name: str
    function: Callable[..., Any]
    items: Iterable[T]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    codec: Codec = JSON
    seed: int | None = None
    split: Callable[[T], Sequence[T]] | None = None
    label: Callable[[T], str] = reprlib.repr

    def __post_init__(self) -> None:
        if not self.name or not all(letter.isalnum() or letter in "-_" for letter in self.name):
            raise ValueError(f"a job's name has letters, digits, - and _, not {self.name!r}: it names a folder")
        if isinstance(self.items, Iterator):
            raise TypeError(
                "expected a list of items, or something else that can be gone through twice, not an iterator"
            )

    @cached_property
    def identity(self) -> str:
        """Hash of all but the items."""
        return content_hash(self.header, self.parameters)

    @property
    def header(self) -> dict[str, str]:
        """What the manifest says that it is."""
        return {
            "name": self.name,
            "function": name_of(self.function),
            "version": str(self.version),
            "codec": self.codec.name,
            "seed": str(self.seed),
            "parameters": content_hash(self.parameters),
        }

    def folder(self, workspace: Path) -> Path:
        """Its own folder in a workspace: the same for the same job, another for other parameters."""
        return workspace / f"{self.name}-{self.identity[:16]}"

    def total(self) -> int | None:
        """Number of items, if it is known without going through them."""
        try:
            return len(self.items)  # type: ignore[arg-type]  # that is the question
        except TypeError:
            return None

    def shards(self) -> Iterator[Shard]:
        """Each item's shard, in order."""
        return (self._shard(item, 0) for item in self.items)

    def parts(self, shard: Shard) -> list[Shard]:
        """Smaller shards for one that is too large; none if it cannot be cut."""
        items = list(self.split(shard.item)) if self.split is not None else []
        return [self._shard(item, shard.depth + 1) for item in items] if len(items) > 1 else []

    def _shard(self, item: T, depth: int) -> Shard:
        key = content_hash(self.identity, item)
        seed = None if self.seed is None else seed_of(self.seed, key)
        return Shard(key, self.label(item)[:_LABEL], item, seed, depth)
