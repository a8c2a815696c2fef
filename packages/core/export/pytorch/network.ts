/**
 * Networks as `torch.nn` modules, named like the tensors of a model file.
 *
 * @module
 */
import { cellOf } from "../../network/cells/cells.ts";
import { torchCell } from "./cells.ts";
import type { Head, NetworkConfig } from "../../network/config.ts";
import { lettersConfig, lettersWidth } from "../../network/letters.ts";
import { headWidth, outputWidth } from "../../network/shapes.ts";

/** Returns the line of `__init__` that creates a torch module. */
export function line(name: string, module: string): string {
  return `        self.${name} = ${module}\n`;
}

/** Returns the call that creates the recurrent layers, such as `nn.GRU(64, 128, num_layers=2)`. */
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

/** The Python function that keeps the second of torch's two biases at zero, as Unroll has one. */
export const ONE_BIAS = `
def one_bias(rnn, own=slice(0)):
    """Keeps the second of torch.nn's two biases, which are added, at zero, except for the part
    that the recurrence has separately: b_hn of a GRU."""
    for name, bias in rnn.named_parameters():
        if name.startswith("bias_hh"):
            mask = torch.zeros(len(bias))
            mask[own] = 1
            bias.register_hook(lambda gradient, mask=mask: gradient * mask.to(gradient.device))
`;

/** Returns the lines of `__init__` that call `one_bias`, or `""` if the cell has a single bias. */
export function withOneBias({ cell, hidden }: NetworkConfig, ...modules: string[]): string {
  if (torchCell(cell).source !== undefined) return ""; // it has a single bias
  const { innerBias } = cellOf(cell), first = hidden * (innerBias?.gate ?? 0);
  const own = innerBias ? `, slice(${first}, ${first + hidden})` : "";
  return modules.map((name) => `        one_bias(self.${name}${own})\n`).join("");
}

/** How token ids become the inputs of the layers, as Python code. */
export interface InputPart {
  /** The lines of `__init__`. */
  init: string;
  /** The lines of `forward` before the inputs are computed. Default: none. */
  before?: string;
  /** Returns the expression for the inputs of `ids`, before dropout. */
  read(ids: string): string;
  /** The number of values that the layers read per time step. */
  width: number;
}

/** Returns the input part for words: an embedding, or one-hot vectors. */
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

/** Returns the input part for words with letters: the embedding and a small network's states. */
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

/** Wraps an expression in dropout, if the network has any; not used for one-hot inputs. */
export function dropped({ dropout }: NetworkConfig, text: string): string {
  return dropout > 0 ? `self.dropout(${text})` : text;
}

/** The pooling of a head, as Python code. */
interface Pooled {
  /** Whether it reads the last states only. */
  isLast?: true;
  /** Returns the expression, from the `packed` states and their `lengths`, or the `last` states. */
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
    """The states of each time step, [time, batch, width], with \`padding\` after each text's end."""
    return pad_packed_sequence(packed, padding_value=padding)[0]
`;

/** The loss of a network that reads texts, as Python code. */
export interface TextLoss {
  /** The lines of `__init__` that the loss needs. Default: none. */
  init?: string;
  /** The expression for the loss summed over all targets, from `logits` and `targets`. */
  value: string;
  /** Python code to put before the network. Default: none. */
  before?: string;
}

/** Returns the Python class of a network with one stack of layers that reads texts or series. */
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
    """A network whose modules are named like the tensors in the model file."""

    def __init__(self):
        super().__init__()
${inputs.init}${line("rnn", recurrent(config, inputs.width))}${
    line("head", `nn.Linear(${headWidth(config)}, ${outputs})`)
  }${config.dropout > 0 ? line("dropout", `nn.Dropout(${config.dropout})`) : ""}${init}${
    withOneBias(config, "rnn")
  }
    def forward(self, read, lengths, targets):
        """The loss summed over all targets. The inputs are [time, batch], with padding."""
${inputs.before ?? ""}        packed = pack_padded_sequence(${x}, lengths, enforce_sorted=False)
        ${used} = self.rnn(packed)
        logits = self.head(${dropped(config, text(config))})
        return ${value}
`;
}

/** Returns the Python class of a language model, whose states carry over from chunk to chunk. */
export function streamNetwork(config: NetworkConfig, outputs: number, inputs: InputPart): string {
  const { hasCellState } = cellOf(config.cell);
  const x = config.embedding > 0 ? dropped(config, inputs.read("read")) : inputs.read("read");
  const [given, kept] = hasCellState ? ["state", "state"] : ["state and state[0]", "(state,)"];
  return `
${ONE_BIAS}

class Network(nn.Module):
    """A network whose modules are named like the tensors in the model file."""

    def __init__(self):
        super().__init__()
${inputs.init}${line("rnn", recurrent(config, inputs.width))}${
    line("head", `nn.Linear(${outputWidth(config)}, ${outputs})`)
  }${config.dropout > 0 ? line("dropout", `nn.Dropout(${config.dropout})`) : ""}${
    withOneBias(config, "rnn")
  }

    def forward(self, read, targets, state):
        """The loss summed over all targets, and the states after them."""
        states, state = self.rnn(${x}, ${given})
        logits = self.head(${dropped(config, "states")})
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum")
        return loss, ${kept}
`;
}
