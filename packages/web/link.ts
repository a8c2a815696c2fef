/**
 * What a link's end holds: `#set=tags&cell=lstm&text=call+anna&pass=backward`. Settings that are not
 * named are the set's; a link to small data of the visitor's has it as `data`.
 *
 * @module
 */
import { type FieldName, FIELDS, parseField, type Settings, showField } from "./settings.ts";
import { presetOf, PRESETS } from "./sets/presets.ts";
import { TASKS, withTask } from "./tasks/tasks.ts";

/** What the picture shows, as far as it is not what it shows by itself. */
export interface View {
  /** The sentence, and its label where one was chosen. */
  text?: string;
  label?: string;
  pass?: "forward" | "backward";
  layer?: number;
  gates?: boolean;
  unit?: number;
  word?: number;
}

/** What a link has besides its settings. */
export interface LinkParts {
  view?: View;
  /** The packed data. */
  data?: string;
  /** Where it stands in a frame: the parts that are hidden. */
  embed?: readonly string[];
}

const OWN = "own"; // the set of the visitor's own data
const MOST_TEXT = 2000; // characters, as in the sentence's field

/** The link's end: the set, what differs from its preset, and what else there is. */
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

/** The settings in a link's end; whatever in it makes no sense is left out. */
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

/** What else a link's end has; whatever in it makes no sense is left out. */
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
