"""Our ``dataclass`` beside the standard one: the same declarations, and nobody can tell the classes apart."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from functools import partial
from typing import Any, ClassVar

import pytest

from zx.values import dataclass as ours


class Nothing:
    """No fields."""


class Point:
    x: int
    y: int = 7
    ORIGIN: ClassVar[int] = 3

    @property
    def both(self) -> tuple[int, int]:
        return self.x, self.y


class Parts:
    name: str
    words: list[str] = field(default_factory=list)
    note: str = field(default="-", repr=False, compare=False)
    count: int = field(init=False, default=4)
    known: dict[str, int] = field(init=False, default_factory=dict)


class Odd:
    x: int = 1

    def __repr__(self) -> str:
        return "odd"


class After:
    x: int
    seen: list[int]

    def __post_init__(self) -> None:
        self.seen.append(self.x)


SHAPES: dict[type[Any], list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    Nothing: [((), {})],
    Point: [((1,), {}), ((1, 2), {}), ((), {"y": 1, "x": 2}), ((1, 7), {})],
    Parts: [(("a",), {}), (("a", ["b"], "c"), {}), (("a",), {"words": ["b"], "note": "d"})],
    Odd: [((), {}), ((2,), {})],
    After: [((5, []), {})],
}
OPTIONS: list[dict[str, bool]] = [
    {},
    {"frozen": True},
    {"frozen": True, "order": True},
    {"order": True, "unsafe_hash": True},
    {"frozen": True, "eq": False},
    {"eq": False},
]


def pair(shape: type[Any], **options: bool) -> tuple[type[Any], type[Any]]:
    """``shape`` as a class of the standard library and as one of ours."""
    made = []
    for decorator in (dataclasses.dataclass, vars(ours)["dataclass"]):
        namespace = {
            name: copy.copy(value) if isinstance(value, dataclasses.Field) else value
            for name, value in vars(shape).items()
            if name not in ("__dict__", "__weakref__")
        }
        made.append(decorator(slots=True, **options)(type(shape.__name__, (), namespace)))
    return made[0], made[1]


def outcome(work: Callable[[], Any]) -> Any:
    """What comes of it: a value, or which error."""
    try:
        return work()
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_every_declaration_means_what_it_means_in_the_standard_library(
    shape: type[Any], options: dict[str, bool]
) -> None:
    standard, own = pair(shape, **options)
    assert own.__slots__ == standard.__slots__
    assert own.__match_args__ == standard.__match_args__
    assert [part.name for part in dataclasses.fields(own)] == [part.name for part in dataclasses.fields(standard)]
    theirs, mine = ([made(*a, **named) for a, named in copy.deepcopy(SHAPES[shape])] for made in (standard, own))
    for one, other in zip(theirs, mine, strict=True):
        assert repr(other) == repr(one)
        assert (own.__hash__ is None) == (standard.__hash__ is None)
        assert not hasattr(other, "__dict__")
        assert dataclasses.is_dataclass(other)
    for compare in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
        answers = [
            [outcome(partial(getattr(one, compare), other)) for one in values for other in (*values, 3)]
            for values in (theirs, mine)
        ]
        assert answers[0] == answers[1], compare


@pytest.mark.parametrize("wrong", [((), {}), ((1, 2, 3), {}), ((1,), {"z": 1}), ((1,), {"x": 1})], ids=str)
def test_wrong_arguments_are_refused_in_the_same_words(wrong: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
    standard, own = pair(Point, frozen=True)
    for _ in range(2):  # the first value and those after it
        errors = [outcome(lambda made=made: made(*wrong[0], **wrong[1])) for made in (standard, own)]
        assert errors[0][0] is TypeError
        assert errors[0] == errors[1]


def test_equal_values_hash_alike_and_others_are_told_apart() -> None:
    _, own = pair(Parts, unsafe_hash=True)
    object.__setattr__(known := own("a", ()), "known", ())
    object.__setattr__(noted := own("a", (), "another note"), "known", ())
    object.__setattr__(other := own("b", ()), "known", ())
    assert len({known, noted, other}) == 2


def test_a_frozen_value_stays_as_it_is() -> None:
    _, own = pair(Point, frozen=True)
    value = own(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        value.x = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del value.x
    assert value == own(1)


def test_replace_and_match_know_the_fields() -> None:
    _, own = pair(Point, frozen=True)
    assert dataclasses.replace(own(1), y=2) == own(1, 2)
    match own(1, 2):
        case own(x, y):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("the fields were not found")


@ours.dataclass(frozen=True, slots=True)
class Kept:
    x: int
    inner: tuple[int, ...] = ()


def test_copies_and_pickles_of_frozen_values_are_equal() -> None:
    value = Kept(1, (2, 3))
    assert copy.copy(value) == copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value


def test_what_zx_does_not_use_is_refused_at_once() -> None:
    make = vars(ours)["dataclass"]
    with pytest.raises(TypeError, match="slots"):
        make(slots=False)
    with pytest.raises(TypeError, match="inherits"):
        make(slots=True)(type("Child", (Kept,), {"__annotations__": {"y": "int"}}))
    with pytest.raises(ValueError, match="default_factory"):
        make(slots=True)(type("Shared", (), {"__annotations__": {"y": "list"}, "y": []}))
