import json
from pathlib import Path

import pytest

import gamebook_lab as gb
from gamebook_lab.errors import FormatError
from gamebook_lab.story.metadata import Metadata

BROKEN = {"Start": "Down to [[Celar]]. {set $x}", "Cellar": "Dark, cold. [[Start]]"}
WARNING = {"Start": "Hi [[Start]]"}
NOTE = {"Start": "Hi {set $x}"}


@pytest.mark.parametrize(
    ("passages", "levels"),
    [
        (BROKEN, {"error": 1, "warning": 1, "info": 1, "never": 0}),
        (WARNING, {"error": 0, "warning": 1, "info": 1, "never": 0}),
        (NOTE, {"error": 0, "warning": 0, "info": 1, "never": 0}),
        ({"Start": "Hi."}, {"error": 0, "warning": 0, "info": 0, "never": 0}),
    ],
)
def test_check__status_by_the_worst_problem(gamebook, reads, toy, twee, passages, levels):
    reads(toy.toy_story(passages))
    assert {level: gamebook("check", twee, "--fail-on", level).status for level in levels} == levels


def test_check__text_has_places_hints_and_a_summary(gamebook, reads, toy, twee):
    reads(toy.toy_story(BROKEN, metadata=Metadata(title="Toy")))
    run = gamebook("check", twee)
    assert run.status == 1
    assert run.err == ""
    assert run.out == (
        "A link leads to a passage that does not exist (1)\n"
        "toy.twee:2:11: error GB101 broken-link: In 'Start', a link leads to 'Celar', but no passage has this name\n"
        "    Did you mean 'Cellar'?\n"
        "\n"
        "No link leads to this passage from the start (1)\n"
        "toy.twee:4:1: warning GB104 unreachable-passage: No link leads to 'Cellar' from the start\n"
        "    Link to it from a passage that the reader can reach, or delete it.\n"
        "\n"
        "The reader is stuck here, and it is not an ending (1)\n"
        "toy.twee:1:1: warning GB105 dead-end: Every link in 'Start' is broken\n"
        "    Repair one of its links.\n"
        "\n"
        "A variable is set but never read (1)\n"
        "toy.twee:2:25: info GB202 variable-never-read: '$x' is set, but never read\n"
        "    Use it, or take it out.\n"
        "\n"
        "Toy: 2 passages, 6 words, 2 choices, 1 variable, 0 passages without a way on\n"
        "Modelled completely: 2 of 2 passages (100.0%)\n"
        "1 error, 2 warnings, 1 note\n"
        "Next: 'gamebook explain GB101' tells what it means and what to do.\n"
    )


def test_check__text_says_when_all_is_well(gamebook, reads, toy, twee):
    reads(toy.toy_story({"Start": "Hi."}))
    assert gamebook("check", twee).out == (
        "toy.twee: 1 passage, 1 word, 0 choices, 0 variables, 1 passage without a way on\n"
        "Modelled completely: 1 of 1 passage (100.0%)\n"
        "No problems.\n"
    )


UNMODELLED = """:: StoryData
{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B11", "format": "SugarCube", "start": "Start"}

:: Start
[[Next]] <<nobodys>>

:: Next
<<nobodys>>[[Last]]

:: Last
The end.
"""


def test_check__lists_what_is_not_modelled(gamebook, reads, twee):
    reads(gb.parse_twee(UNMODELLED))
    out = gamebook("check", twee).out
    assert (
        "Modelled completely: 1 of 3 passages (33.3%)\n  not modelled: <<nobodys>>, in 'Start' and 1 passage more\n"
        in out
    )
    reads(gb.parse_twee(UNMODELLED))
    found = json.loads(gamebook("check", twee, "--format", "json").out)["modelled"]
    assert (found["n_modelled"], found["n_passages"]) == (1, 3)
    assert found["not_modelled"][1] == {"passage_id": "Next", "start": 0, "stop": 11, "what": "<<nobodys>>"}


def test_check__text_is_plain_unless_on_a_terminal(gamebook, reads, toy, twee, monkeypatch):
    reads(toy.toy_story(BROKEN))
    assert "\x1b" not in gamebook("check", twee).out
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "\x1b[31;1merror\x1b[0m" in gamebook("check", twee).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in gamebook("check", twee).out


HOSTILE = "\x1b]0;owned\x07\u202etxt\x9b2J\r\x7f\u2028"


def hostile_story(toy):
    return toy.toy_story({"Start": f"[[{HOSTILE}]]", HOSTILE: ""} | {"X": f"[[{HOSTILE}\ud800]]"}, start=None,
                         metadata=Metadata(title=HOSTILE + "\udfff", declared_start=HOSTILE))  # fmt: skip


def test_check__hostile_characters_never_reach_the_terminal(gamebook, reads, toy, twee):
    reads(hostile_story(toy))
    out = gamebook("check", twee).out
    assert all(character.isprintable() for line in out.split("\n") for character in line)
    assert "\\x1b]0;owned" in out


@pytest.mark.parametrize("report_format", ["json", "sarif"])
def test_check__hostile_characters_break_no_json(gamebook, reads, toy, twee, report_format):
    reads(hostile_story(toy))
    out = gamebook("check", twee, "--format", report_format).out
    assert out.isascii()
    assert all(character.isprintable() for line in out.split("\n") for character in line)
    json.dumps(json.loads(out), ensure_ascii=False).encode("utf-8")  # no unpaired surrogate either


