// The states of each instance in the order in which its answers came.

const FIRST_INSTANCES = 12;

/** Show how states moved. */
function startTimelines() {
  const body = byId("timelines-body");
  if (!report.statistics) return withoutStatistics(body);
  const { instances, states, instances_rest: rest } = report.statistics;
  if (!instances.length) {
    body.append(hint("No answer had the state of an instance."));
    return;
  }
  const colours = coloursOf(instances, states[0]);
  const eventful = [...instances].sort((one, other) => other.runs.length - one.runs.length
    || byText(one.name.join("/"), other.name.join("/")));
  const list = element("ul", { class: "timelines" });
  const more = growing(eventful, FIRST_INSTANCES, 50, "instance", (each) => {
    const made = timeline(each, colours);
    list.append(made);
    return made;
  });
  byId("timelines-hint").append(states.length > 1
    ? ` What stands after an arrow is ${visible(states[1].split(".").at(-1))} where it differs.` : "");
  body.append(list, more);
  if (rest) body.append(hint(`${counted(rest, "answer")} about further instances ${rest > 1 ? "were" : "was"} only counted.`));
}

const COLOURS = 8;

/** A colour for each state; that of a state which the page lists is no other's, as long as they last. */
function coloursOf(instances, path) {
  const listed = documented.find((each) => each.path === path)?.values.map((each) => each.value) ?? [];
  const seen = instances.flatMap((each) => each.runs.map(([[state]]) => state));
  const left = Math.max(0, COLOURS - listed.length);
  const colour = (index) => (index < listed.length || !left
    ? index % COLOURS : listed.length + ((index - listed.length) % left));
  return new Map([...new Set([...listed, ...[...new Set(seen)].sort(byText)])].map((each, index) => [each, colour(index)]));
}

function stateText([actual, wanted]) {
  const state = actual ? visible(actual) : "no state";
  return wanted && wanted !== actual ? `${state} → ${visible(wanted)}` : state;
}

function timeline({ name, runs, more }, colours) {
  const total = more + runs.reduce((sum, each) => sum + each[1], 0);
  const lane = element("span", { class: "lane", "aria-hidden": "true" }, ...runs.map(([states, count]) => {
    const part = element("span", { class: `state-${colours.get(states[0])}` });
    part.style.flexGrow = count;
    return part;
  }));
  if (more) {
    const part = element("span", { class: "beyond" });
    part.style.flexGrow = more;
    lane.append(part);
  }
  return element("li", {},
    element("p", { class: "name" }, element("code", {}, name.map((each) => visible(each) || "–").join(" / ")),
      element("span", { class: "hint" }, counted(total, "answer"))),
    lane,
    element("ol", { class: "runs" }, ...runs.map(([states, count, file, exchange]) =>
      element("li", { title: `from ${visible(file)}, exchange ${exchange}` },
        element("span", { class: `dot state-${colours.get(states[0])}`, "aria-hidden": "true" }),
        stateText(states), count > 1 ? element("span", { class: "hint" }, ` × ${numbers.format(count)}`) : null)),
    more ? element("li", { class: "hint" }, `and ${counted(more, "answer")}`) : null));
}
