/**
 * The parts of `train.py` that are specific to language models and translation.
 *
 * @module
 */
import { cellOf } from "../../network/cells/cells.ts";
import type { NetworkConfig } from "../../network/config.ts";
import { decoderConfig } from "../../translation/network.ts";
import { examplesOf } from "./examples.ts";
import {
  dropped,
  inputPart,
  line,
  ONE_BIAS,
  recurrent,
  streamNetwork,
  withOneBias,
} from "./network.ts";
import { type OwnParts, PACKING } from "./text_scripts.ts";

/** Returns the script's parts for a language model. */
export function streamParts(
  config: NetworkConfig,
  symbols: number,
  outputs: number,
  timeSteps: number,
): OwnParts {
  return {
    carries: true,
    settings:
      `TIME_STEPS = ${timeSteps}  # truncated BPTT length in tokens: gradients stop at a chunk's start\n`,
    examples: examplesOf({
      length: "learned",
      isStream: true,
      methods: `
    def batch(self, batch):
        """A chunk of each stream: tokens, and the tokens that follow them."""
        read, targets = [], []
        for chunk in batch:
            i, start, end = chunk or (0, 0, 0)
            first, ids = self[i]
            before = torch.cat([first, ids[: end - 1]]) if start == 0 else ids[start - 1 : end - 1]
            read.append(before[: end - start])
            targets.append(ids[start:end])
        targets = pad_sequence(targets, padding_value=-1).long()
        return pad_sequence(read).long().to(DEVICE), targets.to(DEVICE)

    def targets(self, batch):
        return sum(chunk[2] - chunk[1] for chunk in batch if chunk)
`,
    }),
    network: streamNetwork(config, outputs, inputPart(config, symbols)),
  };
}

/** Returns the script's parts for a translation model. */
export function pairParts(
  config: NetworkConfig,
  sources: number,
  targets: number,
  hasAttention: boolean,
): OwnParts {
  const { hidden, layers, bidirectional, dropout } = config;
  const { hasCellState } = cellOf(config.cell), own = decoderConfig(config);
  const encoder = inputPart(config, sources, "encoder.");
  const decoder = inputPart(own, targets, "decoder.");
  const both = `.view(${layers}, 2, -1, ${hidden}).sum(1)`;
  const summed = !bidirectional
    ? ""
    : hasCellState
    ? `        last = tuple(part${both} for part in last)  # over both directions\n`
    : `        last = last${both}  # over both directions\n`;
  const read = (text: string) => config.embedding > 0 ? dropped(config, text) : text;
  return {
    examples: examplesOf({
      length: "read",
      methods: `
    def batch(self, batch):
        """A batch of pairs, with padding. The last token of a target, its end, is also its start."""
        read, learned = zip(*(self[i] for i in batch))
        lengths = torch.tensor([self.lengths[i] for i in batch])
        before = pad_sequence([torch.cat([ids[-1:], ids[:-1]]) for ids in learned]).long()
        targets = pad_sequence(learned, padding_value=-1).long()
        return pad_sequence(read).long().to(DEVICE), lengths, before.to(DEVICE), targets.to(DEVICE)

    def targets(self, batch):
        return sum(self.sizes[i][1] for i in batch)
`,
    }),
    imports: PACKING,
    network: `
${ONE_BIAS}

class Network(nn.Module):
    """A network whose modules are named like the tensors in the model file."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.Module(), nn.Module()
${encoder.init}${line("encoder.rnn", recurrent(config, encoder.width))}${decoder.init}${
      line("decoder.rnn", recurrent(own, decoder.width))
    }${hasAttention ? line("attention", `nn.Linear(${2 * hidden}, ${hidden}, bias=False)`) : ""}${
      line("head", `nn.Linear(${hidden}, ${targets})`)
    }${dropout > 0 ? line("dropout", `nn.Dropout(${dropout})`) : ""}${
      withOneBias(config, "encoder.rnn", "decoder.rnn")
    }
    def forward(self, sources, lengths, before, targets):
        """The loss summed over all targets, with teacher forcing."""
        packed = pack_padded_sequence(${
      read(encoder.read("sources"))
    }, lengths, enforce_sorted=False)
        ${hasAttention ? "packed, last" : "_, last"} = self.encoder.rnn(packed)
${summed}        states, _ = self.decoder.rnn(${read(decoder.read("before"))}, last)
${hasAttention ? attention(config) : ""}        logits = self.head(${dropped(config, "states")})
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum")
`,
  };
}

/** Returns the lines of `forward` for dot-product attention (Luong et al. 2015). */
function attention({ bidirectional, hidden }: NetworkConfig): string {
  return `        memory = pad_packed_sequence(packed)[0]${
    bidirectional ? `.unflatten(2, (2, ${hidden})).sum(2)` : ""
  }.transpose(0, 1)
        padding = torch.arange(memory.shape[1])[None, :] >= lengths[:, None]
        scores = states.transpose(0, 1) @ memory.transpose(1, 2)
        scores = scores.masked_fill(padding[:, None, :].to(DEVICE), -math.inf)
        context = (scores.softmax(2) @ memory).transpose(0, 1)
        states = torch.tanh(self.attention(torch.cat([context, states], 2)))
`;
}
