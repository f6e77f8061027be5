"""The colours of HTML reports in both themes, and which pairs of them must be readable on each other.

Quiet paper and ink; five hues for the five things that can happen to a record. Each hue has an ink (text), a wash (a
tinted ground) and a line. A test computes the contrast of every pair (WCAG 2.2: 1.4.3, 1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "page": "#f6f4ef",
    "sheet": "#fffdf9",
    "inset": "#f3f0e9",
    "ink": "#1d2320",
    "soft": "#565e59",
    "line": "#dfdacd",
    "edge": "#858177",
    "link": "#0a5a6e",
    "focus": "#0a5a6e",
    "good-ink": "#14603c",
    "good-wash": "#e6f2e9",
    "good-line": "#3d8a62",
    "calm-ink": "#1c5480",
    "calm-wash": "#e5eef6",
    "calm-line": "#4a80ab",
    "warn-ink": "#7a4a00",
    "warn-wash": "#fbf0d9",
    "warn-line": "#b07a1c",
    "bad-ink": "#9c2323",
    "bad-wash": "#fbe9e6",
    "bad-line": "#c25450",
    "gone-ink": "#6a3f78",
    "gone-wash": "#f2eaf4",
    "gone-line": "#946aa1",
    "mute-ink": "#555b57",
    "mute-wash": "#ecebe5",
    "mute-line": "#83867f",
}

DARK: Mapping[str, str] = {
    "page": "#131615",
    "sheet": "#1b1f1d",
    "inset": "#232826",
    "ink": "#e9e7e0",
    "soft": "#a9b0aa",
    "line": "#333a36",
    "edge": "#7c857f",
    "link": "#7cc7db",
    "focus": "#8fd3e6",
    "good-ink": "#8ed3ab",
    "good-wash": "#1a2e23",
    "good-line": "#57a57c",
    "calm-ink": "#98c5ea",
    "calm-wash": "#1b2a37",
    "calm-line": "#5e94be",
    "warn-ink": "#ecc27a",
    "warn-wash": "#33291a",
    "warn-line": "#bd8f43",
    "bad-ink": "#f4a79f",
    "bad-wash": "#3a2220",
    "bad-line": "#cf6d66",
    "gone-ink": "#d3b1de",
    "gone-wash": "#2e2433",
    "gone-line": "#a27db0",
    "mute-ink": "#b3b9b4",
    "mute-wash": "#292e2b",
    "mute-line": "#7c837e",
}

HUES = ("good", "calm", "warn", "bad", "gone", "mute")

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("ink", "soft", "link") for ground in ("page", "sheet", "inset")),
    *((f"{hue}-ink", f"{hue}-wash") for hue in HUES),
    *((f"{hue}-ink", "sheet") for hue in HUES),
    *((ink, f"{hue}-wash") for hue in HUES for ink in ("ink", "soft")),
)
"""Text on its ground: 4.5 to 1 at least."""

CONTROL_PAIRS: tuple[tuple[str, str], ...] = (
    *(("edge", ground) for ground in ("page", "sheet", "inset")),
    *(("focus", ground) for ground in ("page", "sheet", "inset")),
    *((f"{hue}-line", "sheet") for hue in HUES),
    *(("focus", f"{hue}-wash") for hue in HUES),
)
"""Edges of buttons and fields, marks of focus, and bars that carry a hue: 3 to 1 at least."""


def contrast(first: str, second: str) -> float:
    """The contrast of two colours ``#rrggbb`` as WCAG 2.2 defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
