/**
 * Opens the files of a task, and reports what was found in them. Texts are read here; tasks of
 * other data open their files themselves.
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
import {
  chooseReading,
  type Chosen,
  type ChosenSettings,
  readBeginning,
} from "../run/find_reading.ts";
import {
  type LeftOut,
  readFiles,
  repeatFindings,
  testFindings,
  textLimit,
  unknownFindings,
} from "../run/examples.ts";

/** The flags for how files are read; those of a run are missing if a model exists. */
export type OpenSettings =
  & ColumnSettings
  & Partial<TableSettings>
  & ReadingSink
  & Partial<RunSettings>
  & {
    strict: boolean;
    /** Whether the files are training data. */
    isTraining?: boolean;
    /** Whether test files will be compared with them. */
    isAsked?: boolean;
  };

/** The examples in files, and what was found about them. */
export interface Opened<M extends Model = Model, Given = Example> {
  /** The usable examples, in order. */
  examples: Sequence<Given>;
  /** The rows that cannot be used. */
  leftOut: LeftOut[];
  /** Settings for reading texts that were chosen from the data. */
  chosen?: ChosenSettings;
  /** What to print about these settings. */
  notes?: Output;
  /** The names of the columns, for series. */
  dataColumns?: DataColumns;
  /** Returns whether a text is among the examples, for texts. */
  watch?: Pick<ExampleWatch, "has">;
  /** Warnings about the examples as training data. */
  warnings: DataWarning[];
  /** Returns warnings about tokens and labels that a model does not know. */
  unknown(model: M): DataWarning[];
  /** Returns warnings about texts in both parts of a split, for texts. */
  repeats?(train: Sequence<Given>, validation: Sequence<Given>): DataWarning[];
  /** Returns warnings about the examples as test data, compared with the training data if given. */
  tests(model: M, learned?: Opened<M, Given>): DataWarning[];
}

/** How a task reads texts. */
export interface TextSource<M extends Model> {
  /** Reads the examples in a file, one batch at a time. */
  read(
    path: string,
    settings: ColumnSettings & Partial<TableSettings> & ReadingSink & SeveralLabels,
  ): AsyncIterable<DataBatch | TextPiece>;
  /** Returns the names of the columns of texts and labels, and the kind of labels, for warnings. */
  about(columns: ColumnSettings): WarningOptions;
  /** Returns how a model reads texts: a known model, or a new one with `settings`. */
  reading(settings: RunSettings, known?: M): Reading;
  /**
   * Chooses settings for reading from the first training examples. Default: a unit and a maximum
   * length, if the reading splits texts at Unicode's word boundaries.
   */
  choose?(examples: readonly Example[], settings: OpenSettings): Chosen;
}

/** How a task reads data other than texts. */
export interface OwnSource<M extends Model, Given> {
  /**
   * Opens files.
   *
   * @param known The existing model, if any, which determines the columns.
   * @param learned The training data, if the files are test files.
   * @throws {InputError} If a file cannot be read; if `strict`, if a row cannot be read.
   */
  open(
    files: readonly string[],
    settings: OpenSettings,
    known?: M,
    learned?: Opened<M, Given>,
  ): Promise<Opened<M, Given>>;
}

/** Opens files for a task. */
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

/** Opens files of texts. */
export async function openTexts<M extends Model>(
  { read, about, reading: readingOf, choose }: TextSource<M>,
  files: readonly string[],
  settings: OpenSettings,
  known?: M,
  learned?: Opened<M>,
): Promise<Opened<M>> {
  // A known model determines how it reads, whatever the flags.
  const asked = { ...settings, ...learned?.chosen } as RunSettings;
  const words = readingOf(asked, known);
  const maxTextLength = textLimit(words, settings.isTraining ? settings : undefined);
  const several = { "multi-label": words.separator, maxTextLength };
  const file = (path: string) => read(path, { ...settings, ...several });
  const isNew = settings.isTraining && !known && !settings.pretrained && !learned;
  const plain = words.tokenizer?.split === undefined ? words.tokenizer : undefined;
  const chooser: typeof choose = choose ?? (plain && ((some) => chooseReading(some, plain, asked)));
  const begun = isNew && chooser ? await readBeginning(file, files) : undefined;
  const chosen = begun && chooser?.(begun.examples, asked);
  const reading = chosen ? readingOf({ ...asked, ...chosen.settings }) : words;
  const columns = {
    ...about(settings),
    html: reading.tokenizer?.html ?? reading.html,
    keepsCase: reading.tokenizer?.lowerCase === false,
    isAsked: settings.isAsked ?? false,
  };
  const { examples, leftOut, watch, truncated } = await readFiles(
    begun?.read ?? file,
    files,
    settings.strict,
    reading,
    columns,
  );
  // Tokens are unknown only if the vocabulary is limited or was built from other data.
  const isLimited = known ?? settings.vocabulary ?? settings["min-count"];
  return {
    ...{ examples, leftOut, watch },
    ...(chosen && { chosen: chosen.settings, notes: chosen.notes }),
    warnings: [...watch.warnings(), ...truncated],
    repeats: repeatFindings,
    unknown: (model) => isLimited === undefined ? [] : unknownFindings(model, examples),
    tests(model, learned) {
      const texts = learned?.watch ?? learned?.examples ?? [];
      return [...testFindings(model, texts, examples), ...truncated];
    },
  };
}

/** Returns built-in examples as if opened from files. */
export function builtInSet<M extends Model, Given>(examples: Sequence<Given>): Opened<M, Given> {
  return { examples, leftOut: [], warnings: [], unknown: () => [], tests: () => [] };
}
