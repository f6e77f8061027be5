"""Found by every Python that a test starts: records there as the tests themselves do (``tests/specifications``)."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

if os.environ.get("ZX_RECORD"):
    _spec = importlib.util.spec_from_file_location("zx_recording", Path(__file__).resolve().parents[1] / "recording.py")
    assert _spec is not None and _spec.loader is not None
    _module = importlib.util.module_from_spec(_spec)
    sys.modules["zx_recording"] = _module
    _spec.loader.exec_module(_module)
    _module.install()
