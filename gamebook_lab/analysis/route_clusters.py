"""Which routes are alike: clusters of sessions, and for each the route in its middle.

Average linkage (scipy) on the distances of a sample; sessions beyond the sample join the cluster whose middle is nearest. The middle is
the *medoid*: the session with the least distance to all others of its cluster, so it is a route that somebody took.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage  # type: ignore[import-untyped]
from scipy.spatial.distance import squareform  # type: ignore[import-untyped]

from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.routes import route_of
from gamebook_lab.analysis.similarity import similarity
from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.accelerate import Floats, Longs
from gamebook_lab.kernels.edit_distance import edit_distances
from gamebook_lab.story import schema

__all__ = ["CLUSTERS", "REPRESENTATIVES", "RouteClusters", "route_clusters"]

By = Literal["order", "choice", "passage"]
CLUSTERS: Final = (
    schema.Column("session_id", "str", "one sitting of one reader"),
    schema.Column("cluster", "int64", "number of its cluster, the largest is 0"),
    schema.Column("is_middle", "bool", "its route stands for the cluster"),
    schema.Column(
        "is_sampled",
        "bool",
        "the clusters were made of it; others joined the nearest",
    ),
    schema.Column(
        "silhouette",
        "float64",
        "how much nearer its own cluster than the next (Rousseeuw 1987); missing: not sampled",
        "-1 to 1",
    ),
)
"""Columns of :attr:`RouteClusters.table`."""
REPRESENTATIVES: Final = (
    schema.Column("cluster", "int64", "number, the largest is 0"),
    schema.Column("n_sessions", "int64", "sessions in it"),
    schema.Column("share", "float64", "of all sessions", "0 to 1"),
    schema.Column("session_id", "str", "the session in its middle"),
    schema.Column("route", "object", "what that one read, in order"),
)
"""Columns of :meth:`RouteClusters.representatives`."""
_MOST: Final = 400
_MOST_WORK: Final = 1.5e9
"""Pairs times the square of the mean length: some seconds of edit distances."""
_TOO_MUCH_WORK: Final = 5e10
_MOST_CLUSTERS: Final = 8
_CLEAR: Final = 0.1
"""Mean silhouette below which routes do not fall into groups: there is then one cluster."""


@dataclass(frozen=True, eq=False)
class RouteClusters:
    """Sessions in clusters of like routes."""

    matched: Matched
    table: pd.DataFrame
    """A row for each session that fits the story. Columns in :data:`CLUSTERS`."""
    silhouette: float
    """Mean of the sample: near 1 clusters are far apart, near 0 there are none; nan for one cluster."""

    def __repr__(self) -> str:
        n = self.table["cluster"].nunique()
        return f"<RouteClusters: {len(self.table):,} sessions in {n:,}, silhouette {self.silhouette:.2f}>"

    def representatives(self) -> pd.DataFrame:
        """List the clusters with the route in the middle of each. Columns in :data:`REPRESENTATIVES`."""
        number = {name: at for at, name in enumerate(self.matched.table["session_id"])}
        sizes = self.table["cluster"].value_counts()
        middles = self.table[self.table["is_middle"]].sort_values("cluster")
        names = middles["session_id"].tolist()
        n = [int(sizes[cluster]) for cluster in middles["cluster"]]
        return schema.build(REPRESENTATIVES, {
            "cluster": middles["cluster"].tolist(), "n_sessions": n, "share": [each / len(self.table) for each in n],
            "session_id": names, "route": [route_of(self.matched, number[name]) for name in names],
        })  # fmt: skip


def route_clusters(
    matched: Matched, n_clusters: int | None = None, *, by: By = "order", most: int = _MOST, seed: int = 0
) -> RouteClusters:
    """Group sessions by their routes.

    Parameters
    ----------
    matched
        Sessions on a story's state graph; those that cannot have happened are left out.
    n_clusters
        How many; by default the number up to 8 with the greatest silhouette, or one where routes fall into no groups.
    by
        ``order``: edits from one list of passages to the other. ``choice``, ``passage``: what both meet (Jaccard).
    most
        Sessions that are compared pair by pair, drawn at random; fewer where routes are long.
    seed
        Of the drawing.

    Raises
    ------
    ValueError
        If there are no sessions that fit the story, or fewer than clusters.
    LimitError
        If routes are so long, or so many, that it would take minutes.
    """
    fits = np.flatnonzero(matched.table["step"].isna().to_numpy()).astype(np.int64)
    if fits.size == 0 or (n_clusters is not None and not 1 <= n_clusters <= fits.size):
        raise ValueError(f"{fits.size:,} sessions fit the story: they cannot make {n_clusters or 1:,} clusters")
    length = 1.0 + float(np.diff(matched.walks.offsets)[fits].mean())
    size = min(fits.size, most, max(2, int(np.sqrt(2.0 * _MOST_WORK) / length)))
    rng = np.random.default_rng(seed)
    drawn = np.sort(rng.permutation(fits.size)[:size])
    sizes = np.diff(matched.walks.offsets)[fits].astype(np.float64) + 1.0
    _check_work(sizes[drawn].sum() ** 2 / 2.0)
    distance = _distances(matched, fits[drawn], by)
    labels, silhouettes = _clustered(distance, n_clusters)
    middles = np.array(
        [_middle(distance, np.flatnonzero(labels == each)) for each in range(labels.max() + 1)], np.int64
    )
    cluster = np.full(fits.size, -1, np.int64)
    cluster[drawn] = labels
    rest = np.flatnonzero(cluster < 0)
    _check_work(sizes[rest].sum() * sizes[drawn[middles]].sum())
    cluster[rest] = _nearest(matched, fits[rest], fits[drawn[middles]])
    rank = np.empty(middles.size, np.int64)
    rank[np.argsort(-np.bincount(cluster, minlength=middles.size), kind="stable")] = np.arange(middles.size)
    is_middle, sampled, clear = np.zeros(fits.size, np.bool_), np.zeros(fits.size, np.bool_), np.full(fits.size, np.nan)
    is_middle[drawn[middles]], sampled[drawn], clear[drawn] = True, True, silhouettes
    table = schema.build(CLUSTERS, {
        "session_id": matched.table["session_id"].iloc[fits].tolist(), "cluster": rank[cluster].tolist(), "is_middle": is_middle.tolist(),
        "is_sampled": sampled.tolist(), "silhouette": clear.tolist(),
    })  # fmt: skip
    return RouteClusters(matched, table, float(np.mean(silhouettes)))


def _check_work(edits: float) -> None:
    if edits > _TOO_MUCH_WORK:
        raise LimitError(
            "the routes are too long or too many to be compared in a minute: match a sample of the sessions"
        )


def _distances(matched: Matched, sessions: Longs, by: By) -> Floats:
    if sessions.size < 2:
        return np.zeros((sessions.size, sessions.size))
    pairs = similarity(matched.space, matched.walks.take(sessions), "choice" if by == "order" else by)
    alike = pairs["likeness" if by == "order" else "jaccard"].to_numpy(np.float64)
    found: Floats = squareform(1.0 - alike)
    return found


def _clustered(distance: Floats, n_clusters: int | None) -> tuple[Longs, Floats]:
    n = len(distance)
    alone = np.zeros(n, np.int64), np.full(n, np.nan)
    if n < 3 or n_clusters == 1:
        return alone
    tree = linkage(squareform(distance, checks=False), "average")
    best, score = alone, _CLEAR if n_clusters is None else -2.0
    for wanted in [n_clusters] if n_clusters else range(2, min(_MOST_CLUSTERS, n - 1) + 1):
        labels = np.unique(fcluster(tree, wanted, "maxclust"), return_inverse=True)[1].astype(np.int64)
        silhouettes = _silhouettes(distance, labels)
        if labels.max() > 0 and silhouettes.mean() > score:
            best, score = (labels, silhouettes), float(silhouettes.mean())
    return best


def _silhouettes(distance: Floats, labels: Longs) -> Floats:
    """Of each session: (next cluster - own) / the greater, by mean distance; 0 in a cluster of one."""
    k = int(labels.max()) + 1
    member = np.eye(k)[labels]
    sizes = member.sum(axis=0)
    sums = distance @ member
    own = sizes[labels] - 1
    within = sums[np.arange(labels.size), labels] / np.maximum(own, 1)
    means = sums / sizes
    means[np.arange(labels.size), labels] = np.inf
    between = means.min(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (between - within) / np.maximum(between, within)
    return np.where((own > 0) & np.isfinite(found), found, 0.0)


def _middle(distance: Floats, members: Longs) -> int:
    return int(members[np.argmin(distance[np.ix_(members, members)].sum(axis=1))])


def _nearest(matched: Matched, sessions: Longs, middles: Longs) -> Longs:
    """The nearest middle of each session, by edits: also where clusters were made by what routes meet."""
    if sessions.size == 0:
        return sessions
    offsets, nodes = matched.walks.nodes()
    passages = matched.walks.graph.passage[nodes]
    first, second = np.repeat(sessions, middles.size), np.tile(middles, sessions.size)
    edits = edit_distances(offsets, passages, first, second).astype(np.float64)
    lengths = np.diff(offsets)
    found: Longs = (edits / np.maximum(lengths[first], lengths[second])).reshape(-1, middles.size).argmin(axis=1)
    return found
