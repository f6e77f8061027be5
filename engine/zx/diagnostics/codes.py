"""Every code zx may say, once: what it means and what cures it. A code is never used for another thing.

E01 and W01 syntax, 02 names, 03 types and missing values, 04 tables, 05 whole maps, 06 settings, 07 tests,
08 decisions; R9 what is wrong with one record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """``title`` is a short name for lists; ``explanation`` says in a few sentences what happened and the cure."""

    code: str
    title: str
    explanation: str


_SYNTAX = (
    CodeInfo(
        "E0100",
        "something does not fit here",
        "The line cannot be read from the marked place on. The text under the carets names what may stand there.",
    ),
    CodeInfo(
        "E0101",
        "git conflict markers",
        "A merge left its marker lines in the file. Keep one of the two sides, then delete the lines that begin with "
        "<<<<<<<, ======= and >>>>>>>.",
    ),
    CodeInfo(
        "E0102",
        "a value is missing",
        "A sign or word that wants a value after it is the last thing there. Write a field, a value in quotes, a "
        'number, or after `otherwise` also fail "…".',
    ),
    CodeInfo(
        "E0103",
        "a sign of another language",
        "Values are compared with `is` and `is not`; `=` sets a field, and `==`, `!=`, `<>`, `&&` and `||` are not "
        "used. Write the word instead.",
    ),
    CodeInfo(
        "E0104",
        "a text is not closed",
        "A text stands between two double quotes on one line, and one of them is missing. A quote inside a text is "
        'written `\\"`.',
    ),
    CodeInfo(
        "E0105",
        "the cells of a row",
        "Every row has as many cells as its header, each closed by `|`. Write `*` where a column does not matter and "
        "`missing` where there is no value; put a value that holds `|` in quotes.",
    ),
    CodeInfo(
        "E0106",
        "an unknown keyword",
        "A line begins with a word that starts neither a section nor an item. Correct the word; a section starts with "
        "use, setting, table, map, lines of, line, summary, extend or test.",
    ),
    CodeInfo(
        "E0107",
        "quotes of a word processor",
        'Texts stand between plain double quotes ("…"). Replace typographic and single quotes outside of texts.',
    ),
    CodeInfo(
        "E0108",
        "a tab in a row",
        "A tab in a row looks like several blanks and moves the columns. Replace it by blanks.",
    ),
    CodeInfo(
        "E0109",
        "nested too deeply",
        "An expression may be 32 levels deep and have a chain of 100 parts, and a let may need 31 others. Give "
        "parts of it a name with `let`, or write a table.",
    ),
    CodeInfo(
        "W0110",
        "letters that look like others",
        "A word mixes letters of two alphabets, or a hidden mark changes the direction of the text, so that it is not "
        "what it seems. Type the word anew.",
    ),
    CodeInfo(
        "E0111",
        "a line is too long",
        "A line has 400 characters at most. Go on in the next line, indented and beginning with `otherwise`, `and`, "
        "`or`, `then` or `else`, or give a part of it a name with `let`.",
    ),
    CodeInfo(
        "E0112",
        "a file is too large",
        "A rule file has 1 MiB and 20,000 lines at most. Move sections to another file, or the rows of a long table to "
        "a CSV file.",
    ),
    CodeInfo(
        "E0113",
        "an unknown backslash sign",
        'In a text a backslash comes before `"`, `\\`, `n` (line end) or `u{…}` (a character by its number) only. '
        "A backslash itself is written `\\\\`.",
    ),
    CodeInfo(
        "E0114",
        "braces in a text",
        "Between braces in a text stands the name of a field, whose value is put there. A brace itself is written "
        "`{{`; a calculated value is joined with `&`.",
    ),
    CodeInfo(
        "E0115",
        "no such day",
        "A date is written year-month-day, as 2026-03-31, and must be a day of the calendar.",
    ),
    CodeInfo(
        "E0116",
        "a control character",
        "The file holds a character that cannot be seen and does not belong in a text file. Delete it.",
    ),
    CodeInfo(
        "E0117",
        "left unformatted",
        "In the house layout the file would not read the same, so it was not touched. Mostly a line would grow over "
        "400 characters: shorten it.",
    ),
)

_NAMES = (
    CodeInfo(
        "E0201",
        "an unknown source field",
        "The system that is read has no such field in its catalogue. Correct the name (API names are used, not "
        "labels), or run `zx pull` if the field is new.",
    ),
    CodeInfo(
        "E0202",
        "an unknown target field",
        "The system that is written has no such field, so nothing would be sent. Correct the name, or run `zx pull` if "
        "the field is new.",
    ),
    CodeInfo(
        "E0203",
        "a read-only field",
        "The target system calculates this field itself and refuses to have it set. Drop the line; set the fields it "
        "is calculated from.",
    ),
    CodeInfo(
        "E0204",
        "not a value of this list",
        "The field takes one of a closed list of values, and this is none of them. Take one of the values shown.",
    ),
    CodeInfo(
        "E0205",
        "not in this organisation",
        "The organisation has no such account, tax rate, currency or other entry in the list last read. Correct the "
        "code, or add the entry there and run `zx pull`.",
    ),
    CodeInfo(
        "E0206",
        "files that use each other in a circle",
        "A file uses another one that leads back to it. Move what both need to a third file.",
    ),
    CodeInfo(
        "E0207",
        "the file is not used here",
        "The name exists, but in a file that this one does not use. Add the `use` line shown.",
    ),
    CodeInfo(
        "E0208",
        "two sections of one name",
        "Names of maps, tables, settings, summaries and line sections are unique over all files of a sync. Rename one "
        "of the two.",
    ),
    CodeInfo(
        "E0209",
        "an unknown function",
        "There is no function or table of this name. Correct it; what Excel does with IFERROR is `otherwise`, with "
        "VLOOKUP a table, with IF `if … then … else …`.",
    ),
    CodeInfo(
        "E0210",
        "nothing to override or drop",
        "`override` and `drop` change a line that the extended map has, and it has none for this field. Correct the "
        "name, or write the line without `override`.",
    ),
    CodeInfo(
        "E0211",
        "set twice",
        "A field of a map is set in one place only. Delete one of the lines, or write `override` in an `extend`.",
    ),
    CodeInfo("W0212", "an unused table", "No rule of any sync calls this table. Call it or delete it."),
    CodeInfo("W0213", "an unused let", "Nothing in the section reads this name. Use it or delete the line."),
    CodeInfo("W0214", "an unused setting", "No rule reads this setting. Use it or delete it here and in zx.toml."),
    CodeInfo(
        "E0215",
        "a let in a circle",
        "A `let` needs its own value to be worked out, itself or through other lets. Break the circle: write one of "
        "them without the others.",
    ),
    CodeInfo(
        "E0216",
        "maps in a circle",
        "Maps ask each other by `via`, so that each would have to be judged before the other. One of them must do "
        "without.",
    ),
)

_TYPES = (
    CodeInfo(
        "E0301",
        "the wrong type",
        "The place needs a value of another type. Choose another field or convert it: `text(…)`, `number(…)`, "
        "`date(…)`, or a table from one list of values to another.",
    ),
    CodeInfo(
        "E0302",
        "may be missing where a value is needed",
        "A comparison or condition needs a value, and this may be missing. Say what then: `otherwise …`, "
        "`… is present and …`, or an `only when … is present` above.",
    ),
    CodeInfo(
        "E0303",
        "a required field may be missing",
        "The target requires the field, and the value may be missing. Give a second choice with `otherwise`, or stop "
        'such records with `otherwise fail "…"`.',
    ),
    CodeInfo(
        "E0304",
        "two currencies in one sum",
        "Money of different currencies cannot be added. Group by currency, or convert with a rate first.",
    ),
    CodeInfo(
        "E0305",
        "a field that cannot be cleared",
        "The target does not accept an explicit blank for this field. Drop `otherwise clear`: the field then stays as "
        "it is.",
    ),
    CodeInfo(
        "W0306",
        "this may be cut",
        "The value may be longer than the field holds. Write `left(…, n)` to cut on purpose, or stop such records with "
        "a `fail when`.",
    ),
    CodeInfo(
        "W0307",
        "a needless otherwise",
        "The value before `otherwise` is never missing, so what stands after it is never used. Delete it.",
    ),
    CodeInfo(
        "W0308",
        "a condition that never changes",
        "The condition is always true or always false, for the reason shown. Delete it, or correct what it compares.",
    ),
    CodeInfo("E0309", "a number where a text is needed", "Write `text(…)`, or `format(…)` for a number of decimals."),
    CodeInfo(
        "E0311",
        "a pattern that cannot be used",
        "Patterns are RE2 regular expressions, written as a text where they are used, so that they can be checked "
        "before anything runs. A backslash is written `\\\\` and a brace `{{` in a text of the rules.",
    ),
    CodeInfo("E0310", "a text where a date is needed", "Write `date(…)`; dates in rules are written 2026-03-31."),
)

_TABLES = (
    CodeInfo(
        "E0401",
        "entries without a row",
        "Entries that exist in the organisation have no row in this table, and it has no `*` row. Add the rows shown, "
        'or `* | fail "…"` to stop such records.',
    ),
    CodeInfo(
        "E0402",
        "a value without a row",
        "A possible value is taken by no row, so such a record would get no result. Add the row shown, or a `*` row.",
    ),
    CodeInfo(
        "W0403",
        "a row that is never reached",
        "The first row that fits wins, and rows above take everything this one would. Move it up or delete it.",
    ),
    CodeInfo(
        "E0404",
        "one key twice in a CSV table",
        "Two lines of the CSV file have the same key. Delete or correct one of the lines shown.",
    ),
    CodeInfo(
        "E0405",
        "the columns of a table",
        "A table has one column for each parameter and one for the result. Add or remove header cells, or parameters.",
    ),
    CodeInfo(
        "W0406",
        "a column without effect",
        "No row and no formula depends on this column. Delete the column and its parameter, or use it.",
    ),
    CodeInfo(
        "W0407",
        "a row for a value that is gone",
        "The system no longer offers this value. Delete the row, or correct the value.",
    ),
    CodeInfo(
        "E0408",
        "tables that call each other in a circle",
        "A formula of a table leads back to the table itself. Break the circle with a value.",
    ),
    CodeInfo(
        "E0409",
        "tax rates do not agree",
        "The Zoho taxes of the row add up to another percentage than the Xero rate has. Name a rate of the same "
        "percentage, or correct the rate in Xero.",
    ),
    CodeInfo(
        "E0410",
        "a tax without its percentage",
        "Two taxes of one name may have different percentages. Write name and percentage, as GST 10%.",
    ),
    CodeInfo(
        "W0411",
        "a combination of taxes without a row",
        "Lines in Zoho carry a combination of taxes for which no row but `*` stands. Add the row shown.",
    ),
    CodeInfo(
        "E0412",
        "the CSV file of a table",
        "A table takes its rows from a CSV file inside the workspace, beside the rule file or below it: UTF-8 text "
        "with commas, a header line, at most 100 000 lines and 16 MiB. The columns after `key` and `value` go by the "
        "names in the header.",
    ),
)

_MAPS = (
    CodeInfo(
        "E0501",
        "a required field is not set",
        "The target requires the field, and the map does not set it. Add a line for it.",
    ),
    CodeInfo(
        "E0502",
        "two maps for one record",
        "Two maps would send the same record. Let their guards exclude each other, for example by a setting.",
    ),
    CodeInfo(
        "W0503",
        "a round trip changes a value",
        "A value that goes there and comes back is another one. Map back only what the other side knows better.",
    ),
    CodeInfo(
        "E0504",
        "nothing to match on",
        "The map may create records and says no way to find one that exists, so a repeated run could duplicate. Add "
        "`match on` with a field that names the record.",
    ),
    CodeInfo(
        "E0505",
        "via leads to another kind of record",
        "The map after `via` does not read or write the kind of record that is needed here. Name the map that does.",
    ),
    CodeInfo(
        "E0506",
        "neither key nor aggregate",
        "A summary stands for many records, so its fields come from its keys, settings and aggregates such as "
        "`sum(…)`. Add the field to `per`, or aggregate it.",
    ),
    CodeInfo("W0507", "a field that may not be read", "The connected user has no right to read this field. Grant it."),
    CodeInfo(
        "E0508",
        "no total",
        "The map sends money and does not say what its total must be. Add `total must be …` with the field that holds "
        "the total.",
    ),
    CodeInfo(
        "E0509",
        "one amount taken twice",
        "A `spread` and a line section can both take the same amount. Let their guards exclude each other.",
    ),
    CodeInfo(
        "W0510",
        "an amount nobody takes",
        "The source has a discount or adjustment that no rule passes on, so documents with one will be blocked. Add a "
        "`spread` or a `line … of` section.",
    ),
    CodeInfo(
        "E0511",
        "amount and price both set",
        "`LineAmount` says what a line is worth, and zx works out the price. Keep one of the two.",
    ),
    CodeInfo(
        "E0512",
        "no automatic winner for money",
        "Amounts, quantities, taxes, accounts, currency and contact are never written over what a person changed. Drop "
        "`always`.",
    ),
    CodeInfo(
        "E0513",
        "cannot be created from this alone",
        "`or create` makes a record from the one field after `by`, and this kind needs more. Use "
        '`otherwise fail "…"` instead.',
    ),
    CodeInfo("E0514", "sequence() outside a summary", "Only summaries are counted by `sequence()`."),
    CodeInfo(
        "E0515",
        "needed outside of only when",
        "What is needed is known only after all documents are mapped. Write `only when needed`, or "
        "`only when needed or …` for records that are also sent when nobody asks for them.",
    ),
    CodeInfo(
        "E0516",
        "cannot be cancelled",
        "This kind of record has no state for being cancelled. Use `skip when …`.",
    ),
    CodeInfo(
        "E0517",
        "a summary without a date",
        "A group is posted when its day is over, so a date must be among the keys after `per`.",
    ),
    CodeInfo(
        "E0518",
        "a way to close a gap",
        'After `otherwise` of `total must be` stands "rounding" or "override", or a setting with these two values.',
    ),
    CodeInfo(
        "E0519",
        "not supported yet",
        "The rule is understood, and this version of zx does not run it yet. Nothing is done in its place; leave it "
        "out, or wait for a later version.",
    ),
)

_SETTINGS_TESTS_DECISIONS = (
    CodeInfo(
        "E0601",
        "a setting with a wrong value",
        "The value in zx.toml does not fit the type that the rules give the setting. Correct the value or the type.",
    ),
    CodeInfo(
        "E0602",
        "a setting without a value",
        "The setting has no default, may not be missing, and the sync gives none. Add it to the settings of the sync.",
    ),
    CodeInfo("E0603", "an unknown setting", "No rule file of the sync has a setting of this name. Correct the name."),
    CodeInfo(
        "E0604",
        "prefixes that collide",
        "Two syncs share a Xero organisation, and the prefix of one begins with that of the other. Choose another.",
    ),
    CodeInfo(
        "E0650",
        "zx.toml cannot be read",
        "The file is no TOML, is not UTF-8 text, or is larger than any hand-written file. The line says where it stops "
        "making sense.",
    ),
    CodeInfo(
        "E0651",
        "an unknown key in zx.toml",
        "No table of this kind has a key of this name. Nothing is ignored in silence: correct the name, or delete it.",
    ),
    CodeInfo(
        "E0652",
        "a value in zx.toml that does not fit",
        "The key takes another type, or another form of text. The help of the message shows how to write it.",
    ),
    CodeInfo("E0653", "a missing key in zx.toml", "The table cannot do without this key. Add the line shown."),
    CodeInfo(
        "E0654",
        "the version of zx.toml",
        "The file must say which version of its format it is written in, and this zx must know it.",
    ),
    CodeInfo(
        "E0655",
        "an unknown connection",
        "The sync names a connection that zx.toml does not have. Correct the name, or add its table.",
    ),
    CodeInfo(
        "E0656",
        "a simulator on another machine",
        "`api` is for simulators on this machine; zx sends nothing to any other address. A real service has no `api`.",
    ),
    CodeInfo(
        "E0657",
        "the folder of a sandbox",
        "The folder with the data of a sandbox must exist and lie inside the workspace.",
    ),
    CodeInfo(
        "E0658",
        "an unknown time zone",
        'Time zones go by their IANA names, such as "Australia/Sydney": they know when clocks change.',
    ),
    CodeInfo(
        "E0659",
        "a rule file that cannot be used",
        "Rule files lie inside the workspace, are UTF-8 text and at most 1 MiB; a pattern in `rules` must match one.",
    ),
    CodeInfo("E0701", "a test of an unknown map", "The test runs a map that does not exist. Correct the name."),
    CodeInfo(
        "E0702",
        "the test does not say enough",
        "The tested rules read a field that the test does not give. Add the line shown under `given`.",
    ),
    CodeInfo("E0703", "an expected field is never set", "No rule sets the field the test expects. Correct the name."),
    CodeInfo("W0704", "two tests of one name", "Two tests have the same title. Rename one of them."),
    CodeInfo("W0705", "a row no test reaches", "No test comes by this table row. Add a test, or delete the row."),
    CodeInfo("E0801", "a decision for an unknown map", "The sync has no map of this name. Correct the name."),
    CodeInfo(
        "W0802",
        "an answer about values that have changed",
        "The values that were seen when this was answered have changed since, so the answer no longer counts. Answer "
        "again, or delete the line.",
    ),
    CodeInfo("E0803", "two answers to one question", "Two lines answer the same question. Keep one of them."),
    CodeInfo(
        "E0804",
        "a decision about a field nobody asks for",
        "`keeps` names a field of the target that the map sets. Correct the name; `LineItems` are all lines together.",
    ),
    CodeInfo(
        "W0805",
        "a decision about a record that is not there",
        "The record was not read: it is deleted, or its id is mistyped. Correct the id, or delete the line.",
    ),
    CodeInfo("E0806", "decisions for an unknown sync", "zx.toml has no sync of this name. Correct the name."),
)

_RECORDS = (
    CodeInfo(
        "R901",
        "wrong type from a system",
        "A system sent a value of another type than its catalogue promises. The record is not sent; run `zx pull`, "
        "then `zx check`, to see whether the field has changed.",
    ),
    CodeInfo(
        "R902",
        "a rule refuses the record",
        "A `fail` of the rules stops this record, with the reason shown. Correct the record or the rule.",
    ),
    CodeInfo(
        "R903",
        "a value no table row takes",
        "A table has no row for a value of this record. The preview shows the row to paste.",
    ),
    CodeInfo(
        "R904",
        "needs a blocked record",
        "The record refers to another one that cannot be sent. Cure that one first; this one follows by itself.",
    ),
    CodeInfo(
        "R905",
        "totals do not agree",
        "The target would come to another total than the source, by more than the rules allow to close. Nothing is "
        "sent; `zx explain` shows the amount and tax of each line.",
    ),
    CodeInfo(
        "R906",
        "tracked stock cannot be written so",
        "The amount of the line cannot be written with the quantity of an item that Xero tracks as stock. Correct "
        "price or quantity in the source.",
    ),
    CodeInfo(
        "R907",
        "is it the same?",
        "A record of the other side may be this one, but not surely. Nothing is written until names, "
        "e-mail addresses or codes tell them apart.",
    ),
    CodeInfo(
        "R908",
        "taken by something that is not ours",
        "The number, code or name is already used in the target by a record that zx did not make. Rename one of them.",
    ),
    CodeInfo(
        "R909",
        "both sides changed",
        "The same field was changed on both sides since the last run. Nothing is written until both "
        "sides are equal again.",
    ),
    CodeInfo(
        "R910",
        "changed in the target",
        "A person changed a field in the target that the rules set. It is kept and reported. Change the source "
        "to match, or leave it.",
    ),
    CodeInfo(
        "R911",
        "a tax rate or account is unfit",
        "The tax rate or account is archived, of the wrong class or not usable for this document in the organisation. "
        "Change it there or name another one in the rules.",
    ),
    CodeInfo(
        "R912",
        "behind a lock date",
        "The date of the document lies in a period that the organisation has locked. Move the lock date, or change "
        "the date of the document.",
    ),
    CodeInfo(
        "R913",
        "no longer in scope",
        "The record was sent before and the rules no longer ask for it. It stays as it is in the target.",
    ),
    CodeInfo(
        "R916",
        "not complete enough to send",
        "Something that the target wants of every such record is missing: a name, a customer, a line. Fill it in at "
        "the source, or change the rule.",
    ),
    CodeInfo("R914", "a warning of a rule", "A `warn` of the rules applies to this record; it is sent all the same."),
    CodeInfo(
        "R915",
        "gone from the target",
        "The record that was made in the target is no longer there. zx never makes a second one by "
        "itself: cancel the record in the source, or enter it in the target by hand.",
    ),
    CodeInfo(
        "R917",
        "deleted in the source",
        "The record was sent before and is no longer in the source. It stays as it is in the target: zx undoes nothing "
        "because a record is absent. Cancel before deleting, or void the document in the target by hand.",
    ),
    CodeInfo(
        "R920",
        "an invoice that takes no payment",
        "Xero takes payments on approved invoices only. Approve the invoice in Xero, or let the rules send it "
        "approved.",
    ),
)

_ALL = (*_SYNTAX, *_NAMES, *_TYPES, *_TABLES, *_MAPS, *_SETTINGS_TESTS_DECISIONS, *_RECORDS)

CODES: Mapping[str, CodeInfo] = MappingProxyType({info.code: info for info in _ALL})
