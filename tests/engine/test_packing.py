from gamebook_lab.engine.packing import Fields, Layout


def filled(fields, counts):
    for name, n in counts.items():
        interned = fields.interned[fields.field(name)]
        for value in range(n - 2):  # unknown and unset are there
            interned.number(value)


def test_fields__those_that_are_too_narrow_are_widened():
    fields = Fields(("$a", "$b"))
    filled(fields, {"$a": 3, "$b": 2})
    assert fields.is_narrow(2)
    assert fields.widths == [1, 2, 1]
    assert not fields.is_narrow(2)
    assert fields.is_narrow(3)
    assert fields.widths == [2, 2, 1]


def test_fields__of_the_width_that_is_needed_never_are_too_narrow_again():
    counts = {"$a": 5, "$b": 2, "$c": 17}
    before = Fields(tuple(counts))
    filled(before, counts)
    assert before.is_narrow(9)
    needed = before.needed(9)
    assert needed == {"": 4, "$a": 3, "$b": 1, "$c": 5}
    again = Fields(tuple(counts), needed)
    filled(again, counts)
    assert again.layout.end == Layout.of([4, 3, 1, 5]).end
    assert not again.is_narrow(9)


def test_fields__what_is_expected_of_other_variables_is_left_aside():
    fields = Fields(("$a",), {"$b": 7})
    assert fields.widths == [1, 1]
