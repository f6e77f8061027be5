"""``dataclass`` for classes with slots, like the standard library's, at a tenth of its price at start (decision 0021).

zx is made of some four hundred such classes. For each the standard decorator writes six functions as text and compiles
them when the module is loaded, which was half of the time of a cold ``zx check``. Here comparing, hashing and showing
are shared, and ``__init__`` is compiled when the first value is made: most classes of a run never have one.

For type checkers this *is* the standard decorator, and for ``fields``, ``replace``, ``match`` and ``copy`` the classes
are like its own. Left out is what zx does not use: classes without slots, inherited fields, ``InitVar``, ``kw_only``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, field
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

_FIELDS = "__dataclass_fields__"
_ORDINARY: Any = vars(dataclasses)["_FIELD"]
"""How the standard library marks a field that is neither ``ClassVar`` nor ``InitVar``."""
_MADE = object()
"""Stands for an argument that a factory makes."""


def _dataclass(
    *, slots: bool, frozen: bool = False, eq: bool = True, order: bool = False, unsafe_hash: bool = False
) -> Callable[[type[Any]], type[Any]]:
    if not slots:
        raise TypeError("only classes with slots")

    def made(cls: type[Any]) -> type[Any]:
        if any(hasattr(base, _FIELDS) for base in cls.__bases__):
            raise TypeError(f"{cls.__name__} inherits fields")
        if vars(cls).get("__hash__") is not None:
            raise TypeError(f"{cls.__name__} has a __hash__ of its own")
        parts = _parts(cls)
        namespace = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
        for name in parts:
            namespace.pop(name, None)
        namespace |= {"__slots__": tuple(parts), _FIELDS: parts}
        namespace.setdefault("__match_args__", tuple(name for name, part in parts.items() if part.init))
        namespace.setdefault("__repr__", _show)
        if eq:
            compared = _getter([name for name, part in parts.items() if part.compare])
            namespace.setdefault("__eq__", _equality(compared))
            if order:
                namespace |= _orders(compared)
        if unsafe_hash or (eq and frozen):
            hashed = [name for name, part in parts.items() if (part.compare if part.hash is None else part.hash)]
            namespace["__hash__"] = _hashing(_getter(hashed))
        elif eq:
            namespace["__hash__"] = None
        if frozen:
            namespace |= _FROZEN
        namespace["__init__"] = _first_init(parts, frozen)
        metaclass: Callable[..., type[Any]] = type(cls)
        new = metaclass(cls.__name__, cls.__bases__, namespace)
        new.__qualname__ = cls.__qualname__
        return new

    return made


def _parts(cls: type[Any]) -> dict[str, Field[Any]]:
    """The fields of ``cls`` by name, in order."""
    parts: dict[str, Field[Any]] = {}
    for name, annotation in cls.__annotations__.items():
        if str(annotation).startswith(("ClassVar", "typing.ClassVar")):
            continue
        given = vars(cls).get(name, MISSING)
        part: Any = given if isinstance(given, Field) else field(default=given)
        if part.default.__class__.__hash__ is None:
            raise ValueError(f"{cls.__name__}.{name}: values would share this default; use default_factory")
        part.name, part.type, part.kw_only, part._field_type = name, annotation, False, _ORDINARY
        parts[name] = part
    return parts


# --- making a value ---------------------------------------------------------------------------------------------------


def _first_init(parts: Mapping[str, Field[Any]], frozen: bool) -> Callable[..., None]:
    """An ``__init__`` that puts the real one in its own place when it is called first."""

    def first(self: Any, /, *given: Any, **named: Any) -> None:
        owner: Any = next(made for made in type(self).__mro__ if vars(made).get(_FIELDS) is parts)
        owner.__init__ = _init(owner, parts, frozen)
        owner.__init__(self, *given, **named)

    return first


def _init(owner: type[Any], parts: Mapping[str, Field[Any]], frozen: bool) -> Callable[..., None]:
    """``__init__`` for these fields. A frozen value is filled through the descriptors of its slots, which is quicker
    than ``object.__setattr__`` and does not ask ``__setattr__`` either."""
    takes, sets, given = [], [], dict[str, Any]()
    for number, (name, part) in enumerate(parts.items()):
        value = name
        if part.default_factory is not MISSING:
            given[f"_make{number}"] = part.default_factory
            value = f"_make{number}() if {name} is _MADE else {name}" if part.init else f"_make{number}()"
        elif part.default is not MISSING:
            given[f"_default{number}"] = part.default
            value = name if part.init else f"_default{number}"
        elif not part.init:
            continue
        if part.init and part.default_factory is not MISSING:
            takes.append(f"{name}=_MADE")
        elif part.init:
            takes.append(name if part.default is MISSING else f"{name}=_default{number}")
        if frozen:
            given[f"_set{number}"] = owner.__dict__[name].__set__
        sets.append(f"_set{number}(self, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(owner, "__post_init__"):
        sets.append("self.__post_init__()")
    maker = _maker(tuple(given), tuple(takes), tuple(sets))
    made: Callable[..., None] = maker(_MADE, *given.values())
    made.__qualname__ = f"{owner.__qualname__}.__init__"
    made.__module__ = owner.__module__
    return made


@cache
def _maker(given: tuple[str, ...], takes: tuple[str, ...], sets: tuple[str, ...]) -> Callable[..., Any]:
    """A function from what ``__init__`` uses to ``__init__``. Its text holds names of fields and nothing else; classes
    with fields of the same names share it."""
    body = "\n  ".join(sets or ("pass",))
    text = (
        f"def maker({', '.join(('_MADE', *given))}):\n"
        f" def __init__({', '.join(('self', *takes))}):\n  {body}\n return __init__\n"
    )
    found: dict[str, Any] = {}
    exec(text, {}, found)
    maker: Callable[..., Any] = found["maker"]
    return maker


# --- comparing and showing --------------------------------------------------------------------------------------------


def _getter(names: list[str]) -> Callable[[Any], Any]:
    """A function from a value to what these fields hold, equal for two values when the fields are."""
    return attrgetter(*names) if names else _nothing


def _nothing(value: object) -> tuple[()]:
    return ()


def _equality(get: Callable[[Any], Any]) -> Callable[[Any, object], Any]:
    def equal(self: Any, other: Any) -> Any:
        return get(self) == get(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hashing(get: Callable[[Any], Any]) -> Callable[[Any], int]:
    def hashed(self: Any) -> int:
        return hash(get(self))

    return hashed


def _orders(get: Callable[[Any], Any]) -> dict[str, Callable[[Any, Any], Any]]:
    def lt(self: Any, other: Any) -> Any:
        return get(self) < get(other) if other.__class__ is self.__class__ else NotImplemented

    def le(self: Any, other: Any) -> Any:
        return get(self) <= get(other) if other.__class__ is self.__class__ else NotImplemented

    def gt(self: Any, other: Any) -> Any:
        return get(self) > get(other) if other.__class__ is self.__class__ else NotImplemented

    def ge(self: Any, other: Any) -> Any:
        return get(self) >= get(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__lt__": lt, "__le__": le, "__gt__": gt, "__ge__": ge}


def _show(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, part in getattr(self, _FIELDS).items() if part.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


# --- frozen values ----------------------------------------------------------------------------------------------------


def _refuse_setting(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in getattr(self, _FIELDS)]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(getattr(self, _FIELDS), state, strict=True):
        object.__setattr__(self, name, value)


_FROZEN: Mapping[str, Callable[..., Any]] = {
    "__setattr__": _refuse_setting,
    "__delattr__": _refuse_deleting,
    "__getstate__": _state,  # what `copy` and `pickle` ask for
    "__setstate__": _restore,
}

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass

__all__ = ["dataclass"]
