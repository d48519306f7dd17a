"""Numbers longer than Python writes by itself."""

import random

from gamebook_lab.analysis.large_numbers import decimal, rounded


def test_decimal__of_any_size():
    number = 7 ** random.Random(1).randrange(9_000, 9_100)
    text = decimal(number)
    assert len(text) > 7_000
    assert sum(int(digit) * pow(10, at, 10**9 + 7) for at, digit in enumerate(reversed(text))) % (
        10**9 + 7
    ) == number % (10**9 + 7)
    assert decimal(1234567, grouped=True) == "1,234,567"


def test_rounded__of_any_size():
    assert rounded(0) == "0"
    assert rounded(10**15 - 1) == "999,999,999,999,999"
    assert rounded(123 * 10**5_000) == "about 1.23 x 10^5,002"
