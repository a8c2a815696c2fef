/**
 * Chooses how a new model reads texts from the start of its data: words or letters, and how many.
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

const LOOKED_AT = 4 * 2 ** 20; // characters: more would not change the advice

/** Advice on reading, from the start of the files. */
export interface FoundReading extends ReadingAdvice {
  /** Reads the files, in order; batches that were already read are replayed. */
  read: Read;
}

/** Recommends how to read the texts in files, from their first megabytes. */
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
        end = { error }; // thrown later, when the replay reaches this point
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

/** Yields the batches already read, then the rest. */
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

/** The recommended settings, each only if its flag was not given. */
export type ChosenSettings = Pick<Partial<RunSettings>, "unit" | "max-length">;

/** Returns the recommended settings that differ from the defaults: a unit, or a maximum length. */
export function chosenOf(
  { unit, maxLength }: ReadingAdvice,
  settings: Partial<RunSettings>,
): ChosenSettings {
  const isOpen = settings.unit === undefined && settings.vectors === undefined;
  if (isOpen && unit !== "words") return { unit };
  const isBounded = settings["max-length"] ?? settings["time-steps"];
  return maxLength === undefined || isBounded !== undefined ? {} : { "max-length": maxLength };
}

/** Describes the recommended settings for printing. */
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
        } of a text's words would be unknown, because the other ` +
        "texts do not contain them (--unit words overrides this).",
      ]),
      ...(maxLength === undefined ? [] : [
        `Reads the first ${number(maxLength)} words of a text, because half of the texts have ` +
        `${number(words)} or more (--max-length N overrides this).`,
      ]),
    ],
    records: [
      ...(unit === undefined ? [] : [{ type: "unit", unit, unknown }]),
      ...(maxLength === undefined ? [] : [{ type: "max-length", maxLength, words }]),
    ],
  };
}
