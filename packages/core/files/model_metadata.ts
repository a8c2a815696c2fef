/**
 * Reads, checks and writes the metadata of model files.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { AnyModel, SeriesModel, Shell } from "../model.ts";
import {
  ARTICLE_NETWORK,
  checkConfig,
  type NetworkConfig,
  networkConfig,
} from "../network/config.ts";
import { quote } from "../printable.ts";
import type { Fail, Metadata } from "../task.ts";
import type { AnyTask } from "../tasks.ts";
import { UNKNOWN } from "../text/vocabulary.ts";
import { isRecord } from "../training/same.ts";
import { parseBounded } from "./bounded_json.ts";
import { type Header, READABLE, sizes } from "./safetensors.ts";
import { decode } from "./safetensors_header.ts";

const FORMAT = "unroll";
const VERSION = "1";

const SHORT = 2 ** 16, LONG = 2 ** 25; // bytes for a few settings, and for some 3 million words

const COMMON: readonly [string, number][] = [
  ["format", SHORT],
  ["version", SHORT],
  ["task", SHORT],
  ["config", SHORT],
  ["vocabulary", LONG],
  ["labels", LONG],
  ["training", LONG],
  ["dataColumns", SHORT],
  ["ensemble", SHORT],
];

/** Returns the metadata keys to read, with their maximum sizes in bytes; others are ignored. */
export function wantedFor(tasks: readonly AnyTask[]): ReadonlyMap<string, number> {
  const own = tasks.flatMap(({ file: { keys } }) => keys as readonly string[]);
  return new Map([...own.map((key) => [key, SHORT] as const), ...COMMON]);
}

/**
 * Builds the metadata of a model.
 *
 * @param more Additional metadata.
 * @throws {InputError} If a value is longer than the limit when reading.
 */
export function metadataOf<M extends AnyModel>(
  { file }: AnyTask,
  model: M,
  more: Record<string, string> = {},
): Record<string, string> {
  const { config, vocabulary, labels, dataColumns, ensemble } = model as M & Partial<SeriesModel>;
  const { tokenizer, ...own }: Record<string, string> = file.metadata(model);
  const metadata: Record<string, string> = {
    format: FORMAT,
    version: VERSION,
    ...own,
    config: JSON.stringify(config),
    ...(tokenizer === undefined ? {} : { tokenizer }),
    vocabulary: JSON.stringify(vocabulary),
    labels: JSON.stringify(labels),
    ...(dataColumns === undefined ? {} : { dataColumns: JSON.stringify(dataColumns) }),
    ...(ensemble === undefined ? {} : { ensemble: String(ensemble.length + 1) }),
    ...more,
  };
  const wanted = new Map(COMMON);
  for (const [key, text] of Object.entries(metadata)) {
    const most = wanted.get(key) ?? SHORT;
    if (6 * text.length <= most) continue; // bytes, if every character has to be escaped
    const size = new TextEncoder().encode(JSON.stringify(text)).length - 2;
    if (size <= most) continue;
    throw new InputError(
      `the ${key} of the model needs ${size} bytes, but a model file has room for ${most}; ` +
        "train with fewer or shorter words",
    );
  }
  return metadata;
}

/** Reads from the metadata a model without weights, its task, and its number of networks. */
export function shellOf(
  { metadata, entries }: Header,
  tasks: readonly AnyTask[],
  fail: Fail,
): { shell: Shell; task: AnyTask; networks: number } {
  checkFormat(metadata, fail);
  const part = <T>(
    key: string,
    values: number,
    is: (value: unknown) => value is T,
    expected: string,
  ): T => {
    const value = parseBounded(metadata.get(key), { depth: 4, values, keys: MAX_SETTINGS });
    if (is(value)) return value;
    const found = metadata.has(key) ? "" : ", but is missing";
    return fail(`is damaged: its ${key} should be ${expected}${found}`);
  };
  const config = networkConfig(
    part("config", MAX_SETTINGS, isConfig, "a network's settings, with cell and hidden size"),
  );
  try {
    checkConfig(config);
  } catch (error) {
    fail(`is damaged: ${(error as Error).message}`);
  }
  // Each word and each label has at least one byte of weights, which bounds their number.
  let bytes = 0;
  for (const { start, end } of entries.values()) bytes += end - start;
  const vocabulary = part(
    "vocabulary",
    bytes + 2,
    isVocabulary,
    `different words after ${UNKNOWN}, each with weights`,
  );
  const name = textOf(metadata, "task");
  const found = tasks.find(({ file }) => file.claims(name, config));
  const least: number = found ? found.file.minLabels ?? 2 : 0;
  const areLabels = (value: unknown): value is string[] =>
    isDistinct(value) && value.length >= least;
  const expected = `${least === 2 ? "two" : least} or more different labels`;
  const labels = part("labels", bytes + 2, areLabels, expected);
  const task = found ??
    fail(`is for the task ${quote(name)}, which is not known; update Unroll`);
  const texts: Metadata = {
    text: (key) => textOf(metadata, key),
    json: (key, values = MAX_SETTINGS) =>
      parseBounded(metadata.get(key), { depth: 4, values, keys: MAX_SETTINGS }),
  };
  const shell = task.file.read({ config, vocabulary, labels }, texts, fail);
  return {
    shell: metadata.has("dataColumns") ? { ...shell, ...dataColumnsIn(texts, fail) } : shell,
    task,
    networks: networksIn(texts, task, fail),
  };
}

