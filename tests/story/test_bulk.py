import gc

import pytest

from gamebook_lab.story.bulk import uncollected, unscanned


def test_unscanned__gives_all_and_leaves_nothing_set_aside():
    counts = []
    kept = []
    for number in unscanned(range(2_500)):
        kept.append([number])
        if number in {0, 1_500, 2_499}:  # counting walks along all that is set aside
            counts.append(gc.get_freeze_count())
    assert kept == [[number] for number in range(2_500)]
    assert counts[0] < counts[1] < counts[2]
    assert gc.get_freeze_count() == 0


def test_unscanned__an_error_leaves_nothing_set_aside():
    items = unscanned(range(2_500))
    for number in items:
        if number == 1_500:
            break
    assert gc.get_freeze_count()
    with pytest.raises(ZeroDivisionError):
        items.throw(ZeroDivisionError())
    assert gc.get_freeze_count() == 0


def test_uncollected__nothing_is_looked_through_meanwhile():
    before = gc.get_stats()
    with uncollected():
        kept = [[number] for number in range(5_000)]
        assert [each["collections"] for each in gc.get_stats()] == [each["collections"] for each in before]
    assert gc.isenabled()
    assert gc.get_freeze_count() > len(kept)
    gc.unfreeze()


def test_uncollected__an_error_turns_collecting_on_again():
    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled()
    gc.unfreeze()
