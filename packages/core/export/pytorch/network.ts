/**
 * Networks as `torch.nn` modules, whose names are those of a model file's tensors.
 *
 * @module
 */
import { cellOf } from "../../network/cells/cells.ts";
import { torchCell } from "./cells.ts";
import type { Head, NetworkConfig } from "../../network/config.ts";
import { lettersConfig, lettersWidth } from "../../network/letters.ts";
import { headWidth, outputWidth } from "../../network/shapes.ts";

/** A module of torch's, as one line of `__init__`. */
export function line(name: string, module: string): string {
  return `        self.${name} = ${module}\n`;
}

/** The recurrent layers: `nn.GRU(64, 128, num_layers=2)`. */
export function recurrent(config: NetworkConfig, inputs: number): string {
  const { hidden, layers, bidirectional, dropout, activation } = config;
  const cell = cellOf(config.cell);
  const options = [
    ...(layers > 1 ? [`num_layers=${layers}`] : []),
    ...(bidirectional ? ["bidirectional=True"] : []),
    ...(cell.activations.length > 1 ? [`nonlinearity="${activation}"`] : []),
    ...(dropout > 0 && layers > 1 ? [`dropout=${dropout}`] : []),
  ];
  return `${torchCell(config.cell).module}(${[inputs, hidden, ...options].join(", ")})`;
}

/** The function that leaves one of torch's two biases at zero, as here there is one. */
export const ONE_BIAS = `
def one_bias(rnn, own=slice(0)):
    """Of the two biases of torch.nn, which are added up, the second stays as it is, at zero, but for
    what the recurrence has of its own: b_hn of a GRU."""
    for name, bias in rnn.named_parameters():
        if name.startswith("bias_hh"):
            mask = torch.zeros(len(bias))
            mask[own] = 1
            bias.register_hook(lambda gradient, mask=mask: gradient * mask.to(gradient.device))
`;

/** The lines of `__init__` that ask for it. */
export function withOneBias({ cell, hidden }: NetworkConfig, ...modules: string[]): string {
  if (torchCell(cell).source !== undefined) return ""; // it has one
  const { innerBias } = cellOf(cell), first = hidden * (innerBias?.gate ?? 0);
  const own = innerBias ? `, slice(${first}, ${first + hidden})` : "";
  return modules.map((name) => `        one_bias(self.${name}${own})\n`).join("");
}

/** How ids become what the layers read: the lines of `__init__`, and the expression. */
export interface InputPart {
  /** The lines of `__init__`. */
  init: string;
  /** Lines before it is read. */
  before?: string;
  /** What is read for `ids`, before dropout. */
  read(ids: string): string;
  /** How many numbers it has. */
  width: number;
}

/** Words by their embedding, or one-hot. */
export function inputPart(config: NetworkConfig, words: number, prefix = ""): InputPart {
  const { embedding, projection, frozen } = config;
  if (embedding === 0) {
    return { init: "", read: (ids) => `F.one_hot(${ids}, ${words}).float()`, width: words };
  }
  const projected = (text: string) => projection ? `self.${prefix}projection(${text})` : text;
  return {
    init: line(`${prefix}embedding`, `nn.Embedding(${words}, ${embedding})`) +
      (frozen ? `        self.${prefix}embedding.requires_grad_(False)\n` : "") +
      (projection
        ? line(`${prefix}projection`, `nn.Linear(${embedding}, ${projection}, bias=False)`)
        : ""),
    read: (ids) => projected(`self.${prefix}embedding(${ids})`),
    width: projection || embedding,
  };
}

/** Words by their embedding, and beside it what a small network makes of their letters. */
export function letterPart(config: NetworkConfig, words: number, alphabet: number): InputPart {
  const own = lettersConfig(config), { init, read, width } = inputPart(config, words);
  return {
    init: init + line("letters", "nn.Module()") +
      line("letters.embedding", `nn.Embedding(${alphabet}, ${own.embedding})`) +
      line("letters.rnn", recurrent(own, own.embedding)) +
      withOneBias(own, "letters.rnn"),
    before: `        places, words, letters, sizes = read
        spelled = pack_padded_sequence(self.letters.embedding(letters), sizes, enforce_sorted=False)
        _, ends = self.letters.rnn(spelled)
        spelled = torch.cat([${read("words")}, ends[0], ends[1]], 1)
`,
    read: () => "F.embedding(places, spelled)",
    width: width + lettersWidth(config),
  };
}

