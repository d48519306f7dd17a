"""What the browser measures: named, checked, and answered when all is said."""

from __future__ import annotations

import math

import pytest

from gamebook_lab.telemetry import Registry
from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.widgets.bundle import BundledWidget
from gamebook_lab.widgets.probe import Silence, action_of, observe


@pytest.fixture
def registry():
    return Registry()


def batch(**what):
    return {"type": "_probe", "frames": 60, "seconds": 1.0, "long": [], "responses": [], "round_trip": None, **what}


def test_action__is_named_by_widget_and_message():
    assert action_of("StoryMap", "select") == "story_map.select"
    assert action_of("Studio", "undo") == "studio.undo"


@pytest.mark.parametrize("kind", ["<b>", "a passage's name", "x" * 40, None, 3])
def test_action__that_no_script_of_ours_sends_is_other(kind):
    assert action_of("Studio", kind) == "other"


def test_observe__takes_in_responses_with_the_kernels_part(registry):
    action = action_of("Studio", "undo")
    observe(batch(responses=[[action, 0.04, 0.01], [action, 0.06, 0.02]]), registry)
    seen = registry.snapshot()
    assert seen.get("response_seconds", action=action).distribution.n == 2
    assert seen.get("kernel_seconds", action=action).distribution.max == 0.02


def test_observe__counts_frames_only_over_a_time_that_says_something(registry):
    observe(batch(frames=58), registry)
    observe(batch(frames=1, seconds=0.016), registry)
    fps = registry.snapshot().get("frames_per_second").distribution
    assert (fps.n, fps.max) == (1, 58)


def test_observe__takes_in_long_frames_and_round_trips(registry):
    observe(batch(long=[0.07, 2.5], round_trip=0.012), registry)
    seen = registry.snapshot()
    assert seen.get("long_frame_seconds").distribution.n == 2
    assert seen.get("round_trip_seconds").distribution.max == 0.012


@pytest.mark.parametrize("bad", [None, "60", -1, math.inf, math.nan, True, [], {}, 1e9])
def test_observe__leaves_out_what_is_no_sensible_figure(registry, bad):
    action = action_of("Studio", "undo")
    strange = {"frames": bad, "seconds": bad, "long": bad, "responses": [[action, bad, bad], bad], "round_trip": bad}
    observe(strange, registry)
    observe({"long": [bad], "responses": [[bad, 1.0, 1.0], ["never.sent", 1.0, 1.0]]}, registry)
    assert not registry.snapshot().samples


def test_observe__takes_in_only_so_much_of_a_batch(registry):
    action = action_of("Studio", "undo")
    observe(batch(responses=[[action, 0.1, 0.1]] * 100_000, long=[0.1] * 100_000), registry)
    assert registry.snapshot().get("response_seconds", action=action).distribution.n == 200


def test_metrics__are_in_the_catalogue(registry):
    observe(batch(responses=[[action_of("Studio", "undo"), 0.1, 0.1]], long=[0.1], round_trip=0.1), registry)
    for sample in registry.snapshot().samples:
        info = CATALOGUE[sample.name]
        assert (info.kind, info.labels) == (sample.kind, tuple(label for label, _ in sample.labels))


class Toy(BundledWidget):
    """Answers twice."""

    def __init__(self):
        super().__init__(_esm="export default {}", _css="")
        self.heard = []
        self.on_msg(self._hear)

    def _hear(self, _widget, content, _buffers):
        self.heard.append(content)
        self.send({"type": "first"})
        self.send({"type": "second"})


def test_message__that_is_numbered_is_answered_after_all_that_was_said(heard):
    toy = Toy()
    sent = heard(toy)
    toy._handle_custom_msg({"type": "press", "_probe": "a:1"}, [])
    assert [message["type"] for message in sent] == ["first", "second", "_done"]
    assert toy.heard == [{"type": "press"}], "the number is the probe's business"
    done = sent.last("_done")
    assert (done["id"], done["action"]) == ("a:1", "toy.press")
    assert done["seconds"] > 0
    toy.close()


def test_message__without_a_number_is_answered_by_its_handler_only(heard):
    toy = Toy()
    sent = heard(toy)
    toy._handle_custom_msg({"type": "press"}, [])
    assert [message["type"] for message in sent] == ["first", "second"]
    toy.close()


def test_batch__goes_into_the_metrics_and_not_to_the_widget(heard):
    toy = Toy()
    sent = heard(toy)
    toy._handle_custom_msg({**batch(), "_probe": "a:2"}, [])
    assert not toy.heard
    assert sent.last("_done")["action"] == "_probe"
    toy.close()


def test_silence__grows_until_a_page_tells_something_or_none_is_expected(registry):
    now = [100.0]
    silence = Silence(clock=lambda: now[0])
    seen = []
    for step in ("note", "note", "heard", "note", "over"):
        if step == "heard":
            silence.heard()
            continue
        getattr(silence, step)(registry)
        seen.append(registry.snapshot().value("browser_silence_seconds"))
        now[0] += 2
    assert seen == [0, 2, 0, 0]
