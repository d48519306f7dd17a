"""How much of every story in the corpora is modelled completely: a row for each story, and the share for each language.

    python benchmarks/modelled_share.py [FOLDER] [--constructs 12]

FOLDER is `shared/corpora` beside the project, or GAMEBOOK_CORPORA. A story that is there in several files (source and
published) counts once for each.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gamebook_lab import formats
from gamebook_lab.analysis.modelled import Modelled, modelled
from gamebook_lab.errors import GamebookError
from gamebook_lab.story.story import Story

ROOT = Path(__file__).resolve().parents[1]
SUFFIXES = {".html", ".twee", ".tw", ".txt", ".json"}


def stories(file: Path) -> list[Story]:
    """Read a file's stories: several of an archive, none of a file that is no story."""
    for read in (formats.read_story, formats.read_archive):
        try:
            found = read(file)
        except GamebookError:
            continue
        return [found] if isinstance(found, Story) else list(found)
    return []


def shares(folder: Path) -> Iterator[tuple[str, str, Modelled]]:
    """Of each story its place, its language, and what is modelled."""
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in SUFFIXES and file.is_file():
            for story in stories(file):
                yield file.relative_to(folder).as_posix(), story.language.name, modelled(story)


def table(rows: list[tuple[str, str, Modelled]], n_constructs: int = 12) -> str:
    """Write the shares of stories and languages."""
    lines = [f"{place[-76:]:78}{language:11}{_share([found])}" for place, language, found in rows]
    for language in sorted({language for _, language, _ in rows}):
        found = [each for _, name, each in rows if name == language]
        lines.append(f"{f'all {len(found)} of {language}':89}{_share(found)}")
        constructs: Counter[str] = Counter()
        for each in found:
            constructs.update(dict(each.constructs))
        if constructs:
            lines.append(
                "    not modelled: "
                + ", ".join(f"{' '.join(what.split())} {n}" for what, n in constructs.most_common(n_constructs))
            )
    return "\n".join(lines)


def share(found: list[Modelled]) -> float:
    """Share of all passages that are modelled."""
    return sum(each.n_modelled for each in found) / max(1, sum(each.n_passages for each in found))


def _share(found: list[Modelled]) -> str:
    n_modelled, n_passages = sum(each.n_modelled for each in found), sum(each.n_passages for each in found)
    return f"{n_modelled:6,} of {n_passages:6,} {share(found):7.1%}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = os.environ.get("GAMEBOOK_CORPORA", ROOT.parent / "shared" / "corpora")
    parser.add_argument("folder", type=Path, nargs="?", default=beside)
    parser.add_argument("--constructs", type=int, default=12)
    options = parser.parse_args()
    folder = Path(options.folder)
    print(table(list(shares(folder)), options.constructs) if folder.is_dir() else f"no corpora at {folder}")


if __name__ == "__main__":
    main()
