from __future__ import annotations

from zx.compile.textdiff import line_map

OLD = "map a\n  X = 1\n  Y = 2\n  Z = 3\n"


def test_a_changed_line_knows_the_one_whose_place_it_took() -> None:
    found = line_map({"r.zx": OLD}, {"r.zx": OLD.replace("Y = 2", "Y = 5")})
    assert found.added == found.removed == {("r.zx", 3)}
    assert found.before == {("r.zx", 3): ("r.zx", 3)}
    assert (found.old_text(("r.zx", 3)), found.new_text(("r.zx", 3))) == ("Y = 2", "Y = 5")


def test_blanks_and_places_are_no_change() -> None:
    found = line_map({"r.zx": OLD}, {"r.zx": "# moved down\n" + OLD.replace("X = 1", "X   =   1")})
    assert found.added == {("r.zx", 1)} and found.removed == frozenset()


def test_a_line_that_moved_to_another_file_is_no_change() -> None:
    found = line_map(
        {"a.zx": OLD, "b.zx": "map b\n"}, {"a.zx": "map a\n  X = 1\n", "b.zx": "map b\n  Y = 2\n  Z = 4\n"}
    )
    assert found.added == {("b.zx", 3)} and found.removed == {("a.zx", 4)}


def test_the_order_within_a_file_counts() -> None:
    rows = ("| a | 1 |", "| * | 2 |")
    found = line_map({"t.zx": "\n".join(rows)}, {"t.zx": "\n".join(reversed(rows))})
    assert found.added and found.removed


def test_an_inserted_line_takes_the_place_of_none() -> None:
    found = line_map({"t.zx": "| a | 1 |\n| * | 2 |\n"}, {"t.zx": "| a | 1 |\n| b | 9 |\n| * | 2 |\n"})
    assert found.added == {("t.zx", 2)} and found.before == {} and found.removed == frozenset()
