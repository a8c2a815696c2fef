/**
 * The hash of a link: `#set=tags&cell=lstm&text=call+anna&pass=backward`. Settings left out are
 * those of the set; a link to small data of the visitor's own holds the data as `data`.
 *
 * @module
 */
import { type FieldName, FIELDS, parseField, type Settings, showField } from "./settings.ts";
import { presetOf, PRESETS } from "./sets/presets.ts";
import { TASKS, withTask } from "./tasks/tasks.ts";

/** What the picture shows, where it differs from the default. */
export interface View {
  /** The sentence, and its label if one was chosen. */
  text?: string;
  label?: string;
  pass?: "forward" | "backward";
  layer?: number;
  gates?: boolean;
  unit?: number;
  word?: number;
}

/** What a link holds besides the settings. */
export interface LinkParts {
  view?: View;
  /** The compressed data. */
  data?: string;
  /** The parts to hide, if the page is embedded. */
  embed?: readonly string[];
}

const OWN = "own"; // the name of the set of the visitor's own data
const MOST_TEXT = 2000; // characters, as in the sentence field

/** Returns the hash of a link: the set, what differs from its preset, and the other parts. */
export function toHash(settings: Settings, { view = {}, data, embed }: LinkParts = {}): string {
  const preset = presetOf(settings.set);
  const parts = new URLSearchParams({ set: settings.set });
  if (settings.set === OWN && settings.task !== preset.task) parts.set("task", settings.task);
  for (const name of Object.keys(FIELDS) as FieldName[]) {
    if (settings[name] !== preset[name]) parts.set(name, showField(settings, name));
  }
  for (const [name, value] of Object.entries(view)) {
    if (value !== undefined) parts.set(name, value === true ? "yes" : String(value));
  }
  if (data !== undefined) parts.set("data", data);
  const hidden = embed && embed.length > 0 ? `&hide=${embed.join()}` : "";
  return `#${embed ? `embed${hidden}&` : ""}${parts}`;
}

/** Returns the settings in a hash; invalid parts are ignored. */
export function fromHash(hash: string): Settings {
  const parts = partsOf(hash), set = parts.get("set") ?? "";
  const settings = { ...presetOf(set) };
  if (set === OWN) {
    settings.set = OWN;
    const task = TASKS.find(({ name }) => name === parts.get("task"));
    if (task) settings.task = task.name;
  }
  for (const name of Object.keys(FIELDS) as FieldName[]) {
    const value = parseField(name, parts.get(name) ?? "");
    if (value !== undefined) Object.assign(settings, { [name]: value });
  }
  return withTask(settings);
}

/** Returns the other parts of a hash; invalid parts are ignored. */
export function partsOfHash(hash: string): LinkParts & { unknownSet?: string } {
  const parts = partsOf(hash);
  const whole = (name: string) => {
    const value = parts.get(name) ?? "";
    return /^\d{1,6}$/.test(value) ? Number(value) : undefined;
  };
  const pass = parts.get("pass"), set = parts.get("set");
  return {
    view: {
      text: parts.get("text")?.slice(0, MOST_TEXT),
      label: parts.get("label") ?? undefined,
      pass: pass === "forward" || pass === "backward" ? pass : undefined,
      layer: whole("layer"),
      gates: parts.get("gates") === "yes" || undefined,
      unit: whole("unit"),
      word: whole("word"),
    },
    data: set === OWN ? parts.get("data") ?? undefined : undefined,
    embed: parts.has("embed") ? (parts.get("hide") ?? "").split(",").filter(Boolean) : undefined,
    unknownSet: set === null || set === OWN || Object.hasOwn(PRESETS, set) ? undefined : set,
  };
}

function partsOf(hash: string): URLSearchParams {
  return new URLSearchParams(hash.replace(/^#/, ""));
}
