// How much of the contract the captures touch, and which rules fired.

/** Show what was touched and what was not. */
function startCoverage() {
  const body = byId("coverage-body");
  const parts = [];
  if (report.statistics && contract) parts.push(fieldsCovered(), valuesCovered());
  else withoutStatistics(body);
  body.append(element("div", { class: "covered" }, ...parts, rulesFired()));
}

function fieldsCovered() {
  const seen = new Set(report.statistics.fields.map(([kind, path]) => `${kind} ${path}`));
  const all = documented;
  const missing = all.filter((each) => !seen.has(`${each.kind} ${each.path}`));
  return block("Fields seen", all.length - missing.length, all.length, "never seen",
    missing.map((each) => [each.kind === "failure" ? `${each.path} (failure)` : each.path, each.origin.line]));
}

function valuesCovered() {
  const all = documented.flatMap((field) => field.values.map((each) => ({ ...each, path: field.path })));
  const missing = all.filter((each) =>
    !report.statistics.values[each.path]?.kept.some(([value]) => value === each.value));
  return block("Listed values seen", all.length - missing.length, all.length, "never seen",
    missing.map((each) => [`${each.path} ${each.value}`, each.line]));
}

function rulesFired() {
  const fired = report.rules.filter((each) => each.count).sort((one, other) => other.count - one.count || byText(one.id, other.id));
  const silent = report.rules.filter((each) => !each.count);
  const made = block("Rules that fired", fired.length, report.rules.length, "never fired",
    silent.map((each) => [each.id, null]), "note");
  if (fired.length) {
    const list = element("ul", { class: "fired" });
    const more = growing(fired, 10, 50, "rule", (each) => {
      const item = element("li", {}, element("button", {
        type: "button", class: "link", title: each.title, click: () => showOnly({ rule: each.id }),
      }, visible(each.id)), element("span", { class: "hint" }, numbers.format(each.count)));
      list.append(item);
      return item;
    });
    made.insertBefore(list, made.querySelector("details"));
    list.after(more);
  }
  return made;
}

function block(title, part, whole, rest, names, role = "good") {
  const made = element("div", { class: "block" }, element("h3", {}, title),
    element("p", { class: "big" }, numbers.format(part), element("span", { class: "hint" }, ` of ${numbers.format(whole)}`)),
    bar(part, whole, role));
  if (names.length) {
    made.append(element("details", {}, element("summary", {}, `${numbers.format(names.length)} ${rest}`),
      element("ul", { class: "names" }, ...names.map(([name, line]) => element("li", {},
        element("code", {}, visible(name)), line === null ? null : element("span", { class: "hint" }, ` :${line}`))))));
  }
  return made;
}
