"use strict";
// Draws the records of a report. Text only ever becomes text: textContent, never markup.
(() => {
  const block = document.getElementById("data");
  const app = document.getElementById("app");
  const { s: texts, r: rows } = JSON.parse(block.textContent);
  const text = (index) => (index < 0 ? "" : texts[index]);
  const PAGE = 100;
  const PRINTED = 2000;

  const el = (tag, className, content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  };
  const add = (parent, ...children) => {
    for (const child of children) if (child) parent.append(child);
    return parent;
  };

  // --- copy buttons of the whole page
  const copied = async (button, value) => {
    try {
      await navigator.clipboard.writeText(value);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and copy";
    }
    setTimeout(() => { button.textContent = button.dataset.words || "Copy"; }, 2000);
  };
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copied(button, document.getElementById(button.dataset.copy).textContent));
  }
  if (!app) return;

  // --- records
  const records = rows.map((row) => {
    const [key, hue, symbol, word, map, source, target, sourceId, targetId, number, party, amount, currency,
      sourceTotal, targetTotal, difference, reason, resultWords] = row.slice(0, 18).map(text);
    return {
      key, hue, symbol, word, map, source, target, sourceId, targetId, number, party, amount, currency,
      sourceTotal, targetTotal, difference, reason, resultWords,
      waits: row[18].map(text),
      messages: row[19].map(text),
      problems: row[20],
      changes: row[21],
      planned: text(row[22]),
      size: Math.abs(Number(amount.replaceAll(",", "")) || 0),
      row,
    };
  });
  const haystack = (record) => {
    if (record.words === undefined) {
      record.words = record.row.slice(0, 22).flat(2).filter((index) => index >= 0).map(text).join(" ").toLowerCase();
    }
    return record.words;
  };

  const code = (content) => el("code", "", content);
  const changesTable = (record) => {
    const table = el("table", "changes");
    const head = el("tr");
    for (const words of ["Field", "Value", "Decided by"]) {
      const cell = el("th", "", words);
      cell.scope = "col";
      head.append(cell);
    }
    add(table, el("caption", "sr", `Fields of ${record.number}`),
      add(el("colgroup"), el("col", "c1"), el("col", "c2"), el("col", "c3")), add(el("thead", "sr"), head));
    const body = el("tbody");
    let last = "";
    for (const [group, field, before, after, rule, row, reads] of record.changes) {
      if (text(group) !== last) {
        last = text(group);
        const cell = el("th", "", last);
        cell.colSpan = 3;
        cell.scope = "rowgroup";
        body.append(add(el("tr", "group"), cell));
      }
      const name = el("th", "", text(field));
      name.scope = "row";
      const value = el("td");
      if (before >= 0 && record.key === "conflict") {
        add(value, `${text(before)} `, el("span", "to", "stands there, the rules say"), " ");
      } else if (before >= 0) {
        const arrow = el("span", "to", "→");
        arrow.setAttribute("aria-hidden", "true");
        add(value, el("span", "sr", "was "), el("del", "", text(before)), " ", arrow, " ", el("span", "sr", "becomes "));
      }
      value.append(el("ins", "", text(after)));
      const why = add(el("td", "why"), code(text(rule)));
      if (text(row)) add(why, " ", add(el("span", "", "table row "), code(text(row))));
      if (text(reads)) add(why, " ", el("span", "", `from ${text(reads)}`));
      body.append(add(el("tr"), name, value, why));
    }
    return add(table, body);
  };
  const problem = (card, [problemCode, , message, rule, help, fix]) => {
    const place = el("span", "place");
    if (text(rule)) add(place, code(text(rule)), " ");
    card.append(add(el("p", "said"), `${text(message)} `, add(place, el("span", "code", text(problemCode)))));
    if (text(help)) card.append(el("p", "fine", text(help)));
    if (text(fix)) {
      const button = el("button", "copy", "Copy");
      button.type = "button";
      button.addEventListener("click", () => copied(button, text(fix)));
      card.append(add(el("div", "paste"), el("pre", "", text(fix)), button));
    }
  };
  const copyId = (words, value) => {
    if (!value) return null;
    const button = el("button", "copy", words);
    button.type = "button";
    button.dataset.words = words;
    button.addEventListener("click", () => copied(button, value));
    return button;
  };
  const draw = (record, open) => {
    const card = el("article", `card ${record.hue}`);
    const chip = el("span", "chip");
    const symbol = el("span", "", record.symbol);
    symbol.setAttribute("aria-hidden", "true");
    add(chip, symbol, ` ${record.word}`);
    const title = el("h3", "", record.number);
    if (record.party && record.party !== record.number) add(title, " ", el("span", "party", record.party));
    const header = add(el("header"), chip, title);
    if (record.amount) {
      header.append(add(el("p", "amount", `${record.amount} `), el("span", "currency", record.currency)));
    }
    card.append(header, el("p", "route", `${record.source} → ${record.target}`));
    for (const words of [record.resultWords, ...record.messages, record.reason]) {
      if (words) card.append(el("p", "said", words));
    }
    for (const item of record.problems) problem(card, item);
    if (record.changes.length) {
      const details = el("details");
      const many = record.changes.length;
      const words = `${many} ${many === 1 ? "field" : "fields"} and why`;
      details.open = open || many <= 6;
      const fill = () => {
        if (details.childElementCount > 1) return;
        details.append(changesTable(record));
        const sums = el("p", "sums");
        if (record.sourceTotal) {
          const [from, into] = [record.source, record.target].map((side) => side.split(" ")[0]);
          const other = record.targetTotal ? `, ${into} total ${record.targetTotal}, difference ${record.difference}` : "";
          sums.append(el("span", "", `${from} total ${record.sourceTotal}${other}`));
        }
        if (record.waits.length) sums.append(el("span", "", `Goes after ${record.waits.join(", ")}`));
        details.append(add(sums, copyId(`Copy ${record.source.split(" ")[0]} id`, record.sourceId), copyId(`Copy ${record.target.split(" ")[0]} id`, record.targetId)));
      };
      details.append(el("summary", "", words));
      if (details.open) fill();
      details.addEventListener("toggle", fill);
      card.append(details);
    }
    return card;
  };

  // --- filter, order, pages; the state of the view is in the fragment, so that it can be shared
  const search = document.getElementById("q");
  const sort = document.getElementById("sort");
  const chips = document.getElementById("chips");
  const found = document.getElementById("found");
  const cards = document.getElementById("cards");
  const pages = document.getElementById("pages");
  const theme = document.getElementById("theme");
  const keys = document.getElementById("keys");
  const help = document.getElementById("help");
  const state = { q: "", sort: "", show: new Set(), page: 1, theme: "", keys: true };
  let at = -1;

  const read = () => {
    const query = new URLSearchParams(location.hash.startsWith("#records?") ? location.hash.slice(9) : "");
    state.q = query.get("q") || "";
    state.sort = query.get("sort") || "";
    state.show = new Set((query.get("show") || "").split(",").filter(Boolean));
    state.page = Math.max(1, Number.parseInt(query.get("page") || "1", 10) || 1);
    state.theme = ["light", "dark"].includes(query.get("theme")) ? query.get("theme") : "";
    state.keys = query.get("keys") !== "off";
    document.documentElement.dataset.theme = state.theme;
    theme.value = state.theme;
    keys.checked = state.keys;
    search.value = state.q;
    sort.value = state.sort;
  };
  const keep = () => {
    const query = new URLSearchParams();
    if (state.q) query.set("q", state.q);
    if (state.sort) query.set("sort", state.sort);
    if (state.show.size) query.set("show", [...state.show].join(","));
    if (state.page > 1) query.set("page", String(state.page));
    if (state.theme) query.set("theme", state.theme);
    if (!state.keys) query.set("keys", "off");
    const tail = query.toString();
    history.replaceState(null, "", tail ? `#records?${tail}` : "#records");
  };
  // The grammar of zx.report.filtering: every term must hold.
  const TERM = /(-?)(?:([a-z]+)(:|>=|<=|>|<|=))?("[^"]*"?|\S*)/g;
  const KEYS = ["action", "map", "rule", "field", "number", "name", "currency", "sign", "text"];
  const parse = (query) => {
    const terms = [];
    for (const [whole, not, key, sign, raw] of query.trim().matchAll(TERM)) {
      if (!whole) continue;
      const value = raw.replace(/^"|"$/g, "").toLowerCase();
      const name = key || "text";
      if (name === "amount" && sign !== ":") {
        const bound = Number(value.replaceAll(",", ""));
        if (!value || Number.isNaN(bound)) return { bad: `${whole} compares with no number` };
        terms.push({ name, sign, bound, not: Boolean(not) });
      } else if (KEYS.includes(name) && (!sign || sign === ":")) {
        terms.push({ name, values: raw.startsWith('"') || name === "text" ? [value] : value.split(","), not: Boolean(not) });
      } else {
        return { bad: `${whole} is no filter: there are ${KEYS.join(", ")} and amount` };
      }
    }
    return { terms };
  };
  const names = (place, value) => {
    const low = place.toLowerCase();
    const file = low.slice(0, Math.max(low.lastIndexOf(":"), 0));
    return value !== "" && [low, file].some((one) => one === value || one.endsWith(`/${value}`));
  };
  const places = (record) => [
    ...record.changes.flatMap((row) => [text(row[4]), text(row[5])]),
    ...record.problems.map((row) => text(row[3])),
  ];
  const tests = {
    action: (record, value) => value === record.key || value === record.word.toLowerCase() || value === record.planned,
    map: (record, value) => value === record.map.toLowerCase(),
    currency: (record, value) => value === record.currency.toLowerCase(),
    sign: (record, value) => record.amount !== "" && record.amount.startsWith("-") === ["-", "minus"].includes(value),
    number: (record, value) => record.number.toLowerCase().includes(value),
    name: (record, value) => record.party.toLowerCase().includes(value),
    field: (record, value) => record.changes.some((row) => `${text(row[0])} ${text(row[1])}`.toLowerCase().includes(value)),
    rule: (record, value) => places(record).some((place) => names(place, value)),
    text: (record, value) => haystack(record).includes(value),
  };
  const compare = { ">": (a, b) => a > b, ">=": (a, b) => a >= b, "<": (a, b) => a < b, "<=": (a, b) => a <= b, "=": (a, b) => a === b };
  const holds = (record, term) => (term.name === "amount"
    ? record.amount !== "" && compare[term.sign](Number(record.amount.replaceAll(",", "")), term.bound)
    : term.values.some((value) => tests[term.name](record, value)));
  let bad = "";
  const matching = () => {
    const query = parse(state.q);
    bad = query.bad || "";
    const terms = query.terms || [];
    const kept = records.filter((record) => (!state.show.size || state.show.has(record.key))
      && terms.every((term) => holds(record, term) !== term.not));
    if (state.sort === "money") kept.sort((a, b) => b.size - a.size);
    if (state.sort === "number") kept.sort((a, b) => a.number.localeCompare(b.number, "en", { numeric: true }));
    return kept;
  };
  const show = () => {
    const kept = matching();
    const last = Math.max(1, Math.ceil(kept.length / PAGE));
    state.page = Math.min(state.page, last);
    const start = (state.page - 1) * PAGE;
    cards.replaceChildren(...kept.slice(start, start + PAGE).map((record) => draw(record, false)));
    const all = kept.length === records.length;
    at = -1;
    found.textContent = bad || (kept.length
      ? `${all ? "All" : `${kept.length.toLocaleString("en")} of`} ${records.length.toLocaleString("en")} records`
      : "No record fits. Clear the search or choose another outcome.");
    pages.hidden = last === 1;
    document.getElementById("page").textContent = `Page ${state.page} of ${last}`;
    document.getElementById("previous").disabled = state.page === 1;
    document.getElementById("next").disabled = state.page === last;
    for (const chip of chips.children) chip.setAttribute("aria-pressed", String(state.show.has(chip.dataset.key)));
  };
  const change = (update) => {
    state.page = 1;
    update();
    keep();
    show();
  };
  const turn = (by) => {
    state.page += by;
    keep();
    show();
    document.getElementById("records").scrollIntoView();
    found.textContent += `, page ${state.page}`;
  };

  const kinds = new Map();
  for (const record of records) {
    const kind = kinds.get(record.key) || { hue: record.hue, words: `${record.symbol} ${record.word}`, number: 0 };
    kind.number += 1;
    kinds.set(record.key, kind);
  }
  for (const [key, kind] of kinds) {
    const chip = el("button", kind.hue, `${kind.words} ${kind.number.toLocaleString("en")}`);
    chip.type = "button";
    chip.dataset.key = key;
    chip.addEventListener("click", () => change(() => {
      if (!state.show.delete(key)) state.show.add(key);
    }));
    chips.append(chip);
  }
  document.querySelector(".filter").addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", () => change(() => { state.q = search.value.trim(); }));
  sort.addEventListener("change", () => change(() => { state.sort = sort.value; }));
  document.getElementById("previous").addEventListener("click", () => turn(-1));
  document.getElementById("next").addEventListener("click", () => turn(1));
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#records?")) {
      read();
      show();
    }
  });
  theme.addEventListener("change", () => {
    state.theme = theme.value;
    document.documentElement.dataset.theme = state.theme;
    keep();
  });
  keys.addEventListener("change", () => {
    state.keys = keys.checked;
    keep();
  });

  // --- single keys: never in a field, never with a modifier, and all of them can be switched off (WCAG 2.1.4)
  const go = (to) => {
    const list = [...cards.children];
    if (!list.length) return;
    at = Math.min(Math.max(to, 0), list.length - 1);
    list[at].tabIndex = -1;
    list[at].focus({ preventScroll: true });
    list[at].scrollIntoView({ block: "center" });
  };
  const here = () => Math.max(at, [...cards.children].findIndex((card) => card.contains(document.activeElement)));
  const EXCEPTIONS = ["warn", "bad"];
  const pressed = {
    "/": () => search.focus(),
    j: () => go(here() + 1),
    k: () => go(here() - 1),
    "]": () => { if (!document.getElementById("next").disabled) turn(1); },
    "[": () => { if (!document.getElementById("previous").disabled) turn(-1); },
    x: () => {
      const details = cards.children[here()]?.querySelector("details");
      if (details) details.open = !details.open;
    },
    e: () => {
      const next = [...cards.children].findIndex((card, index) => index > here() && EXCEPTIONS.some((hue) => card.classList.contains(hue)));
      if (next >= 0) go(next);
      else found.textContent = "There is no further exception on this page.";
    },
    "?": () => { help.open = !help.open; if (help.open) help.querySelector("summary").focus(); },
  };
  addEventListener("keydown", (event) => {
    if (!state.keys || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const action = pressed[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
  addEventListener("beforeprint", () => {
    const kept = matching();
    cards.replaceChildren(...kept.slice(0, PRINTED).map((record) => draw(record, true)));
    found.textContent = kept.length > PRINTED
      ? `The first ${PRINTED.toLocaleString("en")} of ${kept.length.toLocaleString("en")} records`
      : `${kept.length.toLocaleString("en")} records`;
  });
  addEventListener("afterprint", show);

  app.hidden = false;
  read();
  show();
})();
