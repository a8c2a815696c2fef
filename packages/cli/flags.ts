/**
 * Flags: one list for each command serves parsing and help.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { InputError } from "@unroll/core";

/** A flag with a value of type T. */
export interface Flag<T> {
  /** What its value is called in the help; none for a switch. */
  value?: string;
  /** What it does. */
  help: string;
  /** Its value where it is not given. */
  default: T;
  /** Its value from what was typed; throws what was expected. */
  parse(typed: string): T;
}

// deno-lint-ignore no-explicit-any
type Flags = Record<string, Flag<any>>;
type Values<F extends Flags> = { [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

/** A command of the command line. */
export interface Command<F extends Flags = Flags> {
  /** Its name. */
  name: string;
  /** What it does, in a line. */
  summary: string;
  /** What stands after the flags; none where nothing may. */
  operands?: string;
  /** Its flags by name. */
  flags: F;
  /** Calls to learn from. */
  examples: string[];
  /** Runs it, and gives the exit status. */
  run(values: Values<F>, operands: string[]): Promise<number>;
}

/** A flag with a text. */
export function text<T extends string | undefined>(
  value: string,
  help: string,
  fallback: T,
): Flag<string | T> {
  return {
    value,
    help,
    default: fallback,
    parse(typed) {
      if (typed === "") throw new InputError(`expected ${value.toLowerCase()}, got nothing`);
      return typed;
    },
  };
}

/** A flag with a whole number of at least `least`. */
export function integer<T extends number | undefined>(
  help: string,
  fallback: T,
  least: number,
): Flag<number | T> {
  return {
    value: "N",
    help,
    default: fallback,
    parse(typed) {
      const value = Number(typed);
      if (/^\d+$/.test(typed) && Number.isSafeInteger(value) && value >= least) return value;
      throw new InputError(`expected a whole number of at least ${least}, got "${typed}"`);
    },
  };
}

/** A flag with a number above zero. */
export function positive<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return {
    value: "X",
    help,
    default: fallback,
    parse(typed) {
      const value = Number(typed);
      if (typed.trim() !== "" && Number.isFinite(value) && value > 0) return value;
      throw new InputError(`expected a number above 0, got "${typed}"`);
    },
  };
}

/** A flag with a number from 0 to below 1. */
export function share<T extends number | undefined>(help: string, fallback: T): Flag<number | T> {
  return {
    value: "X",
    help,
    default: fallback,
    parse(typed) {
      const value = Number(typed);
      if (typed.trim() !== "" && value >= 0 && value < 1) return value;
      throw new InputError(`expected a number from 0 to below 1, got "${typed}"`);
    },
  };
}

/** A flag with a number from 0 to 1. */
export function fraction<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return {
    value: "X",
    help,
    default: fallback,
    parse(typed) {
      const value = Number(typed);
      if (typed.trim() !== "" && value >= 0 && value <= 1) return value;
      throw new InputError(`expected a number from 0 to 1, got "${typed}"`);
    },
  };
}

/** A flag with a number of at least 0. */
export function atLeastZero<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return {
    value: "X",
    help,
    default: fallback,
    parse(typed) {
      const value = Number(typed);
      if (typed.trim() !== "" && value >= 0 && value < Infinity) return value;
      throw new InputError(`expected a number of at least 0, got "${typed}"`);
    },
  };
}

/** A flag with one of some words. */
export function choice<T extends string, D extends T | undefined>(
  choices: readonly T[],
  help: string,
  fallback: D,
): Flag<T | D> {
  return {
    value: choices.join("|"),
    help,
    default: fallback,
    parse(typed) {
      const found = choices.find((choice) => choice === typed);
      if (found === undefined) {
        throw new InputError(`expected ${choices.join(" or ")}, got "${typed}"`);
      }
      return found;
    },
  };
}

/** A switch: on when given. */
export function toggle(help: string): Flag<boolean> {
  return { help, default: false, parse: (typed) => typed !== "false" };
}

/**
 * A command's flags and operands.
 *
 * @throws {InputError} For a flag that it does not have, and for a value that does not fit.
 */
export function parseFlags<F extends Flags>(
  command: Command<F>,
  args: string[],
): { values: Values<F>; operands: string[] } {
  const names = Object.keys(command.flags);
  const isSwitch = (name: string) => command.flags[name].value === undefined;
  const parsed = parseArgs(args, {
    string: ["_", ...names.filter((name) => !isSwitch(name))],
    boolean: names.filter(isSwitch),
    unknown: (arg, key) => {
      if (key === undefined) return; // an operand
      throw unknownFlag(command, arg.replace(/=.*/s, ""));
    },
  });
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const flag = command.flags[name];
    const typed = parsed[name];
    try {
      values[name] = typed === undefined ? flag.default : flag.parse(String(typed));
    } catch (error) {
      throw new InputError(`--${name}: ${(error as Error).message}`);
    }
  }
  const operands = parsed._.map(String);
  if (command.operands === undefined && operands.length > 0) {
    throw new InputError(
      `${command.name} takes flags only, got "${operands[0]}"; see ${command.name} --help`,
    );
  }
  return { values: values as Values<F>, operands };
}

/** The text of `--help`. */
export function helpText(command: Command): string {
  const rows = Object.entries(command.flags).map(([name, flag]) => {
    const left = flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`;
    const fallback = flag.value === undefined || flag.default === undefined
      ? ""
      : ` (default: ${flag.default})`;
    return [left, flag.help + fallback];
  });
  rows.push(["--help", "show this"]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    command.summary,
    "",
    `Usage: deno task ${command.name} [flags]${command.operands ? ` ${command.operands}` : ""}`,
    "",
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    "",
    "Examples:",
    ...command.examples.map((example) => `  deno task ${example}`),
  ].join("\n");
}

/** The nearest of some names, if one is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, name.length / 3) ? best.candidate : undefined;
}

function unknownFlag(command: Command, given: string): InputError {
  const names = [...Object.keys(command.flags), "help"].map((name) => `--${name}`);
  const guess = nearest(given, names);
  if (guess === given) return new InputError(`${given} takes no value`);
  const hint = guess ? `did you mean ${guess}?` : `see ${command.name} --help`;
  return new InputError(`${command.name} has no flag ${given}; ${hint}`);
}

/** Levenshtein's distance: how many letters to add, take away or change. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j] + 1, next[j - 1] + 1);
    }
    row = next;
  }
  return row[b.length];
}
