/**
 * Flags: one list for each command serves parsing and help.
 *
 * @module
 */
import { InputError, quote } from "@unroll/core";
import { INPUT } from "../files/paths.ts";

/** A flag with a value of type T. */
export interface Flag<T> {
  /** What its value is called in the help; none for a switch. */
  value?: string;
  /** What it does. */
  help: string;
  /** What its value must be, for error messages. */
  expected: string;
  /** Its value where it is not given. */
  default: T;
  /** The default in words, where `default` does not say it. */
  shown?: string;
  /** Its value from what was typed; throws what was expected. */
  parse(typed: string): T;
  /** What it means without a value, where it may stand alone; a value follows if it is one of its. */
  alone?: string;
  /** Whether it may be typed more than once: its values are lists, which are put together. */
  isList?: boolean;
}

/** Flags by name. */
// deno-lint-ignore no-explicit-any
export type Flags = Record<string, Flag<any>>;

/** The values of some flags. */
export type Values<F extends Flags> = { [K in keyof F]: F[K] extends Flag<infer T> ? T : never };
/** The names of the flags that were typed, whatever their values. */
export type Given = ReadonlySet<string>;

/** A part of a command's help. */
export interface Section {
  /** Its title. */
  title: string;
  /** Its flags by name. */
  flags: Flags;
  /** Defaults in words, by flag, where they depend on more than the flag. */
  defaults?: Record<string, string | undefined>;
}

/** A command's help, where that is more than all flags in one list. */
export interface Help {
  /** Its flags, in groups. */
  sections: Section[];
  /** What to know before them. */
  note?: string;
  /** Calls to learn from. Default: those of the command. */
  examples?: string[];
}

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
  /** Its flags in groups, by their titles. */
  groups?: Record<string, Flags>;
  /** Its flags that are shown though other commands need theirs of that name rarely. */
  needed?: readonly string[];
  /** Calls to learn from, where `help` gives none. */
  examples?: string[];
  /** Its help, by the other flags that were typed. */
  help?(typed: ReadonlyMap<string, string>): Help;
  /** Runs it, and gives the exit status. */
  run(values: Values<F>, operands: string[], given: Given): Promise<number>;
}

/**
 * Flags in groups.
 *
 * @param groups The names of each group's flags, by its title.
 * @param rest The title of the group of all others, which comes last.
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

/** An error of a value that is not what is expected. */
export function unexpected(expected: string, typed: string): InputError {
  return new InputError(`expected ${expected}, got ${quote(typed)}`);
}

/** A flag with a text, which may be empty only where an empty one means something. */
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

/** A flag with the path of a file, or of a folder; where it may be standard input, that is `-`. */
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
      // Files are read more than once, and are replaced as a whole: a stream allows neither.
      if (/^(-|\/dev\/(std(in|out|err)|fd\/.*)|\/proc\/[^/]+\/fd\/.*)$/.test(typed)) {
        throw new InputError(
          `expected a ${flag.expected}, got ${quote(typed)}, which is a stream; ` +
            (typed === "-"
              ? "use a file (./- for one of that name)"
              : mayBeInput
              ? "use a file, or - for standard input"
              : "use a file"),
        );
      }
      return parse(typed);
    },
  };
}

/** A flag that may be typed more than once. */
export function list({ parse, ...flag }: Flag<string | undefined>): Flag<string[] | undefined> {
  return {
    ...flag,
    isList: true,
    default: undefined,
    parse: (typed) => [parse(typed)!],
  };
}

/** A flag with one of some words. */
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

/** A flag with a separator of fields: one character, or its name. */
export function separator(): Flag<string | undefined> {
  const expected = "one character, or comma, semicolon, tab, pipe or space";
  return {
    value: "CHARACTER",
    help: "separator of a table's fields: a character, or comma, semicolon, tab, pipe or space",
    expected,
    default: undefined,
    shown: "what the file looks like",
    parse(typed) {
      if (Object.hasOwn(SEPARATORS, typed)) return SEPARATORS[typed];
      if (typed.length === 1 && !/["\r\n]/.test(typed)) return typed;
      throw unexpected(expected, typed);
    },
  };
}

/** A switch: on when given. */
export function toggle(help: string): Flag<boolean> {
  return { help, expected: "no value", default: false, parse: () => true };
}

const MAX_COMPARED = 40; // characters of a name that was typed

/** The nearest of some names, if one is near: but for its case, its end, or a letter or two. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const given = name.slice(0, MAX_COMPARED).toLowerCase();
  const begun = names.filter((candidate) => candidate.startsWith(given));
  if (begun.length === 1 && given.replace(/^-+/, "").length > 1) return begun[0];
  const [best] = names
    .map((candidate) => ({ candidate, distance: editDistance(given, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, given.length / 3) ? best.candidate : undefined;
}

/** Levenshtein's distance: how many letters to add, remove or change. */
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
