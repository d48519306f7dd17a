"""The proofing copy: every passage is in it once, numbered and linked, and nothing of it runs."""

from __future__ import annotations

import re
from pathlib import Path

import gamebook_lab as gb
from gamebook_lab.formats import parse_twee

DATA = Path(__file__).resolve().parents[2] / "data"


def test_proof__has_every_passage_with_its_number_and_links():
    story = gb.read_story(DATA / "small" / "gated.twee")
    proof = gb.proofing_copy(story)
    html = proof.to_html()
    assert proof.n_passages == len(story)
    assert re.findall(r'id="p(\d+)"', html) == [str(n) for n in range(1, len(story) + 1)]
    assert set(re.findall(r'href="#p(\d+)"', html)) <= set(re.findall(r'id="p(\d+)"', html))
    assert "anybody may pick up a ticket" in html


def test_proof__without_code():
    story = gb.read_story(DATA / "small" / "gated.twee")
    assert gb.proofing_copy(story, code=False).n_passages == int((story.table["kind"] == "story").sum())


def test_proof__a_missing_passage_and_hostile_words_are_words(tmp_path):
    attack = "<script>alert(1)</script>"
    proof = gb.proofing_copy(parse_twee(f":: Start [{attack}]\n{attack} [[Gone {attack}]]\n"))
    html = proof.to_html()
    assert "(missing)" in html
    assert "<script" not in html
    proof.save(tmp_path / "proof.html")
    assert (tmp_path / "proof.html").read_text("utf-8") == html
