/**
 * The parts of `train.py` that are specific to classification, tagging and regression.
 *
 * @module
 */
import type { NetworkConfig } from "../../network/config.ts";
import type { NumberLossName } from "../../network/losses/losses.ts";
import { examplesOf } from "./examples.ts";
import {
  type InputPart,
  inputPart,
  letterPart,
  line,
  type TextLoss,
  textNetwork,
} from "./network.ts";

/** The task-specific parts of a script: its examples and its network. */
export interface OwnParts {
  /** The class `Examples` and its helpers. */
  examples: string;
  /** The class `Network` and its helpers. */
  network: string;
  /** Further imports of `train.py`, each line after a line break. Default: none. */
  imports?: string;
  /** Further settings, as lines. Default: none. */
  settings?: string;
  /** Whether the loss has label weights, which targets are then counted by. Default: no. */
  weighs?: boolean;
  /** Whether each step replaces some rare words by the unknown word. Default: no. */
  hides?: boolean;
  /** Whether states carry over from batch to batch. Default: no. */
  carries?: boolean;
}

/** The import of the functions for batches of variable-length sequences. */
export const PACKING = "\nfrom torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence";

/** The regression losses of torch, by their names here. */
export const NUMBER_LOSSES: Record<NumberLossName, string> = {
  squared: "F.mse_loss",
  absolute: "F.l1_loss",
  huber: "F.huber_loss",
};

/** Python expressions for the targets of a batch, and for their count. */
interface Targets {
  together: string;
  count: string;
}

/** The count of targets with one for each text. */
const OF_TEXTS = "len(batch)";

const ofBatch = (count: string) => `
    def targets(self, batch):
        return ${count}
`;

/** Returns the label weights, and a method that counts targets as the sum of their weights. */
const weighed = (count: string, weights?: readonly number[]) =>
  weights === undefined ? ofBatch(count) : `
    def targets(self, batch):
        """The sum of the targets' weights, which average 1 over all training examples."""
        labels = torch.cat([self[i][1] for i in batch]).long()
        return LABEL_WEIGHTS[labels[labels >= 0]].sum().item()

    def count(self, batch):
        return ${count}


LABEL_WEIGHTS = torch.tensor([${weights.join(", ")}])
`;

const methods = (
  { together, count }: Targets,
  read = "pad_sequence(read).long()",
  weights?: readonly number[],
) => `
    def batch(self, batch):
        """A batch of examples, with padding."""
        read, learned = zip(*(self[i] for i in batch))
        lengths = torch.tensor([self.lengths[i] for i in batch])
        targets = ${together}
        return ${read}.to(DEVICE), lengths, targets.to(DEVICE)
${weighed(count, weights)}`;

const LABELS: Targets = { together: "torch.cat(learned).long()", count: OF_TEXTS };
const TAGS: Targets = {
  together: "pad_sequence(learned, padding_value=-1).long()",
  count: "sum(self.lengths[i] for i in batch)",
};
const NUMBERS: Targets = {
  together: "torch.stack(learned).view(torch.float32)",
  count: OF_TEXTS,
};
const labelSets = (labels: number): Targets => ({
  together:
    `torch.stack([F.one_hot(ids[ids >= 0].long(), ${labels}).sum(0) for ids in learned]).float()`,
  count: OF_TEXTS,
});

const crossEntropy = (logits: string, targets: string, weights?: readonly number[]) =>
  `F.cross_entropy(${logits}, ${targets}${
    weights ? ", LABEL_WEIGHTS.to(DEVICE)" : ""
  }, ignore_index=-1, reduction="sum")`;

const CRF = `

class Crf(nn.Module):
    """A conditional random field: scores of first labels, last labels and transitions."""

    def __init__(self, labels):
        super().__init__()
        self.start_transitions = nn.Parameter(torch.zeros(labels))
        self.end_transitions = nn.Parameter(torch.zeros(labels))
        self.transitions = nn.Parameter(torch.zeros(labels, labels))

    def forward(self, logits, targets):
        """-ln p of the right labels, summed over texts; targets [time, batch], -1 for padding."""
        is_word, right = targets >= 0, targets.clamp(min=0)
        own = logits.gather(2, right[:, :, None])[:, :, 0]
        score = self.start_transitions[right[0]] + own[0]
        alpha = self.start_transitions + logits[0]  # log-sum-exp over all label sequences so far
        for t in range(1, len(logits)):
            score = score + torch.where(is_word[t], self.transitions[right[t - 1], right[t]] + own[t], 0)
            after = (alpha[:, :, None] + self.transitions).logsumexp(1) + logits[t]
            alpha = torch.where(is_word[t][:, None], after, alpha)
        last = right.gather(0, is_word.sum(0, keepdim=True) - 1)[0]
        score = score + self.end_transitions[last]
        return ((alpha + self.end_transitions).logsumexp(1) - score).sum()
`;