/** The same under dropout, where there is any: one-hot inputs have none. */
export function dropped({ dropout }: NetworkConfig, text: string): string {
  return dropout > 0 ? `self.dropout(${text})` : text;
}

/** What a head reads. */
interface Pooled {
  /** Whether it is the last states alone. */
  isLast?: true;
  /** It, of `packed` states of sentences of `lengths`, or of the `last` ones. */
  text(config: NetworkConfig): string;
}

const mean = "unpacked(packed, 0).sum(0) / lengths[:, None].to(DEVICE)";
const max = "unpacked(packed, -math.inf).max(0).values";

const POOLED: Record<Head, Pooled> = {
  last: {
    isLast: true,
    text: ({ bidirectional }) => bidirectional ? "torch.cat([last[-2], last[-1]], 1)" : "last[-1]",
  },
  mean: { text: () => mean },
  max: { text: () => max },
  "mean-max": { text: () => `torch.cat([${mean}, ${max}], 1)` },
  token: { text: () => "unpacked(packed, 0)" },
};

const UNPACKED = `
def unpacked(packed, padding):
    """The states of each step, [time, batch, width], with a number in the place of padding."""
    return pad_packed_sequence(packed, padding_value=padding)[0]
`;

/** What a network that reads texts ends with. */
export interface TextLoss {
  /** Lines of `__init__` besides the head. */
  init?: string;
  /** The loss of all targets, summed, of \`logits\` and \`targets\`. */
  value: string;
  /** What stands before the network. */
  before?: string;
}

/** A network with one stack of layers that reads whole texts, or series. */
export function textNetwork(
  config: NetworkConfig,
  outputs: number,
  inputs: InputPart,
  { init = "", value, before = "" }: TextLoss,
): string {
  const { hasCellState } = cellOf(config.cell), { isLast, text } = POOLED[config.head];
  const x = config.embedding > 0 ? dropped(config, inputs.read("read")) : inputs.read("read");
  const last = hasCellState ? "packed, (last, _)" : "packed, last";
  const used = isLast ? last : "packed, _";
  return `${isLast ? "" : UNPACKED}${before}
${ONE_BIAS}

class Network(nn.Module):
    """The names of its modules are those of the tensors in the model file."""

    def __init__(self):
        super().__init__()
${inputs.init}${line("rnn", recurrent(config, inputs.width))}${
    line("head", `nn.Linear(${headWidth(config)}, ${outputs})`)
  }${config.dropout > 0 ? line("dropout", `nn.Dropout(${config.dropout})`) : ""}${init}${
    withOneBias(config, "rnn")
  }
    def forward(self, read, lengths, targets):
        """The loss of all targets, summed. What is read is [time, batch], with padding."""
${inputs.before ?? ""}        packed = pack_padded_sequence(${x}, lengths, enforce_sorted=False)
        ${used} = self.rnn(packed)
        logits = self.head(${dropped(config, text(config))})
        return ${value}
`;
}

/** A network that continues a text: its states go on from chunk to chunk. */
export function streamNetwork(config: NetworkConfig, outputs: number, inputs: InputPart): string {
  const { hasCellState } = cellOf(config.cell);
  const x = config.embedding > 0 ? dropped(config, inputs.read("read")) : inputs.read("read");
  const [given, kept] = hasCellState ? ["state", "state"] : ["state and state[0]", "(state,)"];
  return `
${ONE_BIAS}

class Network(nn.Module):
    """The names of its modules are those of the tensors in the model file."""

    def __init__(self):
        super().__init__()
${inputs.init}${line("rnn", recurrent(config, inputs.width))}${
    line("head", `nn.Linear(${outputWidth(config)}, ${outputs})`)
  }${config.dropout > 0 ? line("dropout", `nn.Dropout(${config.dropout})`) : ""}${
    withOneBias(config, "rnn")
  }

    def forward(self, read, targets, state):
        """The loss of all targets, summed, and the state after them."""
        states, state = self.rnn(${x}, ${given})
        logits = self.head(${dropped(config, "states")})
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum")
        return loss, ${kept}
`;
}
