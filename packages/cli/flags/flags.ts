/**
 * Flags: each command has one list, used both for parsing and for its help.
 *
 * @module
 */
import { InputError, quote } from "@unroll/core";
import { INPUT } from "../files/paths.ts";

/** A flag with a value of type T. */
export interface Flag<T> {
  /** Placeholder of the value in the help; undefined for a switch. */
  value?: string;
  /** What the flag does. */
  help: string;
  /** What a valid value is, for error messages. */
  expected: string;
  /** The value if the flag is not given. */
  default: T;
  /** The default in words, if `default` does not show it. */
  shown?: string;
  /**
   * Parses the typed value.
   *
   * @throws {InputError} If the value is invalid; the message says what was expected.
   */
  parse(typed: string): T;
  /** The value if the flag is given without one, for a flag whose value is optional. */
  alone?: string;
  /** Whether the flag may be repeated; its values are lists, which are concatenated. */
  isList?: boolean;
  /** Whether the flag is rarely needed, so that only `--help all` lists it. */
  isRare?: boolean;
}

/** Flags by name. */
// deno-lint-ignore no-explicit-any
export type Flags = Record<string, Flag<any>>;

/** The values of flags. */
export type Values<F extends Flags> = { [K in keyof F]: F[K] extends Flag<infer T> ? T : never };
/** The names of the flags that were typed, regardless of their values. */
export type Given = ReadonlySet<string>;

/** A section of a command's help. */
export interface Section {
  /** The title. */
  title: string;
  /** The flags by name. */
  flags: Flags;
  /** Defaults in words, by flag name, where they depend on more than the flag. */
  defaults?: Record<string, string | undefined>;
}

/** A command's help, if it is more than one list of all flags. */
export interface Help {
  /** The flags, in sections. */
  sections: Section[];
  /** A note printed before the flags. */
  note?: string;
  /** Example calls. Default: the command's. */
  examples?: string[];
}

/** A command of the command line. */
export interface Command<F extends Flags = Flags> {
  /** The command's name. */
  name: string;
  /** What the command does, in one line. */
  summary: string;
  /** Placeholder of the operands after the flags; undefined if the command accepts none. */
  operands?: string;
  /** The flags by name. */
  flags: F;
  /** The flags in groups, by group title. */
  groups?: Record<string, Flags>;
  /** Example calls, unless `help` returns some. */
  examples?: string[];
  /** Returns the help, which may depend on the other flags that were typed. */
  help?(typed: ReadonlyMap<string, string>): Help;
  /** Runs the command and returns the exit status. */
  run(values: Values<F>, operands: string[], given: Given): Promise<number>;
}

/**
 * Sorts flags into groups.
 *
 * @param groups The flag names of each group, by group title.
 * @param rest The title of the last group, which has all other flags.
 */
export function inGroups(
  flags: Flags,
  groups: Record<string, readonly string[]>,
  rest: string,
): Record<string, Flags> {
  const named = new Set(Object.values(groups).flat());
  const others = Object.keys(flags).filter((name) => !named.has(name));
  const entries = Object.entries({ ...groups, [rest]: others }).map(([title, names]) =>
    [title, Object.fromEntries(names.map((name) => [name, flags[name]]))] as const
  );
  return Object.fromEntries(entries);
}

/** Returns a flag that only `--help all` lists. */
// deno-lint-ignore no-explicit-any
export function rare<F extends Flag<any>>(flag: F): F {
  return { ...flag, isRare: true };
}

/** Returns the error for an invalid value. */
export function unexpected(expected: string, typed: string): InputError {
  return new InputError(`expected ${expected}, got ${quote(typed)}`);
}

