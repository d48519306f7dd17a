"""What a file that is being written would be told of when it is read."""

from __future__ import annotations

from dataclasses import replace

from gamebook_lab.formats.protocol import Format, Origin, Tree
from gamebook_lab.story.problems import Problem


def problems_by_reading(found: Format, tree: Tree) -> tuple[Problem, ...]:
    """Problems of a tree's documents, with the keys that the tree has: by reading them all again."""
    keys = list(tree.places)
    fresh = found.read(tree.documents, Origin())[tree.index]
    return tuple(_with_key(problem, keys if len(fresh) == len(keys) else []) for problem in fresh.import_problems)


def _with_key(problem: Problem, keys: list[int]) -> Problem:
    if problem.key is None:
        return problem
    return replace(problem, key=keys[problem.key] if problem.key < len(keys) else None)
