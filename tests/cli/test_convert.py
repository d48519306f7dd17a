from types import SimpleNamespace

from gamebook_lab.errors import ConflictError
from gamebook_lab.story.problems import Problem


def test_convert__writes_and_tells_what_is_lost(gamebook, reads, toy, monkeypatch):
    reads(toy.toy_story({"A": "Hi."}, import_problems=(Problem("GB501", "Odd position", line=4),)))
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


def test_convert__existing_file_is_refused(gamebook, reads, toy, monkeypatch):
    def refuse(story, path, *, overwrite):
        raise ConflictError(f"{path} exists")

    reads(toy.toy_story({"A": "Hi."}))
    monkeypatch.setattr("gamebook_lab.formats.save_story", refuse, raising=False)
    run = gamebook("convert", "a.html", "b.twee")
    assert (run.status, run.out, run.err) == (2, "", "gamebook: b.twee exists\n")
