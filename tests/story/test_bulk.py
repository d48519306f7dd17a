import gc

import pytest

from gamebook_lab.story.bulk import unscanned


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


@pytest.mark.parametrize("n", [1, 2_500])
def test_unscanned__what_others_have_set_aside_stays_so(n):
    gc.freeze()
    try:
        assert list(unscanned(range(n))) == list(range(n))
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
