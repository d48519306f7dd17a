from gamebook_lab.languages.shared.kept import Kept


def test_kept__makes_each_once_and_drops_what_was_not_asked_for_longest():
    made = []
    kept = Kept(2)

    def ask(key):
        return kept.get(key, lambda: made.append(key) or key.upper())

    assert [ask(key) for key in "ababcab"] == list("ABABCAB")
    assert made == list("abcab")  # c took a's place, a took b's, b took c's
