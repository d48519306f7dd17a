from types import SimpleNamespace

import gamebook_lab as gb
from gamebook_lab.story.problems import Problem


def test_convert__writes_and_tells_what_is_lost(gamebook, reads, toy, monkeypatch):
    reads(
        toy.toy_story(
            {"A": "Hi."}, import_problems=(Problem("GB501", "Odd position", line=4), Problem("GB508", "No IFID"))
        )
    )
    saved = []

    def save(story, path, *, overwrite):
        saved.append((str(path), overwrite))
        return SimpleNamespace(source=SimpleNamespace(format="twee"))

    monkeypatch.setattr("gamebook_lab.formats.save_story", save, raising=False)
    monkeypatch.setattr(
        "gamebook_lab.formats.unrepresentable",
        lambda story, format_name: (Problem("GB506", f"No place in {format_name}\x1b"),),
        raising=False,
    )
    run = gamebook("convert", "a.html", "b.twee", "--overwrite")
    assert run.status == 0
    assert saved == [("b.twee", True)]
    assert run.out == "b.twee: 1 passage written\n"
    assert run.err == (
        "a.html:4: warning GB501 lost-metadata: Odd position\n"
        "b.twee: warning GB506 not-representable: No place in twee\\x1b\n"
    )


def test_convert__existing_file_is_refused_before_anything_is_done(gamebook, twee, monkeypatch):
    monkeypatch.setattr("gamebook_lab.formats.read_story", None)
    run = gamebook("convert", "a.html", twee)
    assert (run.status, run.out) == (2, "")
    assert run.err == "gamebook: toy.twee exists; choose another name, or replace it with --overwrite\n"


def test_convert__real_files_there_and_back(gamebook, tmp_path):
    twee, html, again = (tmp_path / name for name in ("a.twee", "b.html", "c.twee"))
    text = ':: StoryTitle\nCave\n\n:: Start\nGo [[down->Cellar]] & "out".\n\n:: Cellar\nDark.\n'
    twee.write_text(text)
    assert gamebook("convert", twee, html).status == 0
    assert gamebook("convert", html, again).status == 0
    assert gamebook("check", again).out.replace("c.twee", "a.twee") == gamebook("check", twee).out


def test_convert__takes_one_story_out_of_an_archive(gamebook, tmp_path):
    stories = [gb.parse_twee(f":: StoryTitle\n{name}\n\n:: Start\n{name}\n") for name in ("Sun", "Moon")]
    archive, one = tmp_path / "archive.html", tmp_path / "one.twee"
    archive.write_text(gb.to_twine_archive(stories), encoding="utf-8")
    assert "--title" in gamebook("convert", archive, one).err
    assert gamebook("convert", archive, one, "--title", "Moon").status == 0
    assert gb.read_story(one).text("Start") == "Moon"