def test_check__json_has_the_rows_of_the_table(gamebook, reads, toy, twee):
    story = reads(toy.toy_story(BROKEN, metadata=Metadata(title="Toy", ifid="X")))
    document = json.loads(gamebook("check", twee, "--format", "json").out)
    assert document["schema_version"] == 1
    assert document["story"] == {"path": "toy.twee", "title": "Toy", "ifid": "X", "format": "", "language": "toy"}
    assert document["summary"] == {
        "n_passages": 2, "n_words": 6, "n_choices": 2, "n_variables": 1, "n_endings": 0,
        "n_problems": {"error": 1, "warning": 2, "info": 1},
    }  # fmt: skip
    table = story.problems()
    assert [row["code"] for row in document["problems"]] == table["code"].tolist()
    assert set(document["problems"][0]) == {"slug", *table.columns}
    assert document["problems"][1]["start"] is None


def test_check__output_goes_to_a_file(gamebook, reads, toy, twee, tmp_path):
    reads(toy.toy_story(NOTE))
    run = gamebook("check", twee, "--format", "json", "--output", tmp_path / "report.json")
    assert (run.status, run.out) == (0, "")
    assert json.loads((tmp_path / "report.json").read_text())["summary"]["n_passages"] == 1


def test_check__output_never_replaces_the_story(gamebook, reads, toy, twee):
    reads(toy.toy_story(NOTE))
    run = gamebook("check", twee, "--output", twee)
    assert run.status == 2
    assert "would replace the story's file" in run.err
    assert twee.read_text() == ""


def test_check__output_that_would_replace_the_story_is_refused_before_exploring(
    gamebook, reads, toy, twee, monkeypatch
):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("explored")

    reads(toy.toy_story(NOTE))
    monkeypatch.setattr("gamebook_lab.analysis.explored.explore", refuse)
    run = gamebook("check", twee, "--explore", "--output", twee)
    assert run.status == 2
    assert "would replace the story's file" in run.err


def test_check__story_that_cannot_be_read(gamebook, monkeypatch):
    def refuse(path, **_):
        raise FormatError("this is no story\x1b[2J", file=str(path), line=3)

    monkeypatch.setattr("gamebook_lab.formats.read_story", refuse, raising=False)
    run = gamebook("check", "nix.twee")
    assert (run.status, run.out) == (2, "")
    assert run.err == "gamebook: nix.twee:3: this is no story\\x1b[2J\n"


def test_check__workers_give_the_same_report(gamebook, reads, toy, twee):
    passages = {f"P{n}": f"[[P{n + 1}]] {{set $v{n}}}" for n in range(20)}
    reads(toy.toy_story(passages))
    serial = gamebook("check", twee, "--workers", "1")
    reads(toy.toy_story(passages))
    assert gamebook("check", twee, "--workers", "2") == serial


def test_check__story_of_an_archive_by_its_title(gamebook, tmp_path):
    archive = tmp_path / "archive.html"
    stories = [gb.parse_twee(f":: StoryTitle\n{title}\n\n:: Start\n[[{title}]]\n") for title in ("One", "Two")]
    archive.write_text(gb.to_twine_archive(stories))
    run = gamebook("check", archive)
    assert (run.status, run.out) == (2, "")
    assert "'One', 'Two'; choose with" in run.err
    assert "--title" in run.err
    run = gamebook("check", archive, "--title", "Two")
    assert run.status == 1
    assert "leads to 'Two', but no passage" in run.out
    assert "leads to 'One'" not in run.out


SMALL = Path(__file__).parents[2] / "data" / "small"


def test_check__explore_adds_what_conditions_keep_readers_from(gamebook):
    story = SMALL / "soft-lock.twee"
    assert "GB604" not in gamebook("check", story).out
    run = gamebook("check", story, "--explore", "--fail-on", "warning")
    assert run.status == 1
    assert "soft-lock.twee:26:1: warning GB604 endless-circle: From 'The Platform' on" in run.out
    assert "Explored to the end: 11 states\n" in run.out
    read = gb.read_story(story)
    assert "GB604" in gb.explore(read).problems()["code"].tolist()
    document = json.loads(gamebook("check", story, "--explore", "--format", "json").out)
    assert document["explored"] == {
        "n_states": 11,
        "is_complete": True,
        "is_exact": True,
        "limit": None,
        "left_open": [],
    }
    assert document["summary"]["n_problems"]["warning"] == 1


def test_check__explore_that_stops_at_a_limit_says_so_and_tells_nothing(gamebook):
    run = gamebook("check", SMALL / "soft-lock.twee", "--explore", "--seconds", "0")
    assert run.status == 0
    assert "Explored: stopped at the limit of seconds" in run.out
    assert "GB604" not in run.out


def test_check__explore_tells_what_went_too_far_to_be_followed(gamebook, tmp_path):
    path = tmp_path / "round.twee"
    data = ':: StoryData\n{"format": "SugarCube", "format-version": "2.36.1"}\n\n'
    path.write_text(data + ':: Start\n<<include "Start">> [[End]]\n\n:: End\nx\n')
    said = "Left open by exploring: 1 place\n  markup inside itself without end, in 'Start'\n"
    assert said in gamebook("explore", path).out
    run = gamebook("check", path, "--explore")
    assert said in run.out
    assert run.out.count("GB605 endless-passage") == 1
    document = json.loads(gamebook("check", path, "--explore", "--format", "json").out)
    place = {"passage_id": "Start", "start": 0, "stop": 19, "what": "markup inside itself without end"}
    assert document["explored"]["left_open"] == [place]


def test_check__counts_of_duplicates_are_told_apart(gamebook, tmp_path):
    path = tmp_path / "dup.twee"
    path.write_text(":: Start\n[[A]]\n\n:: A\nx\n\n:: A\ny\n")
    out = gamebook("check", path).out
    assert "dup.twee: 3 passages" in out
    assert "2 of 2 passages (100.0%); 1 passage more with a name that an earlier one has (GB102) cannot be read" in out
