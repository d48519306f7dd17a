"""What belongs to one stretch of work on a passage."""

from __future__ import annotations

from gamebook_lab.store.passage_past import Version, stretches


def version(revision, time, *, who="Ada", session="s", name=None):
    return Version(revision, time, who, session, "Edit text", f"text {revision}", f"text {revision - 1}", name)


def test_stretches__end_with_a_pause_another_person_a_name_or_an_hour():
    found = [
        version(9, 9000.0),
        version(8, 8900.0, who="Bo", session="t"),
        version(7, 8000.0),
        version(6, 7900.0),
        version(5, 7300.0),
        version(4, 7200.0, name="as sent"),
        version(3, 7100.0),
    ]
    made = stretches(found)
    assert [(each.last.revision, each.n) for each in made] == [(9, 1), (8, 1), (7, 2), (5, 1), (4, 2)]
    assert (made[2].began, made[2].before) == (7900.0, "text 5")
    assert [each.n for each in stretches([version(n, 300.0 * n) for n in range(30, 0, -1)])] == [12, 12, 6]
