/**
 * How a new model should read texts, by the beginning of its data: words or letters, and how many.
 *
 * @module
 */
import { type ReadingAdvice, recommendReading, type TokenizerOptions } from "@unroll/core";
import type { DataBatch, TextPiece } from "../files/read_data.ts";
import type { RunSettings } from "../flags/run_flags.ts";
import { percent } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";

type Batch = DataBatch | TextPiece;
type Read = (path: string) => AsyncIterable<Batch>;

const LOOKED_AT = 4 * 2 ** 20; // characters: more say no more

/** What was found in the beginning of some files. */
export interface FoundReading extends ReadingAdvice {
  /** Reads the files, in their order: what was read already comes again. */
  read: Read;
}

/** How to read the texts in files, by the first megabytes of them. */
export async function findReading(
  read: Read,
  files: readonly string[],
  tokenizer: TokenizerOptions,
): Promise<FoundReading> {
  const begun: AsyncIterable<Batch>[] = [], texts: string[] = [];
  let characters = 0;
  for (const file of files) {
    if (characters > LOOKED_AT) break;
    const held: Batch[] = [], rest = read(file)[Symbol.asyncIterator]();
    let end: { error?: unknown } | undefined;
    while (characters <= LOOKED_AT && end === undefined) {
      try {
        const { value, done } = await rest.next();
        if (done) end = {};
        else {
          held.push(value);
          if (!("examples" in value)) continue;
          for (const { text } of value.examples) {
            texts.push(text);
            characters += text.length;
          }
        }
      } catch (error) {
        end = { error }; // thrown where the file is read, after what comes before it
      }
    }
    begun.push(replay(held, rest, end));
  }
  const again = begun.values();
  return {
    ...recommendReading(texts, tokenizer),
    read: (file) => again.next().value ?? read(file),
  };
}

/** What was read, and then the rest. */
async function* replay(
  held: Batch[],
  rest: AsyncIterator<Batch>,
  end: { error?: unknown } | undefined,
): AsyncGenerator<Batch> {
  yield* held;
  held.length = 0;
  if (end === undefined) yield* { [Symbol.asyncIterator]: () => rest };
  else if ("error" in end) throw end.error;
}

/** The settings that were found, each where its flag was not given. */
export type ChosenSettings = Pick<Partial<RunSettings>, "unit" | "max-length">;

/** What of it replaces the defaults: letters, or the beginnings of long texts. */
export function chosenOf(
  { unit, maxLength }: ReadingAdvice,
  settings: Partial<RunSettings>,
): ChosenSettings {
  const isOpen = settings.unit === undefined && settings.vectors === undefined;
  if (isOpen && unit !== "words") return { unit };
  const isBounded = settings["max-length"] ?? settings["time-steps"];
  return maxLength === undefined || isBounded !== undefined ? {} : { "max-length": maxLength };
}

/** What to print of it. */
export function describeChosen(
  { unit, "max-length": maxLength }: ChosenSettings,
  { unknown, words }: ReadingAdvice,
): Output {
  const number = (value: number) => Math.round(value).toLocaleString("en");
  return {
    lines: [
      ...(unit === undefined ? [] : [
        `Reads ${unit}: ${
          percent(unknown)
        } of the words of a text would be unknown, as the other ` +
        "texts do not have them (--unit words overrules this).",
      ]),
      ...(maxLength === undefined ? [] : [
        `Reads the first ${number(maxLength)} words of a text, as half of the texts have ` +
        `${number(words)} or more (--max-length N overrules this).`,
      ]),
    ],
    records: [
      ...(unit === undefined ? [] : [{ type: "unit", unit, unknown }]),
      ...(maxLength === undefined ? [] : [{ type: "max-length", maxLength, words }]),
    ],
  };
}
