/**
 * The command line of Unroll: train, predict, generate, evaluate, inspect, backends.
 *
 * ```sh
 * deno run --allow-read --allow-write jsr:@unroll/cli train --data reviews.csv
 * deno run --allow-read jsr:@unroll/cli predict --model model.safetensors "i am not bad"
 * ```
 *
 * @module
 */
import { DeviceError, DivergedError, InputError } from "@unroll/core";
import { backendsCommand } from "./backends.ts";
import { evaluateCommand } from "./evaluate.ts";
import { FileError } from "./file_errors.ts";
import { type Command, helpText, nearest, parseFlags } from "./flags.ts";
import { generateCommand } from "./generate.ts";
import { inspectCommand } from "./inspect.ts";
import { predictCommand } from "./predict.ts";
import { trainCommand } from "./train.ts";

// deno-lint-ignore no-explicit-any
const COMMANDS: Command<any>[] = [
  trainCommand,
  predictCommand,
  generateCommand,
  evaluateCommand,
  inspectCommand,
  backendsCommand,
];

/**
 * Runs a command.
 *
 * @returns The exit status: 0, 1 for a failure, 2 for bad input, 128 and its number after a signal.
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
    const [name, ...rest] = args;
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      console.log(overview());
      return name === undefined ? 2 : 0;
    }
    const command = COMMANDS.find((command) => command.name === name);
    if (command === undefined) {
      const guess = nearest(name, COMMANDS.map((command) => command.name));
      throw new InputError(
        `there is no command "${name}"; ${guess ? `did you mean ${guess}?` : "see --help"}`,
      );
    }
    const options = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
    if (options.includes("--help") || options.includes("-h")) {
      console.log(helpText(command));
      return 0;
    }
    const { values, operands } = parseFlags(command, rest);
    return await command.run(values, operands);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return 0; // the reader has seen enough
    if (!(error instanceof Error)) throw error;
    // A RangeError is memory that is not there; whatever else comes is a fault of ours, with its trace.
    const isOurs = ![InputError, FileError, DivergedError, DeviceError, RangeError].some((kind) =>
      error instanceof kind
    );
    console.error(`error: ${isOurs ? error.stack : error.message}`);
    return error instanceof InputError ? 2 : 1;
  }
}

function overview(): string {
  return [
    "Unroll: recurrent networks that train on your own machine.",
    "",
    "Usage: deno task COMMAND [flags]",
    "",
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`),
    "",
    "deno task COMMAND --help tells more.",
  ].join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
