/**
 * The page of numbers: a tab for each kind of data, whose program is loaded when the tab is first
 * opened.
 *
 * @module
 */
import { el } from "../dom.ts";
import { layFrame } from "../frame.ts";
import { numbersPage as text } from "../words/numbers_page.ts";
import type { Tab, TabName } from "./protocol.ts";

const TABS: Record<TabName, () => Promise<Tab>> = {
  forecast: () => import("./forecast.ts").then(({ forecastTab }) => forecastTab()),
  gestures: () => import("./gestures.ts").then(({ gesturesTab }) => gesturesTab()),
};
const names = Object.keys(TABS) as TabName[];
const loaded = new Map<TabName, Promise<Tab>>();

const buttons = names.map((name) =>
  el("button", {
    type: "button",
    role: "tab",
    id: `tab-${name}`,
    "aria-controls": name,
    click: () => select(name),
    keydown: (event) => move(event as KeyboardEvent, name),
  }, text.names[name])
);
const panels = names.map((name) =>
  el("div", { id: name, role: "tabpanel", "aria-labelledby": `tab-${name}` })
);

let selected: TabName = "forecast";

/** Shows a tab, and records it in the address. */
async function select(name: TabName): Promise<void> {
  selected = name;
  for (const [i, each] of names.entries()) {
    const isSelected = each === name;
    buttons[i].setAttribute("aria-selected", String(isSelected));
    buttons[i].tabIndex = isSelected ? 0 : -1;
    panels[i].hidden = !isSelected;
  }
  history.replaceState(null, "", `#${name}`);
  (await tabOf(name)).show();
}

function tabOf(name: TabName): Promise<Tab> {
  const there = loaded.get(name);
  if (there) return there;
  const loading = TABS[name]().then((tab) => {
    panels[names.indexOf(name)].append(tab.root);
    return tab;
  });
  loaded.set(name, loading);
  return loading;
}

/** Moves between tabs with the arrow keys. */
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
  main: panels,
  after: [],
});
addEventListener("hashchange", () => {
  const name = named(location.hash);
  if (name && name !== selected) select(name);
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", async (event) => {
  event.preventDefault();
  const files = Array.from(event.dataTransfer?.files ?? []);
  if (files.length > 0) (await tabOf(selected)).drop(files);
});
await select(named(location.hash) ?? "forecast");
document.documentElement.dataset.ready = "";
