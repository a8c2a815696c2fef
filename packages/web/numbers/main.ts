/**
 * The page of numbers: a tab for each kind of thing to learn.
 *
 * @module
 */
import { el } from "../dom.ts";
import { layFrame } from "../frame.ts";
import { forecast } from "../words/forecast.ts";
import { gestures } from "../words/gestures.ts";
import { numbersPage as text } from "../words/numbers_page.ts";
import { forecastTab } from "./forecast.ts";
import { gesturesTab } from "./gestures.ts";
import type { Tab, TabName } from "./protocol.ts";

const tabs: Record<TabName, Tab> = { forecast: forecastTab(), gestures: gesturesTab() };
const names = Object.keys(tabs) as TabName[];
const labels: Record<TabName, string> = { forecast: forecast.tab, gestures: gestures.tab };

const buttons = names.map((name) =>
  el("button", {
    type: "button",
    role: "tab",
    id: `tab-${name}`,
    "aria-controls": name,
    click: () => select(name),
    keydown: (event) => move(event as KeyboardEvent, name),
  }, labels[name])
);
for (const name of names) {
  const { root } = tabs[name];
  root.id = name;
  root.setAttribute("role", "tabpanel");
  root.setAttribute("aria-labelledby", `tab-${name}`);
}

let selected: TabName = "forecast";

/** Shows a tab, and remembers it in the address. */
function select(name: TabName): void {
  selected = name;
  for (const [i, each] of names.entries()) {
    const isSelected = each === name;
    buttons[i].setAttribute("aria-selected", String(isSelected));
    buttons[i].tabIndex = isSelected ? 0 : -1;
    tabs[each].root.hidden = !isSelected;
  }
  history.replaceState(null, "", `#${name}`);
  tabs[name].show();
}

/** The arrow keys go from tab to tab. */
function move(event: KeyboardEvent, name: TabName): void {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const to = (names.indexOf(name) + by + names.length) % names.length;
  buttons[to].focus();
  select(names[to]);
}

const named = (hash: string) => names.find((name) => hash === `#${name}`);

layFrame({
  here: "numbers",
  title: text.title,
  lede: text.lede,
  doors: [],
  above: [el("div", { class: "tabs", role: "tablist", "aria-label": text.tabs }, ...buttons)],
  main: names.map((name) => tabs[name].root),
  after: [],
});
addEventListener("hashchange", () => {
  const name = named(location.hash);
  if (name && name !== selected) select(name);
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  const files = Array.from(event.dataTransfer?.files ?? []);
  if (files.length > 0) tabs[selected].drop(files);
});
select(named(location.hash) ?? "forecast");
document.documentElement.dataset.ready = "";
