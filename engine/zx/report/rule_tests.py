"""Results of rule tests: for a terminal, as JSON, as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from zx.report.visible import visible
from zx.verify.coverage import Coverage
from zx.verify.mutation import Mutation
from zx.verify.run import Mismatch, Result


def results_text(results: Sequence[Result], *, colour: bool = False, every: bool = False) -> str:
    """The tests that failed with each difference: the line of the test, and the rule that made the value. ``every``:
    those that passed too, one line each."""
    red, green, off = ("\x1b[31m", "\x1b[32m", "\x1b[0m") if colour else ("", "", "")
    lines: list[str] = []
    for result in results:
        case = result.prepared.case
        if result.passed:
            lines += [f"{green}ok{off}    {case.place}  {visible(case.title)}"] if every else []
            continue
        lines.append(f"{red}FAIL{off}  {case.place}  {visible(case.title)}")
        if result.unsaid is not None:
            lines.append(f"      {visible(result.unsaid.message)}: {result.unsaid.label}")
        for mismatch in result.mismatches:
            lines += _difference(mismatch)
        lines.append("")
    return "\n".join(lines)


def _difference(mismatch: Mismatch) -> list[str]:
    width = max(len(mismatch.expected), len(mismatch.actual), 12)
    made_by = ", ".join([mismatch.rule, *(f"row {row}" for row in mismatch.rows)]) if mismatch.rule else ""
    return [
        f"      {visible(mismatch.what)}",
        f"        expected  {visible(mismatch.expected):<{width}}  {mismatch.place}",
        f"        got       {visible(mismatch.actual):<{width}}  {made_by}".rstrip(),
    ]


def results_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """One object for each test, in order."""
    return [
        {
            "file": result.prepared.case.file,
            "line": result.prepared.case.span.line,
            "test": result.prepared.case.title,
            "map": result.prepared.case.map,
            "passed": result.passed,
            "differences": [
                {
                    "what": mismatch.what,
                    "expected": mismatch.expected,
                    "got": mismatch.actual,
                    "place": mismatch.place,
                    "rule": mismatch.rule,
                    "rows": list(mismatch.rows),
                }
                for mismatch in result.mismatches
            ],
            "unsaid": None if result.unsaid is None else result.unsaid.message,
        }
        for result in results
    ]


def coverage_text(coverage: Coverage) -> str:
    """A table of files, and the lines that no test comes by."""
    width = max([len(file.file) for file in coverage.files] + [4])
    made = [f"{'file':<{width}}  {'lines':>9}  {'rows':>9}"]
    for file in coverage.files:
        lines = f"{file.lines - len(file.missed_lines)}/{file.lines}"
        rows = f"{file.rows - len(file.missed_rows)}/{file.rows}"
        missed = ", ".join(str(span.line) for span in file.missed_lines)
        made.append(f"{file.file:<{width}}  {lines:>9}  {rows:>9}" + (f"  no test: line {missed}" if missed else ""))
    return "\n".join(made)


def coverage_json(coverage: Coverage) -> list[dict[str, Any]]:
    return [
        {
            "file": file.file,
            "lines": file.lines,
            "rows": file.rows,
            "missed_lines": [span.line for span in file.missed_lines],
            "missed_rows": [span.line for span in file.missed_rows],
        }
        for file in coverage.files
    ]


def mutation_text(mutation: Mutation) -> str:
    """The missing tests, ready to paste, each under the change it would notice; then the score."""
    made: list[str] = []
    for survivor in mutation.survivors:
        mutant = survivor.mutant
        made.append(f"# {mutant.span.place}: {visible(mutant.what)}, and no test notices.")
        if survivor.test:
            made += [f"# The missing test, for {survivor.file}:", survivor.test.rstrip(), ""]
        else:
            made += [f"# No record was found that tells the two apart ({survivor.tries} tried).", ""]
    return "\n".join([*made, mutation_line(mutation)])


def mutation_line(mutation: Mutation) -> str:
    """``96 % of 205 mutants noticed``."""
    total = mutation.killed + len(mutation.survivors)
    words = f"{mutation.score} % of {total} mutants noticed by a test; {mutation.refused} more refused by zx check"
    return words + (f"; {mutation.left} not run for want of time" if mutation.left else "")


def mutation_json(mutation: Mutation) -> dict[str, Any]:
    return {
        "score": mutation.score,
        "noticed": mutation.killed,
        "refused": mutation.refused,
        "not_run": mutation.left,
        "survivors": [
            {
                "rule": survivor.mutant.span.place,
                "change": survivor.mutant.what,
                "tests_that_come_by": survivor.reached,
                "test": survivor.test or None,
                "file": survivor.file or None,
            }
            for survivor in mutation.survivors
        ],
    }


def junit(results: Sequence[Result], mistakes: Iterable[Mapping[str, Any]] = ()) -> bytes:
    """JUnit XML, one suite for each file; ``mistakes`` (as in JSON) are errors of a suite of their own."""
    top = ElementTree.Element("testsuites", name="zx test")
    files: dict[str, list[Result]] = {}
    for result in results:
        files.setdefault(result.prepared.case.file, []).append(result)
    for file, own in files.items():
        failed = sum(not result.passed for result in own)
        suite = ElementTree.SubElement(
            top, "testsuite", name=file, tests=str(len(own)), failures=str(failed), errors="0", skipped="0"
        )
        for result in own:
            _junit_case(suite, file, result)
    broken = list(mistakes)
    if broken:
        suite = ElementTree.SubElement(
            top, "testsuite", name="rules", tests=str(len(broken)), failures="0", errors=str(len(broken)), skipped="0"
        )
        for mistake in broken:
            case = ElementTree.SubElement(suite, "testcase", classname="rules", name=visible(str(mistake["code"])))
            ElementTree.SubElement(case, "error", message=visible(str(mistake["message"])))
    ElementTree.indent(top)
    whole: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return whole + b"\n"


def _junit_case(suite: ElementTree.Element, file: str, result: Result) -> None:
    title = visible(result.prepared.case.title)
    made = ElementTree.SubElement(
        suite, "testcase", classname=file, name=title, file=file, line=str(result.prepared.case.span.line)
    )
    if result.passed:
        return
    text = results_text([result]).rstrip()
    first = result.mismatches[0].what if result.mismatches else result.unsaid.message if result.unsaid else ""
    ElementTree.SubElement(made, "failure", message=visible(first)).text = text
