"""``gamebook report STORY``: one page, that loads nothing and shows a story's words as words."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data" / "small"


def page_of(gamebook, path, tmp_path, *options):
    run = gamebook("report", path, "-o", tmp_path / "report.html", *options)
    assert run.status in {0, 1}, run.err
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    return run.status, html[html.index("</script></head>") :]  # without Plotly's own script


def test_report__says_what_can_be_reached_and_where_play_stops(gamebook, tmp_path):
    status, html = page_of(gamebook, DATA / "chance.twee", tmp_path)
    assert status == 0
    for said in (
        "8 of 8",
        "14 states were looked through: what is said here is exact.",
        "GB602",
        "is never offered",
        "67.36%",
    ):
        assert said in html


def test_report__hostile_words_are_shown_and_not_run(gamebook, tmp_path):
    story = tmp_path / "hostile.twee"
    bad = "<img src=x onerror=alert(1)>"
    story.write_text(
        f':: StoryTitle\n</title><script>alert(1)</script>\n\n:: StoryData\n{{"format":"SugarCube"}}\n\n:: Start\n'
        f"[[{bad}|{bad}]] <<if false>>[[</td><script>alert(2)</script>|Start]]<</if>>\n\n:: {bad}\nEnd [[nowhere]].\n",
        encoding="utf-8",
    )
    _, html = page_of(gamebook, story, tmp_path)
    assert "<img" not in html
    assert "<script>alert" not in html
    assert "&lt;img src=x" in html


@pytest.mark.parametrize(
    "text", ["", ":: Start\n", ":: Start\n[[Start]]\n", ":: A\nNo start.\n", ":: Start\n[[Nowhere]]\n"]
)
def test_report__of_next_to_nothing(gamebook, tmp_path, text):
    story = tmp_path / "small.twee"
    story.write_text(text, encoding="utf-8")
    run = gamebook("report", story, "-o", tmp_path / "report.html")
    assert run.status in {0, 1, 2}
    assert (run.status == 2) == (not (tmp_path / "report.html").exists())
    assert "Traceback" not in run.err


def test_report__of_a_part__says_that_it_is_one(gamebook, tmp_path):
    status, html = page_of(gamebook, DATA.parent / "lighthouse.twee", tmp_path, "--seconds", "0")
    assert status == 1
    assert "there are more" in html
    assert "<b>unknown</b><span>playthroughs" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (":: Start\n[[Start]] [[End]]\n\n:: End\nDone.\n", "endlessly many"),
        (":: Start\n[[End]] [[Or here->End]]\n\n:: End\nDone.\n", "2"),
        (":: A\nNo start.\n", "0"),
    ],
)
def test_report__says_how_many_playthroughs_there_are(gamebook, tmp_path, text, said):
    story = tmp_path / "small.twee"
    story.write_text(text, encoding="utf-8")
    assert f"<b>{said}</b><span>playthroughs" in page_of(gamebook, story, tmp_path)[1]


def test_report__replaces_nothing_unasked_and_needs_to_know_what(gamebook, tmp_path):
    output = tmp_path / "report.html"
    output.write_text("mine", encoding="utf-8")
    assert gamebook("report", DATA / "gated.twee", "-o", output).status == 2
    assert output.read_text(encoding="utf-8") == "mine"
    assert gamebook("report", "-o", output).status == 2
    assert gamebook("report", DATA / "gated.twee", "--telemetry", "-o", output).status == 2
