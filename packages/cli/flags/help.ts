/**
 * The text of `--help`, in 80 columns.
 *
 * @module
 */
import type { Command, Flag, Help, Section } from "./flags.ts";

const WIDTH = 80; // columns
const LEFT = 27; // the column where the description of a flag starts

/**
 * Returns the text of `--help`.
 *
 * @param typed The values of the other flags that were typed, by name.
 * @param all Whether to include rarely needed flags.
 */
export function helpText(
  command: Command,
  typed: ReadonlyMap<string, string> = new Map(),
  all = false,
): string {
  const { name, summary, operands, flags, groups = { Flags: flags } } = command;
  const hasFlags = Object.keys(flags).length > 0;
  const usual = hasFlags ? Object.entries(groups).map(([title, flags]) => ({ title, flags })) : [];
  const { sections: whole = usual, note, examples = command.examples ?? [] }: Partial<Help> =
    command.help?.(typed) ?? {};
  const isShown = ([name, { isRare }]: [string, Flag<unknown>]) =>
    all || !isRare || typed.has(name);
  const sections = whole.map((section): Section => ({
    ...section,
    flags: Object.fromEntries(Object.entries(section.flags).filter(isShown)),
  })).filter(({ flags }) => Object.keys(flags).length > 0);
  const count = (some: readonly Section[]) =>
    some.reduce((sum, { flags }) => sum + Object.keys(flags).length, 0);
  const hidden = count(whole) - count(sections);
  return [
    ...wrap(summary, WIDTH),
    "",
    `Usage: deno task ${name}${hasFlags ? " [flags]" : ""}${operands ? ` ${operands}` : ""}`,
    ...(note === undefined ? [] : ["", ...wrap(note, WIDTH)]),
    ...sections.flatMap(({ title, flags, defaults = {} }) => [
      "",
      `${title}:`,
      ...Object.entries(flags).flatMap(([name, flag]) => describe(name, flag, defaults[name])),
    ]),
    "",
    ...(hidden === 0
      ? row("--help", "show this help")
      : row("--help [all]", `show this help; all: also ${hidden} rarely needed flags`)),
    "",
    "Examples:",
    ...examples.flatMap((example) =>
      // Lines break only before flags, because a quoted text must stay on one line.
      wrap(`deno task ${example}`, WIDTH - 6, / (?=--)/).map((line, i, { length }) =>
        `${i === 0 ? "  " : "    "}${line}${i < length - 1 ? " \\" : ""}`
      )
    ),
  ].join("\n");
}

// deno-lint-ignore no-explicit-any
function describe(name: string, flag: Flag<any>, shown: string | undefined): string[] {
  const value = flag.alone === undefined ? flag.value : `[${flag.value}]`;
  const left = flag.value === undefined ? `--${name}` : `--${name} ${value}`;
  const fallback = shown ?? flag.shown ??
    (flag.value === undefined || flag.default === undefined ? undefined : String(flag.default));
  return row(left, fallback === undefined ? flag.help : `${flag.help} (default: ${fallback})`);
}

/** Lists commands: each name with its summary next to it. */
export function commandList(commands: readonly Pick<Command, "name" | "summary">[]): string[] {
  const left = Math.max(...commands.map(({ name }) => name.length)) + 4;
  return commands.flatMap(({ name, summary }) =>
    wrap(summary, WIDTH - left).map((line, i) => (i === 0 ? `  ${name}` : "").padEnd(left) + line)
  );
}

/** Lays out a flag with its description next to it, or below if the flag is long. */
function row(left: string, right: string): string[] {
  const lines = wrap(right, WIDTH - LEFT);
  const isLong = 2 + left.length + 2 > LEFT;
  const head = isLong ? [] : [`  ${left}`.padEnd(LEFT) + lines.shift()];
  const names = isLong ? hang(left, WIDTH - 2).map((line) => `  ${line}`) : [];
  return [...names, ...head, ...lines.map((line) => " ".repeat(LEFT) + line)];
}

/** Wraps the choices of a flag, aligned with the first choice. */
function hang(left: string, width: number): string[] {
  const [flag, ...choices] = left.split(/ |(?<=\|)/);
  const lines = [`${flag} `];
  for (const choice of choices) {
    if (lines.at(-1)!.length + choice.length <= width) lines[lines.length - 1] += choice;
    else lines.push(" ".repeat(flag.length + 1) + choice);
  }
  return lines;
}

/** Wraps a text into lines of at most `width` columns, broken at matches of `space`. */
function wrap(text: string, width: number, space: string | RegExp = " "): string[] {
  const lines = [""];
  for (const word of text.split(space)) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
