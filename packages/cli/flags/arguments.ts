/**
 * Parses command-line arguments into flags and operands.
 *
 * The standard library's parseArgs does not fit: it keeps only the last value of a repeated flag,
 * cannot distinguish a missing value from an empty one, and reads -1 after a flag as another flag.
 *
 * @module
 */
import { InputError, quote } from "@unroll/core";
import { type Command, type Flag, type Flags, type Given, nearest, type Values } from "./flags.ts";

type Token =
  | { kind: "flag"; name: string; typed: string }
  | { kind: "operand"; text: string }
  | { kind: "help"; all: boolean }
  | { kind: "problem"; error: InputError };

const ALL = "all"; // --help all

/** Returns whether an argument has the form of a flag; "-1", "- so" and "-" alone are texts. */
function isFlag(arg: string): boolean {
  return /^(-[^\s\d.-]|--[^\s-])/.test(arg);
}

function tokensOf(command: Command, args: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") {
      for (const text of args.slice(i + 1)) tokens.push({ kind: "operand", text });
      break;
    }
    if (arg === "-h" || arg === "--help") {
      const all = args[i + 1] === ALL;
      tokens.push({ kind: "help", all });
      if (all) i++;
    } else if (!isFlag(arg)) tokens.push({ kind: "operand", text: arg });
    else {
      const [, dashes, name, inline] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(arg)!;
      const flag = dashes === "--" && Object.hasOwn(command.flags, name)
        ? command.flags[name]
        : undefined;
      const problem = (message: string) =>
        tokens.push({ kind: "problem", error: new InputError(message) });
      const next = inline ?? args[i + 1];
      if (flag === undefined) problem(unknownFlag(command, dashes + name));
      else if (flag.value === undefined) {
        if (inline === undefined) tokens.push({ kind: "flag", name, typed: "" });
        else problem(`--${name}: takes no value, got ${quote(inline)}`);
      } else if (standsAlone(flag, inline, next)) {
        tokens.push({ kind: "flag", name, typed: flag.alone! });
      } else if (next === undefined) problem(`--${name}: expected ${flag.expected}, got nothing`);
      else if (inline === undefined && /^--($|[^\s\d-])/.test(next)) {
        problem(
          `--${name}: expected ${flag.expected}, got the flag ${quote(next)}; ` +
            `a value that begins with "--" goes after "=", as in --${name}=--a`,
        );
      } else {
        tokens.push({ kind: "flag", name, typed: next });
        if (inline === undefined) i++;
      }
    }
  }
  return tokens;
}

/** Returns whether a flag with an optional value has none: `next` is not a valid value for it. */
function standsAlone(
  { alone, parse }: Flag<unknown>,
  inline: string | undefined,
  next: string | undefined,
): boolean {
  if (alone === undefined || inline !== undefined) return false;
  try {
    if (next !== undefined) parse(next);
    return next === undefined;
  } catch {
    return true;
  }
}

/**
 * Returns the flag values typed along with --help, and whether it is `--help all`; undefined if
 * --help was not typed.
 */
export function typedWithHelp(
  command: Command,
  args: readonly string[],
): { typed: Map<string, string>; all: boolean } | undefined {
  const tokens = tokensOf(command, args);
  const help = tokens.filter((token) => token.kind === "help");
  if (help.length === 0) return undefined;
  const typed = tokens.flatMap((t) => t.kind === "flag" ? [[t.name, t.typed] as const] : []);
  return { typed: new Map(typed), all: help.some(({ all }) => all) };
}

/**
 * Parses a command's flags and operands.
 *
 * @throws {InputError} If a flag is unknown, a flag that is not a list is repeated, or a value is
 *   invalid.
 */
export function parseFlags<F extends Flags>(
  command: Command<F>,
  args: readonly string[],
): { values: Values<F>; given: Given; operands: string[] } {
  const typed = new Map<string, string[]>(), operands: string[] = [];
  for (const token of tokensOf(command as unknown as Command, args)) {
    if (token.kind === "problem") throw token.error;
    if (token.kind === "operand") operands.push(token.text);
    if (token.kind !== "flag") continue;
    const { name } = token, [before] = typed.get(name) ?? [];
    if (before !== undefined && command.flags[name].isList) {
      typed.get(name)!.push(token.typed);
      continue;
    }
    if (before !== undefined) {
      const values = before === token.typed
        ? ""
        : `, as ${quote(before)} and as ${quote(token.typed)}`;
      throw new InputError(`--${name}: is given twice${values}; give it once`);
    }
    typed.set(name, [token.typed]);
  }
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(command.flags)) {
    const given = typed.get(name)?.map((text) => parseValue(name, flag.parse, text));
    values[name] = given === undefined ? flag.default : flag.isList ? given.flat() : given[0];
  }
  if (command.operands === undefined && operands.length > 0) {
    const takes = Object.keys(command.flags).length > 0 ? "flags only" : "nothing";
    throw new InputError(
      `${command.name} takes ${takes}, got ${quote(operands[0])}; see ${command.name} --help`,
    );
  }
  return { values: values as Values<F>, given: new Set(typed.keys()), operands };
}

/** Parses the value of a flag; errors name the flag. */
export function parseValue<T>(name: string, parse: (typed: string) => T, typed: string): T {
  try {
    return parse(typed);
  } catch (error) {
    throw new InputError(`--${name}: ${(error as Error).message}`);
  }
}

function unknownFlag({ name, flags, operands }: Command, given: string): string {
  const names = [...Object.keys(flags), "help"].map((name) => `--${name}`);
  const guess = nearest(given, names);
  if (guess === given) return `${given} takes no value`; // --help=x
  const hint = guess
    ? `did you mean ${guess}?`
    : operands === undefined
    ? `see ${name} --help`
    : `a text that begins with "-" goes after --`;
  return `${name} has no flag ${quote(given).slice(1, -1)}; ${hint}`;
}
