import json
import re
from urllib.parse import unquote

import pytest

from gamebook_lab.story.problems import CODES

LEVELS = {"none", "note", "warning", "error"}


def assert_is_sarif(log):
    """Check the rules of SARIF 2.1.0 that concern what we write (OASIS, sections 3.13 to 3.30)."""
    assert log["version"] == "2.1.0"
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        rules = driver["rules"]
        assert driver["name"]
        assert len({rule["id"] for rule in rules}) == len(rules)
        for rule in rules:
            assert rule["shortDescription"]["text"]
            assert rule["help"]["text"]
            assert rule["defaultConfiguration"]["level"] in LEVELS
        assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["level"] in LEVELS
            assert result["message"]["text"]
            assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
            for location in result["locations"]:
                assert_is_location(location, run["originalUriBaseIds"])


def assert_is_location(location, bases):
    artifact = location["physicalLocation"]["artifactLocation"]
    assert artifact["uriBaseId"] in bases
    assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", artifact["uri"])
    assert not artifact["uri"].startswith("/")
    region = location["physicalLocation"].get("region", {"startLine": 1})
    assert all(type(value) is int and value >= 1 for value in region.values())
    if "endLine" in region:
        assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])


@pytest.fixture
def sarif(gamebook, reads, toy, twee):
    def give(passages, path=twee, **options):
        reads(toy.toy_story(passages, **options))
        log = json.loads(gamebook("check", path, "--format", "sarif").out)
        assert_is_sarif(log)
        return log["runs"][0]

    return give


def test_sarif__no_problems(sarif):
    assert sarif({"Start": "Hi."})["results"] == []


def test_sarif__every_code_is_a_rule(sarif):
    assert [rule["id"] for rule in sarif({"Start": "Hi."})["tool"]["driver"]["rules"]] == list(CODES)


def test_sarif__result_has_rule_place_and_passage(sarif):
    result = sarif({"Start": "Hi.\nDown [[Nope]] [[Start]]"})["results"][0]
    assert (result["ruleId"], result["level"]) == ("GB101", "error")
    location = result["locations"][0]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "toy.twee", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 8, "endLine": 3, "endColumn": 12},
    }
    assert location["logicalLocations"] == [{"name": "Start", "kind": "element"}]


def test_sarif__region_over_several_lines(sarif):
    result = sarif({"Start": "Hi {code one\ntwo\nthree} [[Start]]"})["results"][-1]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 4, "endLine": 4, "endColumn": 7}


def test_sarif__note_is_the_level_of_info(sarif):
    assert [result["level"] for result in sarif({"Start": "Hi {set $x}"})["results"]] == ["note"]


def test_sarif__whole_story_problem_names_its_file(sarif):
    location = sarif({"A": "Hi."}, start=None)["results"][0]["locations"][0]
    assert location == {"physicalLocation": {"artifactLocation": {"uri": "toy.twee", "uriBaseId": "%SRCROOT%"}}}


def test_sarif__uris_are_percent_encoded_and_relative(sarif, tmp_path):
    folder = tmp_path / "c: höhle & mehr"
    folder.mkdir()
    (folder / "toy.twee").touch()
    result = sarif({"Start": "[[Nope]] [[Start]]"}, folder)["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == "c: höhle & mehr/toy.twee"


def test_sarif__story_outside_of_the_folder_shows_no_absolute_path(sarif, tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    result = sarif({"Start": "[[Nope]] [[Start]]"}, tmp_path / "toy.twee")["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "toy.twee"


def test_sarif__fingerprint_survives_a_move_down(sarif):
    def fingerprint(text):
        return sarif({"Start": text})["results"][0]["partialFingerprints"]

    assert fingerprint("[[Nope]] [[Start]]") == fingerprint("\n\nHi [[Nope]] [[Start]]")
