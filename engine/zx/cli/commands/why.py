"""``zx why CODE``."""

from __future__ import annotations

import click

from zx.cli.exits import Exit
from zx.cli.face import Face


@click.command()
@click.argument("code", required=False)
@click.pass_obj
def command(face: Face, code: str | None) -> int:
    """Explain a code of a message, such as E0402: what it means, an example, and its cure.

    Without CODE, list all codes with their titles.
    """
    from zx.diagnostics.codes import CODES
    from zx.diagnostics.examples import examples
    from zx.diagnostics.suggest import nearest

    if code is None:
        for known in sorted(CODES):
            face.put(f"{known:<6} {CODES[known].title}")
        return Exit.DONE
    wanted = code.strip("[]`'\" ").upper()
    if wanted not in CODES:
        near = nearest(wanted, CODES)
        raise click.UsageError(f"there is no code {code}" + (f"; did you mean {near}?" if near else ""))
    info = CODES[wanted]
    example = examples()[wanted]
    face.put(f"{info.code}: {info.title}\n\n{info.explanation.strip()}")
    for words, lines in (("for example", example.wrong), ("cure", example.right)):
        face.put("\n".join(("", f"{words}:", *(f"  {line}" for line in lines))))
    return Exit.DONE
