// The findings by rule, filtered; only what comes near the window is made and laid out.

const FIRST = 3; // findings of each rule that are shown at once
const FIRST_OF_ONE = 20; // the same where only one rule is left
const STEP = 100;
const OPEN = 5; // rules whose findings are shown without asking
const CHUNK = 10; // findings that are made together
const GUESS = 190; // pixels of a finding before any was measured
const MOST_OPTIONS = 500;

const titles = new Map(report.rules.map((each) => [each.id, each.title]));
const FILTERS = {
  severity: (finding) => finding.severity,
  rule: (finding) => finding.rule,
  field: (finding) => finding.field,
  source: (finding) => finding.at.file,
};
const NAMES = { severity: String, rule: visible, field: fieldName, source: visible };
const ANY = { severity: "any", rule: "any", field: "any", source: "any" };

const waiting = new WeakMap(); // chunks that are empty as yet, and their findings
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) fill(target);
}, { rootMargin: "1200px 0px" });

function fill(chunk) {
  const findings = waiting.get(chunk);
  if (!findings) return;
  waiting.delete(chunk);
  near.unobserve(chunk);
  chunk.append(...findings.map(findingItem));
  chunk.style.minHeight = "";
}

/** Fill the choices, and follow them. */
function startFindings() {
  for (const [name, value] of Object.entries(FILTERS)) {
    const counts = [...sums(report.findings.map((each) => [value(each), 1]))];
    const order = name === "severity"
      ? (one, other) => SEVERITIES.indexOf(one[0]) - SEVERITIES.indexOf(other[0])
      : (one, other) => byText(one[0], other[0]);
    const kept = counts.sort((one, other) => other[1] - one[1]).slice(0, MOST_OPTIONS).sort(order);
    byId(name).append(new Option(ANY[name], ""), ...kept.map(([key, count]) => option(name, key, count)));
    byId(name).addEventListener("change", showFindings);
  }
  byId("text").addEventListener("input", showFindings);
  byId("open").addEventListener("click", openAll);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    choose({});
    byId("text").focus();
  });
  showFindings();
}

// An empty field is a field too, so the values are marked.
const option = (name, key, count) =>
  new Option(`${NAMES[name](key)} (${numbers.format(count)})`, `=${key}`);

function choose(wanted) {
  byId("text").value = "";
  for (const name of Object.keys(FILTERS)) {
    const value = name in wanted ? `=${wanted[name]}` : "";
    const select = byId(name);
    if (![...select.options].some((each) => each.value === value)) select.append(new Option(NAMES[name](wanted[name]), value));
    select.value = value;
  }
  showFindings();
}

/** Show some findings only, and go there. */
function showOnly(wanted) {
  choose(wanted);
  byId("findings").focus({ preventScroll: true });
  byId("findings").scrollIntoView();
}

function chosen() {
  const tests = [];
  const words = byId("text").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const [name, value] of Object.entries(FILTERS)) {
    const wanted = byId(name).value;
    if (wanted) tests.push((finding) => `=${value(finding)}` === wanted);
  }
  if (words.length) tests.push((finding) => words.every((each) => haystack(finding).includes(each)));
  byId("clear").hidden = tests.length === 0;
  return report.findings.filter((finding) => tests.every((test) => test(finding)));
}

function showFindings() {
  const found = chosen();
  const groups = new Map();
  for (const each of found) {
    if (!groups.has(each.rule)) groups.set(each.rule, []);
    groups.get(each.rule).push(each);
  }
  const sorted = [...groups].sort(bySeverity);
  const first = sorted.length === 1 ? FIRST_OF_ONE : FIRST;
  byId("groups").replaceChildren(...sorted.map(([rule, findings], index) =>
    group(rule, findings, first, index < OPEN)));
  byId("open").hidden = sorted.length <= OPEN;
  byId("told").textContent = told(found.length, groups.size);
}

function openAll() {
  for (const each of byId("groups").children) each.open = true;
  byId("open").hidden = true;
  byId("groups").querySelector("summary").focus();
}

function told(shown, rules) {
  const all = report.findings.length;
  if (!all) return "Nothing was found.";
  const of = shown === all ? "" : `${numbers.format(shown)} of `;
  const left = report.left_out ? `; ${numbers.format(report.left_out)} more are left out here, which ndjson holds` : "";
  if (!shown) return `No finding of ${numbers.format(all)} fits the filters${left}`;
  return `${of}${counted(all, "finding")} of ${counted(rules, "rule")}${left}`;
}

function bySeverity([rule, findings], [otherRule, others]) {
  return worst(findings) - worst(others) || others.length - findings.length || byText(rule, otherRule);
}

const rank = (finding) => SEVERITIES.indexOf(finding.severity);
const worst = (findings) => findings.reduce((found, each) => Math.min(found, rank(each)), SEVERITIES.length);

function group(rule, found, first, open) {
  const severity = SEVERITIES[worst(found)];
  const findings = [...found].sort((one, other) => rank(one) - rank(other));
  const list = element("div", { class: "chunks" });
  const foot = element("div", { class: "foot" });
  let shown = 0;
  const show = (count) => {
    const height = list.childElementCount ? list.offsetHeight / shown : GUESS;
    const end = Math.min(findings.length, shown + count);
    for (; shown < end; shown += CHUNK) list.append(chunk(findings, shown, Math.min(end, shown + CHUNK), height));
    shown = end;
    foot.replaceChildren(...footOf(findings.length - shown, show));
  };
  show(first);
  return element("details", { class: "group", open },
    element("summary", {},
      element("h3", {}, element("code", {}, visible(rule))),
      element("span", { class: `count ${severity}` }, numbers.format(findings.length)),
      element("span", { class: "hint title" }, titles.get(rule) ?? "")),
    list, foot);
}

function footOf(left, show) {
  if (!left) return [];
  const button = (text, count) => element("button", { type: "button", class: "quiet", click: () => show(count) }, text);
  const some = button(`Show ${numbers.format(Math.min(STEP, left))} more`, STEP);
  return left > STEP ? [some, button(`Show all ${numbers.format(left)} others`, left)] : [some];
}

/** A part of a group's list, empty until the window comes near. */
function chunk(findings, start, end, height) {
  const list = element("ol", { class: "chunk", start: start + 1 });
  list.style.minHeight = `${Math.round((end - start) * height)}px`;
  waiting.set(list, findings.slice(start, end));
  near.observe(list);
  return list;
}
