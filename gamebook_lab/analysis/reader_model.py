"""Readers who don't take all offers alike: a weight for each choice, given by hand or fitted to what readers took.

Where several things are offered, a reader takes each as often as its weight is part of their sum (Luce's choice axiom).
Everything that speaks of probabilities follows from that: how likely each ending is, how long playthroughs are, how often
a passage is seen, what random readers do.

Covers: weights, their fit to counts, and the probabilities of ways. Does not cover: what *can* be reached, which no
weight changes; not even 0, though a reader of such a model never goes there.

>>> import gamebook_lab as gb                                              # doctest: +SKIP
>>> bold = gb.ReaderModel({"4:0": 3, ("The Cellar", "Go down"): 0.5})      # doctest: +SKIP
>>> space.with_reader(bold).endings()                                      # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from gamebook_lab.engine.space import Space
from gamebook_lab.errors import UnknownChoiceError
from gamebook_lab.kernels.accelerate import Floats, Ints, Longs

__all__ = ["UNIFORM", "ChoiceKey", "ReaderModel", "way_probability"]

ChoiceKey: TypeAlias = "str | tuple[str, str]"
"""A ``choice_id`` of ``story.choices``; or a passage's name and the label of what it offers, as shown."""
_MOST_ROUNDS: Final = 2_000
_CLOSE: Final = 1e-10


class ReaderModel:
    """What draws readers: a weight for each choice.

    Parameters
    ----------
    weights
        How strongly each choice draws, against others that stand beside it: 2 is taken twice as often as 1. Where
        nothing on a page has a weight above 0, all of it is taken alike.
    default
        Weight of all others.

    Raises
    ------
    ValueError
        If a weight is negative, infinite or not a number.
    """

    def __init__(self, weights: Mapping[ChoiceKey, float] | None = None, *, default: float = 1.0) -> None:
        self.weights: Final = MappingProxyType({key: float(weight) for key, weight in (weights or {}).items()})
        self.default: Final = float(default)
        for what, weight in (*self.weights.items(), ("default", self.default)):
            if not (math.isfinite(weight) and weight >= 0.0):
                raise ValueError(f"the weight of {what!r} is {weight}: expected a number from 0 up")

    def __repr__(self) -> str:
        return f"<ReaderModel: {len(self.weights):,} weights, {self.default:g} for others>"

    @property
    def is_uniform(self) -> bool:
        """All offers are taken alike."""
        return all(weight == self.default for weight in self.weights.values())

    @classmethod
    def from_counts(cls, space: Space, taken: npt.ArrayLike, *, smoothing: float = 1.0) -> ReaderModel:
        """Fit weights to how often readers took each way.

        The weights are those that make what was taken likeliest. What a choice is worth is judged against what stood
        beside it each time: one that is rarely offered, but then always taken, has a high weight.

        Parameters
        ----------
        space
            The state graph that readers were followed on.
        taken
            For each edge of it, how often it was taken; of walks, ``np.bincount(walks.edges, minlength=space.n_edges)``.
        smoothing
            How many readers more to put in, who take all alike wherever an offer stands. With 0, what nobody took
            has weight 0.

        Raises
        ------
        ValueError
            If there is not one count for each edge, one is negative, or smoothing is.

        Notes
        -----
        Minorisation-maximisation (Hunter 2004) with a Gamma prior (Caron and Doucet 2012): a sweep over the menus each round,
        and no more than 2,000 rounds.
        """
        counts = np.asarray(taken, np.float64)
        if counts.shape != (space.n_edges,):
            raise ValueError(f"expected a count for each of {space.n_edges} edges, and got an array of {counts.shape}")
        if not (counts >= 0.0).all() or not (math.isfinite(smoothing) and smoothing >= 0.0):
            raise ValueError("counts and smoothing are numbers from 0 up")
        keys, key_of_offer = _keys(space)
        menu, leading, is_first = _menus(space)
        per_way = np.bincount(space.edge_way(), counts, minlength=len(space.ways))
        # an entry for each thing on each menu: its menu and its key
        offer = space.way_offer[is_first]
        is_offer = offer >= 0
        taken_there = np.bincount(leading, per_way, minlength=offer.size).astype(np.float64)[is_offer]
        entries = menu[is_first][is_offer], key_of_offer[offer[is_offer]]
        weights = _fitted(*entries, taken_there, len(keys), smoothing)
        return cls(dict(zip(keys, weights.tolist(), strict=True)))

    def offer_weights(self, space: Space) -> Floats:
        """Find the weight of each row of ``space.offers``.

        Raises
        ------
        UnknownChoiceError
            If a weight is given for a choice that the story does not have.
        """
        self._check(space)
        ids = space.story.choices["choice_id"].tolist()
        found = []
        for choice, named in _named(space):
            by_name = self.weights.get(named, self.default)
            found.append(by_name if choice is None else self.weights.get(ids[choice], by_name))
        return np.array(found, np.float64)

    def _check(self, space: Space) -> None:
        choices = space.story.choices
        ids = set(choices["choice_id"].tolist())
        named = {name for _, name in _named(space)}
        named |= {*zip(choices["passage_id"].tolist(), choices["label"].tolist(), strict=True)}
        for key in self.weights:
            if key not in ids and key not in named:
                raise UnknownChoiceError(
                    f"no choice {key!r}: expected a choice_id of story.choices, or a passage's name and a label there"
                )


