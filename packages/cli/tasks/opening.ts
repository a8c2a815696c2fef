/**
 * What files hold for a task, and what there is to say about it. Texts are read here; a task of
 * other data opens its files itself.
 *
 * @module
 */
import type {
  DataColumns,
  DataWarning,
  Example,
  ExampleWatch,
  Model,
  Reading,
  Sequence,
  WarningOptions,
} from "@unroll/core";
import type { DataBatch, SeveralLabels, TextPiece } from "../files/read_data.ts";
import type { ReadingSink } from "../files/say_reading.ts";
import type { ColumnSettings, RunSettings, TableSettings } from "../flags/run_flags.ts";
import type { Output } from "../output/train_report.ts";
import { chosenOf, type ChosenSettings, describeChosen, findReading } from "../run/find_reading.ts";
import {
  type LeftOut,
  readFiles,
  repeatFindings,
  testFindings,
  textLimit,
  unknownFindings,
} from "../run/examples.ts";

/** The flags that say how files are read; those of a run are missing where a model is there. */
export type OpenSettings =
  & ColumnSettings
  & Partial<TableSettings>
  & ReadingSink
  & Partial<RunSettings>
  & {
    strict: boolean;
    /** Whether a model is to learn from them; and whether test files will be compared with them. */
    isTraining?: boolean;
    isAsked?: boolean;
  };

/** What some files hold. */
export interface Opened<M extends Model = Model, Given = Example> {
  /** What can be used of it, in its order. */
  examples: Sequence<Given>;
  /** The rows that cannot. */
  leftOut: LeftOut[];
  /** How its texts are read, as far as that was chosen by looking at them, and what to print of it. */
  chosen?: ChosenSettings;
  notes?: Output;
  /** What the columns were called, where they are of series. */
  dataColumns?: DataColumns;
  /** Which texts are among it, where it has texts. */
  watch?: Pick<ExampleWatch, "has">;
  /** What is odd about it, to learn from. */
  warnings: DataWarning[];
  /** What a model does not know of it. */
  unknown(model: M): DataWarning[];
  /** What of it stands in both parts of a split, where it has texts. */
  repeats?(train: Sequence<Given>, validation: Sequence<Given>): DataWarning[];
  /** What is odd about it to measure a model with, beside what the model learned, if that is there. */
  tests(model: M, learned?: Opened<M, Given>): DataWarning[];
}

/** How a task reads texts. */
export interface TextSource<M extends Model> {
  /** The examples in a file, a batch at a time. */
  read(
    path: string,
    settings: ColumnSettings & Partial<TableSettings> & ReadingSink & SeveralLabels,
  ): AsyncIterable<DataBatch | TextPiece>;
  /** What the columns of texts and labels are called, and what labels are, for warnings. */
  about(columns: ColumnSettings): WarningOptions;
  /** How a model reads texts: one that is known, or one made with some settings. */
  reading(settings: RunSettings, known?: M): Reading;
}

/** How a task reads what is no text. */
export interface OwnSource<M extends Model, Given> {
  /**
   * What some files hold.
   *
   * @param known The model that is there, if one is: it has settled what it reads.
   * @param learned What was learned, where these files are for testing.
   * @throws {InputError} For a file that cannot be read, and where `strict` for a row that cannot.
   */
  open(
    files: readonly string[],
    settings: OpenSettings,
    known?: M,
    learned?: Opened<M, Given>,
  ): Promise<Opened<M, Given>>;
}

/** What some files hold for a task. */
export async function openFiles<M extends Model, Given>(
  source: TextSource<M> | OwnSource<M, Given>,
  files: readonly string[],
  settings: OpenSettings,
  known?: M,
  learned?: Opened<M, Given>,
): Promise<Opened<M, Given>> {
  if ("open" in source) return await source.open(files, settings, known, learned);
  const texts = learned as unknown as Opened<M> | undefined;
  return await openTexts(source, files, settings, known, texts) as unknown as Opened<M, Given>;
}

/** The texts in some files. */
export async function openTexts<M extends Model>(
  { read, about, reading: readingOf }: TextSource<M>,
  files: readonly string[],
  settings: OpenSettings,
  known?: M,
  learned?: Opened<M>,
): Promise<Opened<M>> {
  // Of a known model no flag is asked.
  const asked = { ...settings, ...learned?.chosen } as RunSettings;
  const words = readingOf(asked, known);
  const maxTextLength = textLimit(words, settings.isTraining ? settings : undefined);
  const several = { "multi-label": words.separator, maxTextLength };
  const file = (path: string) => read(path, { ...settings, ...several });
  const mayChoose = settings.isTraining && !known && !settings.pretrained && !learned &&
    words.tokenizer &&
    words.tokenizer.split === undefined;
  const found = mayChoose ? await findReading(file, files, words.tokenizer!) : undefined;
  const chosen = found && chosenOf(found, settings);
  const reading = chosen ? readingOf({ ...asked, ...chosen }) : words;
  const columns = {
    ...about(settings),
    html: reading.tokenizer?.html ?? reading.html,
    keepsCase: reading.tokenizer?.lowerCase === false,
    isAsked: settings.isAsked ?? false,
  };
  const { examples, leftOut, watch, truncated } = await readFiles(
    found?.read ?? file,
    files,
    settings.strict,
    reading,
    columns,
  );
  // All is known but with a vocabulary that is limited, or another's.
  const isLimited = known ?? settings.vocabulary ?? settings["min-count"];
  return {
    ...{ examples, leftOut, watch },
    ...(found && { chosen, notes: describeChosen(chosen!, found) }),
    warnings: [...watch.warnings(), ...truncated],
    repeats: repeatFindings,
    unknown: (model) => isLimited === undefined ? [] : unknownFindings(model, examples),
    tests(model, learned) {
      const texts = learned?.watch ?? learned?.examples ?? [];
      return [...testFindings(model, texts, examples), ...truncated];
    },
  };
}

/** Examples that no file holds. */
export function builtInSet<M extends Model, Given>(examples: Sequence<Given>): Opened<M, Given> {
  return { examples, leftOut: [], warnings: [], unknown: () => [], tests: () => [] };
}