/** Returns a flag whose value is a text, which is empty only if `mayBeEmpty` is set. */
export function text<T extends string | undefined>(
  value: string,
  help: string,
  fallback: T,
  { mayBeEmpty = false }: { mayBeEmpty?: boolean } = {},
): Flag<string | T> {
  const expected = value.toLowerCase();
  return {
    value,
    help,
    expected,
    default: fallback,
    parse(typed) {
      if (typed === "" && !mayBeEmpty) throw unexpected(expected, typed);
      return typed;
    },
  };
}

/** Returns a flag whose value is a path of a file or folder; `-` is standard input if allowed. */
export function file<T extends string | undefined>(
  help: string,
  fallback: T,
  value: "FILE" | "FOLDER" = "FILE",
  { mayBeInput = false }: { mayBeInput?: boolean } = {},
): Flag<string | T> {
  const { parse, ...flag } = text(value, help, fallback);
  return {
    ...flag,
    parse(typed) {
      if (typed === INPUT) return `./${typed}`;
      if (mayBeInput && typed === "-") return INPUT;
      // Files may be read more than once and are replaced as a whole; streams allow neither.
      if (/^(-|\/dev\/(std(in|out|err)|fd\/.*)|\/proc\/[^/]+\/fd\/.*)$/.test(typed)) {
        throw new InputError(
          `expected a ${flag.expected}, got ${quote(typed)}, which is a stream; ` +
            (typed === "-"
              ? "use a file (./- for a file named -)"
              : mayBeInput
              ? "use a file, or - for standard input"
              : "use a file"),
        );
      }
      return parse(typed);
    },
  };
}

/** Returns a flag that may be repeated. */
export function list({ parse, ...flag }: Flag<string | undefined>): Flag<string[] | undefined> {
  return {
    ...flag,
    isList: true,
    default: undefined,
    parse: (typed) => [parse(typed)!],
  };
}

/** Returns a flag whose value is one of `choices`. */
export function choice<T extends string, D extends T | undefined>(
  choices: readonly T[],
  help: string,
  fallback: D,
): Flag<T | D> {
  const expected = choices.join(", ").replace(/, ([^,]*)$/, " or $1");
  return {
    value: choices.join("|"),
    help,
    expected,
    default: fallback,
    parse(typed) {
      const found = choices.find((choice) => choice === typed);
      if (found !== undefined) return found;
      const guess = nearest(typed, choices);
      const { message } = unexpected(expected, typed);
      throw new InputError(guess === undefined ? message : `${message}; did you mean ${guess}?`);
    },
  };
}

const SEPARATORS: Record<string, string> = {
  comma: ",",
  semicolon: ";",
  tab: "\t",
  pipe: "|",
  space: " ",
  "\\t": "\t",
};

/** Returns a flag whose value is a field separator: one character, or its name. */
export function separator(): Flag<string | undefined> {
  const expected = "one character, or comma, semicolon, tab, pipe or space";
  return {
    value: "CHARACTER",
    help: "separator of a table's fields: a character, or comma, semicolon, tab, pipe or space",
    expected,
    default: undefined,
    shown: "detected from the file",
    parse(typed) {
      if (Object.hasOwn(SEPARATORS, typed)) return SEPARATORS[typed];
      if (typed.length === 1 && !/["\r\n]/.test(typed)) return typed;
      throw unexpected(expected, typed);
    },
  };
}

/** Returns a switch, which is on if given. */
export function toggle(help: string): Flag<boolean> {
  return { help, expected: "no value", default: false, parse: () => true };
}

const MAX_COMPARED = 40; // characters of the typed name

/** Returns the nearest of `names`, if one is near: a prefix, or a few edits away, ignoring case. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const given = name.slice(0, MAX_COMPARED).toLowerCase();
  const begun = names.filter((candidate) => candidate.startsWith(given));
  if (begun.length === 1 && given.replace(/^-+/, "").length > 1) return begun[0];
  const [best] = names
    .map((candidate) => ({ candidate, distance: editDistance(given, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, given.length / 3) ? best.candidate : undefined;
}

/** Computes the Levenshtein distance: the number of letters to insert, delete or substitute. */
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
