"""``gamebook proof`` and ``gamebook paper``."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data" / "small"


def test_proof__writes_a_page_and_does_not_replace_one_unasked(gamebook, tmp_path):
    output = tmp_path / "proof.html"
    run = gamebook("proof", DATA / "gated.twee", "-o", output)
    assert (run.status, run.out) == (0, f"{output}: 9 passages\n") or "passages" in run.out
    assert "The Foyer" in output.read_text("utf-8")
    assert gamebook("proof", DATA / "gated.twee", "-o", output).status == 2
    assert gamebook("proof", DATA / "gated.twee", "-o", output, "--overwrite", "--no-code").status == 0


def test_paper__writes_a_book_that_was_checked(gamebook, tmp_path):
    run = gamebook("paper", DATA / "gated.twee", "-o", tmp_path / "book.html", "--seed", "3")
    assert run.status == 0
    assert "10 sections, checked in 15 states" in run.out
    assert "turn to" in (tmp_path / "book.html").read_text("utf-8")


def test_paper__says_what_is_in_the_way(gamebook, tmp_path):
    run = gamebook("paper", DATA / "problems.twee", "-o", tmp_path / "book.html")
    assert run.status == 1
    assert "GB801" in run.err
    assert not (tmp_path / "book.html").exists()
