/**
 * The command line of Unroll: train, predict, generate, evaluate, inspect, export, serve, import,
 * backends.
 *
 * ```sh
 * deno run --allow-read --allow-write jsr:@unroll/cli train --data reviews.csv
 * deno run --allow-read jsr:@unroll/cli predict --model model.safetensors "i am not bad"
 * ```
 *
 * @module
 */
import { DeviceError, DivergedError, InputError, quote } from "@unroll/core";
import { parseFlags, typedWithHelp } from "./flags/arguments.ts";
import { backendsCommand } from "./backends.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { exportCommand } from "./commands/export.ts";
import { FileError } from "./files/file_errors.ts";
import { type Command, nearest } from "./flags/flags.ts";
import { generateCommand } from "./commands/generate.ts";
import { commandList, helpText } from "./flags/help.ts";
import { importCommand } from "./commands/import.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { predictCommand } from "./commands/predict.ts";
import { serveCommand } from "./commands/serve.ts";
import { OutputError, print, printable, warn } from "./output/terminal.ts";
import { trainCommand } from "./commands/train.ts";
import { StoppedError } from "./run/reading.ts";

// deno-lint-ignore no-explicit-any
const COMMANDS: Command<any>[] = [
  trainCommand,
  predictCommand,
  generateCommand,
  evaluateCommand,
  inspectCommand,
  exportCommand,
  serveCommand,
  importCommand,
  backendsCommand,
];

/**
 * Runs a command.
 *
 * @returns The exit status: 0, 1 for a failure, 2 for bad input, 128 plus the number of a signal.
 *
 * @example
 * ```ts
 * import { main } from "@unroll/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await main(["backends"]), 0);
 * ```
 */
export async function main(args: string[]): Promise<number> {
  try {
    const [first, ...others] = args;
    if (first === undefined || isHelp(first) && others.length === 0) {
      print(overview());
      return first === undefined ? 2 : 0;
    }
    // "help train" is the same as "train --help".
    const [name, rest] = isHelp(first)
      ? [others[0], ["--help", ...others.slice(1)]]
      : [first, others];
    const command = COMMANDS.find((command) => command.name === name);
    if (command === undefined) {
      const guess = nearest(name, COMMANDS.map((command) => command.name));
      throw new InputError(
        `there is no command ${quote(name)}; ${guess ? `did you mean ${guess}?` : "see --help"}`,
      );
    }
    const help = typedWithHelp(command, rest);
    if (help !== undefined) {
      print(helpText(command, help.typed, help.all));
      return 0;
    }
    const { values, given, operands } = parseFlags(command, rest);
    return await command.run(values, operands, given);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return 0; // the reader closed the pipe
    if (!(error instanceof Error)) throw error;
    if (error instanceof StoppedError) {
      warn(printable(error.message, MOST));
      return error.status;
    }
    printError(error);
    return error instanceof InputError ? 2 : 1;
  }
}

function isHelp(arg: string): boolean {
  return arg === "--help" || arg === "-h" || arg === "help";
}

const MOST = 2000; // columns of an error: its values are shortened, but a path may be long

// Core's names for the flags that name columns.
const COLUMN_OPTION = /the (text|label|source|target) column option/g;

/** Prints an error on one line; an unexpected error, which is a bug, with its stack trace. */
function printError(error: Error): void {
  // A RangeError means that an allocation failed.
  const isOurs = ![InputError, FileError, DivergedError, DeviceError, OutputError, RangeError].some(
    (kind) => error instanceof kind,
  );
  const lines = isOurs && error.stack
    ? error.stack.split("\n")
    : [error.message.replace(COLUMN_OPTION, "--$1-column")];
  try {
    warn(`error: ${lines.map((line) => printable(line, MOST)).join("\n")}`);
  } catch { /* standard error is closed */ }
}

function overview(): string {
  return [
    "Unroll: recurrent networks that train on your own machine.",
    "",
    "Usage: deno task COMMAND [flags]",
    "",
    ...commandList(COMMANDS),
    "",
    "See deno task COMMAND --help for the flags of a command.",
  ].join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
