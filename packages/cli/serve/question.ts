/**
 * Reads a request for predictions.
 *
 * @module
 */
import { InputError, type Model, quote, textLimitOf } from "@unroll/core";
import { isObject, type JsonObject, type Serving } from "../tasks/serving.ts";
import type { ServeLimits } from "./limits.ts";

/** A request for predictions. */
export interface Question {
  /** The texts or series. */
  asked: unknown[];
  /** The options of the predictions. */
  options: JsonObject;
  /** Whether the request has a single input rather than a list. */
  isOne: boolean;
}

/**
 * Reads and checks a request for predictions.
 *
 * @throws {InputError} If a key is unknown, a value is invalid, or an input is too long.
 */
export function questionIn(
  { keys, options: known = {}, read, sizeOf, example }: Serving<Model>,
  model: Model,
  value: JsonObject,
  limits: Pick<ServeLimits, "items" | "length">,
): Question {
  const { one, many } = keys;
  const options: JsonObject = {};
  for (const [key, given] of Object.entries(value)) {
    if (key === one || key === many) continue;
    if (!Object.hasOwn(known, key)) {
      const there = [...new Set([one, many, ...Object.keys(known)])].join(", ");
      throw new InputError(`there is no key ${quote(key)}; the keys are ${there}`);
    }
    options[key] = named(key, () => known[key](given, model));
  }
  const hasOne = Object.hasOwn(value, one), hasMany = Object.hasOwn(value, many);
  if (!hasOne && !hasMany) {
    throw new InputError(`there is no ${one}; give one, such as ${JSON.stringify(example(model))}`);
  }
  if (one !== many && hasOne && hasMany) {
    throw new InputError(`give ${one} or ${many}, not both`);
  }
  const isOne = one === many ? !isList(value[one]) : hasOne;
  const list = isOne ? [value[one]] : value[many];
  if (!Array.isArray(list)) throw new InputError(`${many}: expected a list; for one, give ${one}`);
  if (list.length > limits.items) {
    throw new InputError(`${many}: expected at most ${limits.items}, got ${list.length}`);
  }
  const most = Math.min(limits.length, textLimitOf(model));
  const asked = list.map((each, i) => {
    const place = isOne ? one : `${many}[${i}]`;
    const item = read(each, model, place), size = sizeOf(item);
    if (size <= most) return item;
    throw new InputError(`${place}: expected a length of at most ${most}, got ${size}`);
  });
  return { asked, options, isOne };
}

/** Returns whether a value is a list of series; a single series may be a list of numbers. */
function isList(value: unknown): boolean {
  return Array.isArray(value) &&
    (value.length === 0 || isObject(value[0]) || Array.isArray(value[0]));
}

/** Returns the result of `fn`; error messages start with the key. */
function named<T>(key: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    throw new InputError(`${key}: ${(error as Error).message}`);
  }
}
