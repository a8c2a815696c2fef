/**
 * What a model's file says of the model in its metadata, checked.
 *
 * @module
 */
import { parseBounded } from "./bounded_json.ts";
import { quote } from "../data/records.ts";
import { InputError } from "../errors.ts";
import type { Attention, Model } from "../model.ts";
import {
  ARTICLE_NETWORK,
  checkConfig,
  type NetworkConfig,
  networkConfig,
} from "../network/config.ts";
import { isRecord } from "../training/same.ts";
import { type Header, READABLE, sizes } from "./safetensors.ts";
import { decode } from "./safetensors_header.ts";
import { EDGE } from "../text/marks.ts";
import { SYMBOL_UNITS, type SymbolUnit } from "../text/symbols.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import { UNKNOWN } from "../text/vocabulary.ts";

const FORMAT = "unroll";
const VERSION = "1";

/** Throws, for a problem of a file. */
export type Fail = (problem: string) => never;

/** A model before its weights are read. */
export type Shell = Omit<Model, "weights">;

const SHORT = 2 ** 16, LONG = 2 ** 25; // bytes of a few settings, and of some three million words

/** The metadata that are read, and how many bytes each may have; others are other tools'. */
export const WANTED: ReadonlyMap<string, number> = new Map([
  ["format", SHORT],
  ["version", SHORT],
  ["task", SHORT],
  ["unit", SHORT],
  ["attention", SHORT],
  ["config", SHORT],
  ["tokenizer", SHORT],
  ["vocabulary", LONG],
  ["labels", LONG],
  ["training", LONG],
]);

/**
 * A model's metadata.
 *
 * @param more What stands beside it.
 * @throws {InputError} Where a text is longer than is read again.
 */
export function metadataOf(
  model: Model,
  more: Record<string, string> = {},
): Record<string, string> {
  const { task, unit, attention, config, tokenizer, vocabulary, labels } = model;
  const metadata = {
    format: FORMAT,
    version: VERSION,
    ...(task === undefined ? {} : { task }),
    ...(unit === undefined ? {} : { unit }),
    ...(attention === undefined ? {} : { attention }),
    config: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer),
    vocabulary: JSON.stringify(vocabulary),
    labels: JSON.stringify(labels),
    ...more,
  };
  for (const [key, text] of Object.entries(metadata)) {
    const most = WANTED.get(key)!;
    if (6 * text.length <= most) continue; // bytes, if every character has to be escaped
    const size = new TextEncoder().encode(JSON.stringify(text)).length - 2;
    if (size <= most) continue;
    throw new InputError(
      `the ${key} of the model needs ${size} bytes, and a model file has room for ${most}; ` +
        "train with fewer or shorter words",
    );
  }
  return metadata;
}

/** The model that metadata describe. */
export function shellOf({ metadata, entries }: Header, fail: Fail): Shell {
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
    part("config", MAX_SETTINGS, isConfig, "a network's, with cell and hidden size"),
  );
  try {
    checkConfig(config);
  } catch (error) {
    fail(`is damaged: ${(error as Error).message}`);
  }
  const tokenizer = part(
    "tokenizer",
    MAX_SETTINGS,
    isTokenizer,
    "lowerCase and punctuation",
  );
  // Each word and each label has numbers of its own, so there cannot be more of them.
  let bytes = 0;
  for (const { start, end } of entries.values()) bytes += end - start;
  const vocabulary = part(
    "vocabulary",
    bytes + 2,
    isVocabulary,
    `different words after ${UNKNOWN}, each with its numbers`,
  );
  const labels = part("labels", bytes + 2, isLabels, "two or more different labels");
  const shell = { ...taskOf(metadata, fail), config, tokenizer, vocabulary, labels };
  checkKind(shell, fail);
  return shell;
}

const MAX_SETTINGS = 100; // values in a configuration of today or tomorrow

/**
 * Throws unless metadata are of a model. Tools that rewrite a file may name another format, and take
 * the version out.
 */
function checkFormat(metadata: Header["metadata"], fail: Fail): void {
  const [format, version] = ["format", "version"].map((key) => textOf(metadata, key));
  const missing = ["config", "vocabulary", "labels"].filter((key) => !metadata.has(key)).join(", ");
  if (format !== FORMAT && missing !== "") {
    fail(
      `is a .safetensors file, but no model of Unroll's: its metadata lack ${missing}; a tool that ` +
        "rewrites a model must keep its metadata",
    );
  }
  if (version === VERSION || version === undefined && format !== FORMAT) return;
  if (version === undefined) return fail("is damaged: its metadata lack the version");
  const shown = /^[\w.-]{1,20}$/.test(version) ? version : quote(version);
  fail(
    `has version ${shown} of the model file where ${VERSION} is known; update Unroll`,
  );
}

