/**
 * Chooses how a new model reads texts from the start of its data: words or letters, and how many.
 *
 * @module
 */
import {
  type Example,
  type ReadingAdvice,
  recommendReading,
  recommendTaggedUnit,
  type TokenizerOptions,
} from "@unroll/core";
import type { DataBatch, TextPiece } from "../files/read_data.ts";
import type { RunSettings } from "../flags/run_flags.ts";
import { percent } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";

type Batch = DataBatch | TextPiece;
type Read = (path: string) => AsyncIterable<Batch>;

const LOOKED_AT = 4 * 2 ** 20; // characters: more would not change the advice

/** The start of files, and how to read them from there. */
export interface Beginning {
  /** The first examples. */
  examples: Example[];
  /** Reads the files, in order; batches that were already read are replayed. */
  read: Read;
}

/** Reads the first megabytes of files. */
export async function readBeginning(read: Read, files: readonly string[]): Promise<Beginning> {
  const begun: AsyncIterable<Batch>[] = [], examples: Example[] = [];
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
          for (const example of value.examples) {
            examples.push(example);
            characters += example.text.length;
          }
        }
      } catch (error) {
        end = { error }; // thrown later, when the replay reaches this point
      }
    }
    begun.push(replay(held, rest, end));
  }
  const again = begun.values();
  return { examples, read: (file) => again.next().value ?? read(file) };
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

/** The settings that were chosen, and what to print about them. */
export interface Chosen {
  settings: ChosenSettings;
  notes: Output;
}

/** Chooses words or letters for models that label whole texts, and a maximum length. */
export function chooseReading(
  examples: readonly Example[],
  tokenizer: TokenizerOptions,
  settings: Partial<RunSettings>,
): Chosen {
  const advice = recommendReading(examples.map(({ text }) => text), tokenizer);
  const chosen = chosenOf(advice, settings);
  return { settings: chosen, notes: describeChosen(chosen, advice) };
}

/** Chooses the unit that the labels of a tagger fit. */
export function chooseTaggedUnit(
  examples: readonly Example[],
  settings: Partial<RunSettings>,
): Chosen {
  const unit = settings.unit === undefined ? recommendTaggedUnit(examples) : "words";
  if (unit === "words") return { settings: {}, notes: { lines: [], records: [] } };
  const line = `Reads ${unit}: most texts have one label per ${unit.slice(0, -1)}, not per word ` +
    "(--unit words overrides this).";
  return { settings: { unit }, notes: { lines: [line], records: [{ type: "unit", unit }] } };
}

/** Returns the recommended settings that differ from the defaults: a unit, or a maximum length. */
function chosenOf(
  { unit, maxLength }: ReadingAdvice,
  settings: Partial<RunSettings>,
): ChosenSettings {
  const isOpen = settings.unit === undefined && settings.vectors === undefined;
  if (isOpen && unit !== "words") return { unit };
  const isBounded = settings["max-length"] ?? settings["time-steps"];
  return maxLength === undefined || isBounded !== undefined ? {} : { "max-length": maxLength };
}

/** Describes the recommended settings for printing. */
function describeChosen(
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
