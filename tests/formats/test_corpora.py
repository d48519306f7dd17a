"""Every Twine file of the corpora comes out as it went in, and means the same after a detour.

What the conformance fixtures must yield is in ``conformance.tsv``: names and counts. The table of results
is printed at the end of the run.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from gamebook_lab.errors import FormatError
from gamebook_lab.formats import parse_twee, read_archive, registry, to_twee, to_twine_html, unrepresentable
from gamebook_lab.formats.encoding import decode, encode
from gamebook_lab.formats.protocol import Document, Origin

CONFORMANCE = ("conformance/extwee-fixtures", "conformance/twee3-language-tools-tests")
TWEE = {".twee", ".tw"}
EXPECTED = Path(__file__).with_name("conformance.tsv")


def story_files(folder):
    """Every file that should be a story, by its suffix; text files only if they begin as Twee does."""
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        is_twee_text = suffix == ".txt" and path.read_bytes()[:5].removeprefix(b"\xef\xbb\xbf").startswith(b"::")
        if path.is_file() and (suffix in {*TWEE, ".html", ".json"} or is_twee_text):
            yield path


def expectations():
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def written(story, path):
    """Bytes of the file that an unedited story is saved as."""
    (document,) = registry.by_name(story.source.format).update(story).documents
    return encode(document.text, document.encoding, file=str(path))


def detour(story):
    """Read again what was written in the other format."""
    if story.source.format == "twee":
        html = registry.by_name("twine-archive")
        (other,) = html.read((Document(to_twine_html(story)),), Origin())
        return parse_twee(to_twee(other))
    html = registry.by_name("twine-archive")
    (back,) = html.read((Document(to_twine_html(parse_twee(to_twee(story)))),), Origin())
    return back


def is_unheld_start(story):
    """A start that no passage is, beside a passage named Start, where Twee would start: a listed loss."""
    return story.start_key is None and "Start" in story.keys_by_name


def check_file(path, result, meaning):
    stories = read_archive(path)
    result.n_files += 1
    result.n_stories += len(stories)
    result.n_passages += sum(map(len, stories))
    for story in stories:
        result.codes.update(problem.code for problem in story.import_problems)
    if stories[0].source.format == "twine1-html":
        result.n_identical += stories[0].source.documents[0].text == decode(path.read_bytes())[0]
    else:
        assert all(written(story, path) == path.read_bytes() for story in stories), "not byte for byte"
        result.n_identical += 1
    for story in stories:
        back = detour(story)
        if is_unheld_start(story):
            lost = [*unrepresentable(story, "twee"), *unrepresentable(story, "twine-html")]
            assert any("start" in row.message for row in lost)
            back = back.with_table(back.table.assign(is_start=False))
        assert meaning(back) == meaning(story)
        result.n_semantic += 1
    return stories


def test_every_twine_file_round_trips(corpora, results, meaning):
    for path in story_files(corpora / "twine"):
        folder = path.relative_to(corpora).parts[1]
        assert check_file(path, results[f"twine/{folder}"], meaning)


@pytest.mark.parametrize("file", expectations())
def test_conformance_fixture_yields_what_it_must(corpora, results, meaning, codes, file):
    expected = expectations()[file]
    folder = next(folder for folder in CONFORMANCE if file.startswith(folder))
    if expected["stories"] == "0":
        with pytest.raises(FormatError):
            read_archive(corpora / file)
        return
    stories = check_file(corpora / file, results[folder], meaning)
    starts = [
        story.table.at[story.start_key, "passage_id"] if story.start_key is not None else "-" for story in stories
    ]
    assert {
        "file": file,
        "stories": str(len(stories)),
        "passages": " ".join(str(len(story)) for story in stories),
        "start": " | ".join(starts),
        "codes": " | ".join(map(codes, stories)),
    } == expected


def test_every_conformance_fixture_is_in_the_table(corpora):
    found = {str(path.relative_to(corpora)) for folder in CONFORMANCE for path in story_files(corpora / folder)}
    assert found == set(expectations())