const wordParts = (
  config: NetworkConfig,
  words: number,
  outputs: number,
  targets: Targets,
  loss: TextLoss,
  weights?: readonly number[],
): OwnParts => ({
  weighs: weights !== undefined,
  examples: examplesOf({ length: "read", methods: methods(targets, undefined, weights) }),
  network: textNetwork(config, outputs, inputPart(config, words), loss),
  imports: PACKING,
});

/**
 * Returns the script's parts for a text classifier.
 *
 * @param weights The weight of each label in the loss, 1 on average. Default: all equal.
 */
export function labelParts(
  config: NetworkConfig,
  words: number,
  labels: number,
  weights?: readonly number[],
): OwnParts {
  const value = crossEntropy("logits", "targets", weights);
  return wordParts(config, words, labels, LABELS, { value }, weights);
}

const LETTERS = `
    def hide_rare_words(self, batch, seed, step):
        """Draws which rare words of a batch become unknown at a step, so that letters are learned."""
        random, self.hidden = Random(seed, 2, step), {}
        for id in torch.cat([self[i][0] for i in batch]).tolist():
            word, count = self.spellings[id][0].tolist()
            if word not in self.hidden:
                self.hidden[word] = random.uniform() < 0.25 / (0.25 + count)

    def batch(self, batch):
        """A batch of examples, with padding; each distinct spelling is included once."""
        read, learned = zip(*(self[i] for i in batch))
        lengths = torch.tensor([self.lengths[i] for i in batch])
        index, places = {}, []
        for ids in read:
            places.append(torch.tensor([index.setdefault(id, len(index)) for id in ids.tolist()]))
        words, letters = zip(*(self.spellings[id] for id in index))
        words = torch.tensor([0 if self.hidden.get(int(word)) else int(word) for word, _ in words])
        sizes = torch.tensor([len(each) for each in letters])
        targets = pad_sequence(learned, padding_value=-1).long()
        spelled = words.to(DEVICE), pad_sequence(letters).long().to(DEVICE), sizes
        return (pad_sequence(places).to(DEVICE), *spelled), lengths, targets.to(DEVICE)
`;

/** Returns the script's parts for a tagger; for `weights`, see {@linkcode labelParts}. */
export function tagParts(
  config: NetworkConfig,
  words: number,
  labels: number,
  alphabet: number,
  weights?: readonly number[],
): OwnParts {
  const loss = config.crf
    ? { value: "self.crf(logits, targets)", init: line("crf", `Crf(${labels})`), before: CRF }
    : { value: crossEntropy("logits.flatten(0, 1)", "targets.flatten()", weights) };
  if (!config.letters) return wordParts(config, words, labels, TAGS, loss, weights);
  return {
    hides: true,
    weighs: weights !== undefined,
    examples: examplesOf({
      length: "read",
      methods: LETTERS + weighed(TAGS.count, weights),
      lines: ['self.spellings, self.hidden = Shards(f"{name}-letters"), {}'],
    }),
    network: textNetwork(config, labels, letterPart(config, words, alphabet), loss),
    imports: PACKING,
  };
}

/** Returns the script's parts for a multi-label classifier. */
export function labelSetParts(config: NetworkConfig, words: number, labels: number): OwnParts {
  const value = `F.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / ${labels}`;
  return wordParts(config, words, labels, labelSets(labels), { value });
}

const numberLoss = (loss: NumberLossName): TextLoss => ({
  value: `${NUMBER_LOSSES[loss]}(logits, targets, reduction="sum")`,
});

/** Returns the script's parts for a text regressor. */
export function numberParts(
  config: NetworkConfig,
  words: number,
  loss: NumberLossName,
): OwnParts {
  return wordParts(config, words, 1, NUMBERS, numberLoss(loss));
}

const seriesParts = (
  config: NetworkConfig,
  width: number,
  outputs: number,
  targets: Targets,
  loss: TextLoss,
  weights?: readonly number[],
): OwnParts => {
  const read = `pad_sequence([numbers.view(torch.float32).view(-1, ${width}) for numbers in read])`;
  const inputs: InputPart = { init: "", read: (x) => x, width };
  return {
    examples: examplesOf({
      length: `read // ${width}`,
      methods: methods(targets, read, weights),
      isAlwaysSorted: true,
    }),
    network: textNetwork(config, outputs, inputs, loss),
    weighs: weights !== undefined,
    imports: PACKING,
  };
};

/** Returns the script's parts for a series classifier; see {@linkcode labelParts}. */
export function seriesLabelParts(
  config: NetworkConfig,
  width: number,
  labels: number,
  weights?: readonly number[],
): OwnParts {
  const value = crossEntropy("logits", "targets", weights);
  return seriesParts(config, width, labels, LABELS, { value }, weights);
}

/** Returns the script's parts for a series regressor. */
export function seriesNumberParts(
  config: NetworkConfig,
  width: number,
  loss: NumberLossName,
): OwnParts {
  return seriesParts(config, width, 1, NUMBERS, numberLoss(loss));
}
