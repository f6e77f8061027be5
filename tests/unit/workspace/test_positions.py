from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from zx.workspace.positions import KeyPath, positions

TEXT = '''\
# a comment with [brackets] and "quotes"
a.b = 1 # dotted
"quoted key" = "x = ] # not a comment"
list = [
  "one", # first
  { k = 2, "z.z" = [3] },
]
long = """
[not.a.table]
k = 1
"""
[t."u.v"]
w = 2026-07-01
[[rows]]
n = 1
[[rows]]
n = 2
'''


def text_at(text: str, path: KeyPath) -> str:
    span = positions(text, "f").get(path)
    assert span is not None, path
    value = span.value
    lines = text.split("\n")[value.line - 1 : value.end_line]
    lines[-1] = lines[-1][: value.end_column - 1]
    lines[0] = lines[0][value.column - 1 :]
    return "\n".join(lines)


def test_every_way_of_writing_a_key_is_found() -> None:
    assert text_at(TEXT, ("a", "b")) == "1"
    assert text_at(TEXT, ("quoted key",)) == '"x = ] # not a comment"'
    assert text_at(TEXT, ("list", 0)) == '"one"'
    assert text_at(TEXT, ("list", 1, "k")) == "2"
    assert text_at(TEXT, ("list", 1, "z.z", 0)) == "3"
    assert text_at(TEXT, ("t", "u.v", "w")) == "2026-07-01"
    assert text_at(TEXT, ("rows", 1, "n")) == "2"
    assert text_at(TEXT, ("t", "u.v")) == '[t."u.v"]'
    assert ("not", "a", "table") not in positions(TEXT, "f")


def leaves(value: Any, path: KeyPath = ()) -> list[tuple[KeyPath, Any]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [(path, value)]


scalars = st.one_of(
    st.booleans().map(lambda value: "true" if value else "false"),
    st.integers(-9, 9999).map(str),
    st.text("ab]}#,='\\\"\n\t é", max_size=6).map(
        lambda text: (
            '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
        )
    ),
    st.text('ab]}#,= "', max_size=6).map(lambda text: f"'{text}'"),
)
keys = st.one_of(st.text("abz-_9", min_size=1, max_size=3), st.sampled_from(['"a b"', "'c.d'", '"\\u00e9"']))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + " , ".join(items) + "]"),
        st.dictionaries(keys, inner, max_size=2).map(
            lambda items: "{" + ", ".join(f"{key} = {value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["k1", "k2", '"k 3"']), values, max_size=3), st.sampled_from(["", "[t]\n"]))
def test_the_text_at_each_place_parses_to_the_value(pairs: dict[str, str], header: str) -> None:
    text = header + "".join(f"{key} = {value} # end\n" for key, value in pairs.items())
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # one key twice, spelled two ways
    for path, value in leaves(parsed):
        assert tomllib.loads(f"x = {text_at(text, path)}")["x"] == value
