// Fill the page, from the top down.

const MOST_CLEAN = 200;

function startSummary() {
  const { subject } = report;
  const { checked, errors, warnings, notes, skipped } = report.summary;
  const tile = (name, count, role) => element("div", { class: `tile ${count ? role : ""}` },
    element("dt", {}, name), element("dd", {}, numbers.format(count)));
  byId("tiles").append(tile(`${subject[0].toUpperCase()}${subject.slice(1)}s checked`, checked, ""), tile("Errors", errors, "error"),
    tile("Warnings", warnings, "warning"), tile("Notes", notes, "note"));
  if (skipped) byId("tiles").append(tile("Skipped", skipped, ""));
  byId("incomplete").hidden = !report.incomplete.length;
  byId("incomplete").append(...report.incomplete.map((each) => element("li", {}, visible(each))));
  const clean = byId("clean");
  clean.hidden = !report.clean_count;
  clean.querySelector("summary").textContent = `${counted(report.clean_count, "capture")} without errors and warnings`;
  const named = report.clean.slice(0, MOST_CLEAN);
  const left = report.clean_count - named.length;
  clean.querySelector("ul").append(...named.map((each) => element("li", {}, element("code", {}, visible(each)))),
    left ? element("li", { class: "hint" }, `and ${numbers.format(left)} more`) : "");
  if (contract?.operation.path) {
    byId("route").hidden = false;
    byId("route").append(element("span", { class: "method" }, visible(contract.operation.method)),
      element("code", {}, visible(contract.operation.path)));
  }
}

/** What answers had in them is no question where something else was checked. */
function startAnswers() {
  if (report.subject === "answer") {
    startFields();
    startValues();
    startTimelines();
    startCoverage();
    return;
  }
  for (const name of ["fields", "values", "timelines", "coverage"]) {
    byId(name).remove();
    document.querySelector(`nav a[href="#${name}"]`).remove();
  }
}

startSummary();
startFindings();
startHeat();
startAnswers();
document.body.dataset.ready = "yes";