/** Returns the number of networks: 2 or more for an ensemble, else 1. */
function networksIn({ text }: Metadata, { ensembles, models }: AnyTask, fail: Fail): number {
  const given = text("ensemble");
  if (given === undefined) return 1;
  if (!ensembles) fail(`is damaged: it has an ensemble, but ${models} have none`);
  const networks = /^[1-9]\d{0,3}$/.test(given) ? Number(given) : 0;
  if (networks > 1) return networks;
  return fail("is damaged: its ensemble should be a number of networks, 2 or more");
}

/** Reads and checks the names of the data's columns. */
function dataColumnsIn({ json }: Metadata, fail: Fail): Pick<SeriesModel, "dataColumns"> {
  const columns = json("dataColumns");
  const known = ["time", "series", "label", "layout"];
  const isFit = isRecord(columns) &&
    Object.entries(columns).every(([name, value]) =>
      known.includes(name) && typeof value === "string" &&
      (name !== "layout" || value === "long" || value === "wide")
    );
  return isFit ? { dataColumns: columns } : fail("is damaged: its dataColumns should be names");
}

const MAX_SETTINGS = 100; // values in a configuration, also of later releases

/**
 * Throws unless the metadata belong to a model. Tools that rewrite a file may change the format and
 * remove the version.
 */
function checkFormat(metadata: Header["metadata"], fail: Fail): void {
  const [format, version] = ["format", "version"].map((key) => textOf(metadata, key));
  const missing = ["config", "vocabulary", "labels"].filter((key) => !metadata.has(key)).join(", ");
  if (format !== FORMAT && missing !== "") {
    fail(
      `is a .safetensors file, but not an Unroll model: its metadata lack ${missing}; a tool ` +
        "that rewrites a model must keep its metadata",
    );
  }
  if (version === VERSION || version === undefined && format !== FORMAT) return;
  if (version === undefined) return fail("is damaged: its metadata lack the version");
  const shown = /^[\w.-]{1,20}$/.test(version) ? version : quote(version);
  fail(
    `has model file version ${shown}, but only ${VERSION} is known; update Unroll`,
  );
}

function textOf(metadata: Header["metadata"], key: string): string | undefined {
  const bytes = metadata.get(key);
  return bytes && (decode(bytes) ?? "");
}

/** Throws unless a file has exactly the tensors of these shapes, in types that can be read. */
export function checkShapes(
  header: Header,
  shapes: Record<string, number[]>,
  cell: string,
  fail: Fail,
): void {
  for (const [tensor, { shape, dtype }] of header.entries) {
    if (!Object.hasOwn(shapes, tensor)) {
      fail(`has a tensor ${quote(tensor)} that does not belong in this ${cell} model`);
    }
    if (String(shape) !== String(shapes[tensor])) {
      fail(`is damaged: ${tensor} should be [${shapes[tensor]}], but is ${sizes(shape)}`);
    }
    if (!READABLE.includes(dtype)) {
      const kind = /^[UI]\d/.test(dtype) ? "integers" : dtype === "BOOL" ? "booleans" : "values";
      fail(
        `has ${kind} of type ${quote(dtype)} in ${tensor} where a model has floating-point ` +
          `numbers; convert them to one of ${READABLE.join(", ")}`,
      );
    }
  }
  const missing = Object.keys(shapes).find((tensor) => !header.entries.has(tensor));
  if (missing !== undefined) fail(`is damaged: it has no tensor ${missing}`);
}

function isConfig(value: unknown): value is Partial<NetworkConfig> {
  if (!isRecord(value) || value.cell === undefined || value.hidden === undefined) return false;
  return Object.entries({ ...ARTICLE_NETWORK, letters: 0, projection: 0 }).every(
    ([name, sample]) => {
      const given = value[name] ?? sample;
      return typeof given === typeof sample &&
        (typeof given !== "string" || /^[a-z-]{1,20}$/.test(given)); // safe to print in a message
    },
  );
}

function isDistinct(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string") &&
    new Set(value).size === value.length;
}

function isVocabulary(value: unknown): value is string[] {
  return isDistinct(value) && value[0] === UNKNOWN;
}
