/**
 * Settings as the end of a link, and back: `#set=tags&cell=lstm`. What is not named is the set's.
 *
 * @module
 */
import { type FieldName, FIELDS, parseField, type Settings, showField } from "./settings.ts";
import { presetOf } from "./sets/presets.ts";
import { withTask } from "./tasks/tasks.ts";

/** The link's end: the set, and what differs from its preset. */
export function toHash(settings: Settings): string {
  const preset = presetOf(settings.set);
  const parts = new URLSearchParams({ set: settings.set });
  for (const name of Object.keys(FIELDS) as FieldName[]) {
    if (settings[name] !== preset[name]) parts.set(name, showField(settings, name));
  }
  return `#${parts}`;
}

/** The settings in a link's end; whatever in it makes no sense is left out. */
export function fromHash(hash: string): Settings {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const settings = { ...presetOf(parts.get("set") ?? "") };
  for (const name of Object.keys(FIELDS) as FieldName[]) {
    const value = parseField(name, parts.get(name) ?? "");
    if (value !== undefined) Object.assign(settings, { [name]: value });
  }
  return withTask(settings);
}