function textOf(metadata: Header["metadata"], key: string): string | undefined {
  const bytes = metadata.get(key);
  return bytes && (decode(bytes) ?? "");
}

/** What a model is for, and what goes with that. */
function taskOf(
  metadata: Header["metadata"],
  fail: Fail,
): Pick<Model, "task" | "unit" | "attention"> {
  const [task, unit, attention] = ["task", "unit", "attention"].map((key) => textOf(metadata, key));
  if (task === undefined) return {};
  if (task === "classification") return { task };
  if (task !== "language-model" && task !== "translate") {
    return fail(`is for the task ${quote(task)}, which is not known; update Unroll`);
  }
  if (!SYMBOL_UNITS.includes(unit as SymbolUnit)) {
    fail(`is damaged: its unit should be ${SYMBOL_UNITS.join(" or ")}`);
  }
  const kind = { task, unit: unit as SymbolUnit } as const;
  if (task === "language-model") return kind;
  if (attention !== "dot" && attention !== "none") {
    fail("is damaged: its attention should be dot or none");
  }
  return { ...kind, attention: attention as Attention };
}

/** Throws where a model that gives symbols one by one has none of its marks. */
function checkKind(
  { task, config, vocabulary, labels }: Shell,
  fail: Fail,
): void {
  if (task === undefined || task === "classification") return;
  if (config.head !== "token" || config.frozen) fail("is damaged: its head should be token");
  if (task === "translate") {
    if (labels.at(-1) !== EDGE || labels[0] !== UNKNOWN) {
      fail(`is damaged: its labels should be symbols between ${UNKNOWN} and ${EDGE}`);
    }
    return;
  }
  if (config.bidirectional) fail("is damaged: a language model cannot be bidirectional");
  const edge = vocabulary.indexOf(EDGE);
  const isPrefix = labels.every((label, id) => label === vocabulary[id]);
  if (!isPrefix || labels.length < edge || labels.length > edge + 1) {
    fail(`is damaged: its labels should be its symbols up to ${EDGE}`);
  }
}

/** Throws unless a file has the tensors of these shapes, no others, and of types that are read. */
export function checkShapes(
  header: Header,
  shapes: Record<string, number[]>,
  cell: string,
  fail: Fail,
): void {
  for (const [tensor, { shape, dtype }] of header.entries) {
    if (!Object.hasOwn(shapes, tensor)) {
      fail(`has a tensor ${quote(tensor)} that no ${cell} like this has`);
    }
    if (String(shape) !== String(shapes[tensor])) {
      fail(`is damaged: ${tensor} should be [${shapes[tensor]}], but is ${sizes(shape)}`);
    }
    if (!READABLE.includes(dtype)) {
      const kind = /^[UI]\d/.test(dtype)
        ? "whole numbers"
        : dtype === "BOOL"
        ? "booleans"
        : "values";
      fail(
        `has ${kind} of the type ${quote(dtype)} in ${tensor} where a model has floating-point ` +
          `numbers; convert them to one of ${READABLE.join(", ")}`,
      );
    }
  }
  const missing = Object.keys(shapes).find((tensor) => !header.entries.has(tensor));
  if (missing !== undefined) fail(`is damaged: it has no tensor ${missing}`);
}

function isConfig(value: unknown): value is Partial<NetworkConfig> {
  if (!isRecord(value) || value.cell === undefined || value.hidden === undefined) return false;
  return Object.entries(ARTICLE_NETWORK).every(([name, sample]) => {
    const given = value[name] ?? sample;
    return typeof given === typeof sample &&
      (typeof given !== "string" || /^[a-z]{1,20}$/.test(given)); // fit for a message
  });
}

function isTokenizer(value: unknown): value is TokenizerOptions {
  const { lowerCase, punctuation, split } = (value ?? {}) as Record<string, unknown>;
  const splits: unknown[] = [undefined, "words", "spaces"];
  return typeof lowerCase === "boolean" && (punctuation === "drop" || punctuation === "keep") &&
    splits.includes(split);
}

function isDistinct(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string") &&
    new Set(value).size === value.length;
}

function isVocabulary(value: unknown): value is string[] {
  return isDistinct(value) && value[0] === UNKNOWN;
}

function isLabels(value: unknown): value is string[] {
  return isDistinct(value) && value.length >= 2;
}