UNIFORM: Final = ReaderModel()
"""Takes all offers alike."""


def way_probability(space: Space, model: ReaderModel) -> Floats:
    """Find how likely each of ``space.ways`` is in its situation; nan where nobody knows."""
    menu, _, is_first = _menus(space)
    offer = space.way_offer
    weights = np.append(model.offer_weights(space), 1.0)[offer]
    total = np.bincount(menu, np.where(is_first, weights, 0.0))
    weights = np.where(total[menu] > 0.0, weights, 1.0)
    total = np.bincount(menu, np.where(is_first, weights, 0.0))
    chance = [np.nan if each is None else float(each) for each in space.way_chances]
    share: Floats = np.array(chance, np.float64) * (weights / total[menu])
    return share


def _menus(space: Space) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """For each way: the menu that it stands on, the thing that leads to it, and whether it is that one's first outcome."""
    ways = space.ways
    is_menu = np.ones(len(ways), np.bool_)
    is_first = np.ones(len(ways), np.bool_)
    for at in range(1, len(ways)):
        before, here = ways[at - 1], ways[at]
        is_menu[at] = here.situation != before.situation or here.branch is not before.branch
        is_first[at] = is_menu[at] or here.leading is not before.leading
    return (np.cumsum(is_menu) - 1).astype(np.int32), (np.cumsum(is_first) - 1).astype(np.int32), is_first


def _named(space: Space) -> Iterator[tuple[int | None, tuple[str, str]]]:
    """Of each offer: its row in the story's choices, and its passage and label."""
    columns = (space.offers[name].tolist() for name in ("choice", "passage_id", "label"))
    for choice, passage, label in zip(*columns, strict=True):
        yield (choice if isinstance(choice, int) else None), (passage, label)


def _keys(space: Space) -> tuple[list[ChoiceKey], Ints]:
    """What names each offer: its choice's id, or its passage and label; and of each offer its number among these."""
    ids = space.story.choices["choice_id"].tolist()
    found: dict[ChoiceKey, int] = {}
    numbers = []
    for choice, named in _named(space):
        key: ChoiceKey = named if choice is None else ids[choice]
        numbers.append(found.setdefault(key, len(found)))
    return list(found), np.array(numbers, np.int32)


def _fitted(menu: Ints, key: Ints, taken: Floats, n_keys: int, smoothing: float) -> Floats:
    """Weights that make what was taken likeliest. Rows of the arrays are things on menus."""
    n_menus = int(menu.max()) + 1 if menu.size else 0
    met: Longs = np.bincount(menu, taken, minlength=n_menus)
    won = np.bincount(key, taken, minlength=n_keys) + smoothing
    weights = np.ones(n_keys)
    for _ in range(_MOST_ROUNDS):
        total = np.maximum(np.bincount(menu, weights[key], minlength=n_menus), np.finfo(float).tiny)
        shared = np.bincount(key, (met / total)[menu], minlength=n_keys) + smoothing
        new = np.where(shared > 0.0, won / np.where(shared > 0.0, shared, 1.0), 1.0)
        is_done = bool(np.all(np.abs(new - weights) <= _CLOSE * np.maximum(weights, _CLOSE)))
        weights = new
        if is_done:
            break
    return weights
