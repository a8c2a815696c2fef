/**
 * Three tasks, and the metric value that training has to reach in each.
 *
 * @module
 */
import {
  createModel,
  createTranslationModel,
  evaluate,
  type Example,
  parseExamples,
  recommend,
  recommendLanguageModel,
  recommendTranslation,
  splitExamples,
} from "@unroll/core";
import { type Course, type Goal, textCourse } from "./course.ts";
import { readText } from "./fail.ts";

/** A task and its goal. */
export interface Quality extends Goal {
  /** The title in a table. */
  title: string;
  /** The number of seeds whose median is taken; a small held-out set makes results noisy. */
  seeds: number;
  /** Formats a metric value. */
  show(value: number): string;
  /** Returns the training run with a seed, from the start. */
  course(seed: number): Course;
}

/** The files that the tasks need. */
export interface Files {
  /** A text. */
  text?: string;
  /** Labeled sentences, CSV. */
  reviews?: string;
  /** Held-out labeled sentences. Default: a fifth of `reviews`. */
  heldReviews?: string;
}

/** The tasks by name, or a message if a file is missing. */
export const QUALITIES: Record<string, (files: Files) => Promise<Quality | string>> = {
  shakespeare: async ({ text }) =>
    text === undefined ? "give --text FILE" : writing(await readText(text)),
  dates: async () => {
    const [train, test] = await Promise.all(
      ["train", "test"].map((name) =>
        Deno.readTextFile(new URL(`../examples/dates/${name}.csv`, import.meta.url))
      ),
    );
    const pairs = (content: string) => parseExamples(content, { kind: "pairs" });
    return dates(pairs(train), pairs(test));
  },
  reviews: async ({ reviews, heldReviews }) => {
    if (reviews === undefined) return "give --reviews FILE.csv (and --held FILE.csv)";
    const read = async (file: string) => parseExamples(await readText(file), { name: file });
    const all = await read(reviews);
    if (heldReviews) return sentences(all, await read(heldReviews));
    const { train, validation } = splitExamples(all, 0.2);
    return sentences(train, validation);
  },
};

const percent = (value: number) => `${(100 * value).toFixed(1)}%`;

/** The network and training options that the command line recommends for a text. */
function writing(text: string): Quality {
  return {
    title: "Language model, 1.60 nats per character",
    value: 1.6,
    isLeast: true,
    seeds: 1,
    show: (value) => value.toFixed(3),
    course(seed) {
      // PyTorch has no layer-normalized LSTM, so both train a plain one.
      const { network, training } = recommendLanguageModel([{ text, label: "" }]);
      const { epochs, batchSize, timeSteps, learningRate } = training;
      const { optimizer, schedule, clip, clipNorm } = training;
      const options = { epochs, batchSize, timeSteps, learningRate, optimizer, schedule, clip };
      const own = { ...options, clipNorm, seed } as Course["options"] & { timeSteps: number };
      return {
        ...textCourse(text, { ...network, cell: "lstm", ends: false, seed }, own),
        measureEvery: 250,
      };
    },
  };
}

const DATE_EPOCHS = 12; // instead of the recommended 58

/** The network and training options that are recommended for pairs, with fewer epochs. */
function dates(examples: Example[], held: Example[]): Quality {
  return {
    title: "Dates to ISO form, 99% exact",
    value: 0.99,
    isLeast: false,
    seeds: 1,
    show: percent,
    course(seed) {
      const { network, training: { patience: _, ...training } } = recommendTranslation(examples);
      const model = createTranslationModel(examples, { ...network, seed });
      const options = { ...training, epochs: DATE_EPOCHS, seed } as Course["options"];
      return {
        model,
        examples,
        held,
        options,
        stepsPerEpoch: Math.ceil(examples.length / options.batchSize),
        measureEvery: 40,
        measure: async (backend, trained) =>
          (await evaluate(backend, trained as typeof model, held)).exact,
      };
    },
  };
}

/** The network and training options that are recommended for labeled texts. */
function sentences(examples: Example[], held: Example[]): Quality {
  return {
    title: "Reviews, 78% accuracy",
    value: 0.78,
    isLeast: false,
    seeds: 5,
    show: percent,
    course(seed) {
      const { network, training: { patience: _, ...training } } = recommend(examples);
      const model = createModel(examples, { ...network, head: "max", seed });
      const options = { ...training, seed } as Course["options"];
      return {
        model,
        examples,
        held,
        options,
        stepsPerEpoch: Math.ceil(examples.length / options.batchSize),
        measure: async (backend, trained) =>
          (await evaluate(backend, trained as typeof model, held)).accuracy,
      };
    },
  };
}
