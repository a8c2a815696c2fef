/**
 * The tagging task: predict a label for each word of a text.
 *
 * @module
 */
import { encodeLabeled, labelReader, type LabelSplit } from "../classification/encode.ts";
import {
  companionMetadata,
  companionsFrom,
  companionShapes,
  companionsIn,
  companionTensors,
} from "../classification/companion_file.ts";
import { evaluateLabels, type Evaluation } from "../classification/evaluate.ts";
import { classification, tokenizerOf, wordIds } from "../classification/task.ts";
import { labelTraining } from "../classification/training.ts";
import { logitsAfterWords, stackPass } from "../classification/inspection.ts";
import type { Example } from "../data/examples.ts";
import { poolingOf } from "../network/head.ts";
import { weightShapes } from "../network/shapes.ts";
import { fromTorch, torchShapes, toTorch } from "../network/torch_names.ts";
import { quote } from "../printable.ts";
import type { Sequence } from "../sequence.ts";
import type { EncodeOptions, Task } from "../task.ts";
import { tokenize } from "../text/tokenizer.ts";
import { tagCombiner } from "./combine.ts";
import type { EntityEvaluation } from "./entities.ts";
import { entityFigures, evaluateEntities } from "./entity_figures.ts";
import { alphabetIn, spell, speller } from "./letters.ts";
import { splitTags, type TaggingModel } from "./model.ts";
import { predictTags, type Tag } from "./predict.ts";

const TAGS: LabelSplit = {
  split: splitTags,
  check(text, tokens, label, unit) {
    const tags = splitTags(label).length;
    if (tags === tokens) return undefined;
    return `the text ${quote(text)} has ${tokens} ${unit} and ${tags} labels; ` +
      `give one label for each ${unit.slice(0, -1)}, separated by spaces`;
  },
};

/** The evaluation of a tagger: on words, and on entities if its tags mark entities. */
export interface TaggingEvaluation extends Evaluation {
  /** Precision, recall and F1 of entities, as conlleval and seqeval count them. */
  entities?: EntityEvaluation;
}

/** The tagging task, of the models that `createModel` creates with the head `token`. */
export const tagging: Task<TaggingModel, Tag[], never, TaggingEvaluation> = {
  name: "tagging",
  models: "tagging models",
  usage: "this is a tagging model, which labels each word; use predict()",
  ensembles: true,
  trainOptions: ["labelWeights", "fineTuning"],
  shapes: ({ config, vocabulary, labels, alphabet }) =>
    weightShapes(config, vocabulary.length, labels.length, alphabet?.length),
  encode: encodeTagged,
  training: (model, sets, options, place) =>
    labelTraining(
      model,
      sets,
      options,
      place,
      (set, measured) => entityFigures(model, set, measured),
    ),
  predict: predictTags,
  async evaluate(on, examples) {
    let entities: EntityEvaluation | undefined;
    const encoded = encodeTagged(on.model, examples, { mayBeUnseen: true });
    const evaluation = await evaluateLabels(on, examples, encoded, {
      labelsIn: TAGS,
      combiner: tagCombiner(on.model),
      wordOf: (text, t) => tokenize(text, on.model.tokenizer)[t],
      onMeasured(set, { predicted }, nameOf, parts) {
        entities = evaluateEntities(on.model, set, predicted, nameOf, parts);
      },
    });
    return entities ? { ...evaluation, entities } : evaluation;
  },
  reader: /* @__PURE__ */ labelReader(TAGS),
  stream: { idOf: wordIds, speller },
  file: {
    claims: (task, config) =>
      (task === undefined || task === tagging.name || task === classification.name) &&
      poolingOf(config).isPerStep,
    keys: ["tokenizer", "alphabet", "linear", "calibration"],
    metadata: ({ tokenizer, alphabet, ...beside }) => ({
      tokenizer: JSON.stringify(tokenizer),
      ...(alphabet && { alphabet: JSON.stringify(alphabet) }),
      ...companionMetadata(beside),
    }),
    read: (header, metadata, fail) => ({
      task: "tagging",
      ...header,
      tokenizer: tokenizerOf(metadata, fail),
      ...alphabetIn(header.config, metadata, fail),
      ...companionsIn(metadata, fail, ["context"]),
    }),
    companions: { shapes: companionShapes, tensors: companionTensors, read: companionsFrom },
    torchShapes: ({ config, vocabulary, labels, alphabet }) =>
      torchShapes(config, vocabulary.length, labels.length, alphabet?.length),
    toTorch: ({ config }, weights) => toTorch(config, weights),
    fromTorch: ({ config }, data) => fromTorch(config, data),
  },
  inspection: {
    read: (model, text) => {
      const words = tokenize(text, model.tokenizer);
      return { words, ...spell(model, words) };
    },
    spell,
    stack: (weights) => weights,
    logits: logitsAfterWords,
    pass: stackPass,
  },
};

function encodeTagged(
  model: TaggingModel,
  examples: Sequence<Example>,
  options?: EncodeOptions,
) {
  return encodeLabeled(model, examples, TAGS, options);
}
