/**
 * The table of cells in PyTorch: the modules of `torch.nn`, and `cells.py` for cells it lacks.
 *
 * @module
 */
import { type CellName, cellOf } from "../../network/cells/cells.ts";

/** A cell in PyTorch. */
export interface TorchCell {
  /** The name of the module of its layers, which has the interface of `torch.nn.LSTM`. */
  module: string;
  /** The Python class for `cells.py`, if `torch.nn` has no such module. */
  source?: string;
}

const LAYER_NORM_LSTM = `

class LayerNormLSTM(Recurrent):
    """The LSTM of Ba et al. (2016), "Layer Normalization"."""

    def add_cell(self, own, inputs, hidden):
        for name, columns in (("ih", inputs), ("hh", hidden)):
            self.register_parameter(f"weight_{name}_{own}", uniform(4 * hidden, columns))
            self.add_module(f"layernorm_{name}_{own}", nn.LayerNorm(4 * hidden))
        self.add_module(f"layernorm_cell_{own}", nn.LayerNorm(hidden))
        getattr(self, f"layernorm_hh_{own}").bias.requires_grad_(False)  # a single bias

    def start(self, zeros):
        return zeros, zeros

    def inputs(self, own, x):
        return getattr(self, f"layernorm_ih_{own}")(x @ getattr(self, f"weight_ih_{own}").T)

    def step(self, own, inputs, state):
        (h, c), of = state, lambda name: getattr(self, f"{name}_{own}")
        i, f, g, o = (inputs + of("layernorm_hh")(h @ of("weight_hh").T)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * of("layernorm_cell")(c).tanh(), c
`;

const MIN_GRU = `

class MinGRU(Recurrent):
    """The minGRU of Feng et al. (2024), whose gates depend on the input only."""

    def add_cell(self, own, inputs, hidden):
        self.register_parameter(f"weight_ih_{own}", uniform(2 * hidden, inputs))
        self.register_parameter(f"bias_ih_{own}", uniform(2 * hidden))

    def start(self, zeros):
        return (zeros,)

    def inputs(self, own, x):
        return x @ getattr(self, f"weight_ih_{own}").T + getattr(self, f"bias_ih_{own}")

    def step(self, own, inputs, state):
        z, n = inputs.chunk(2, 1)
        return (state[0] + z.sigmoid() * (n - state[0]),)
`;

const CELLS: Record<CellName, TorchCell> = {
  rnn: { module: "nn.RNN" },
  lstm: { module: "nn.LSTM" },
  gru: { module: "nn.GRU" },
  lnlstm: { module: "LayerNormLSTM", source: LAYER_NORM_LSTM },
  mingru: { module: "MinGRU", source: MIN_GRU },
};

/** Returns how a cell is written in PyTorch. */
export function torchCell(name: CellName): TorchCell {
  return CELLS[name];
}

/** Returns the text of `cells.py`, or undefined if `torch.nn` has the cell. */
export function cellsScript(name: CellName): string | undefined {
  const { source } = CELLS[name], { hasCellState } = cellOf(name);
  if (source === undefined) return undefined;
  return `"""A cell that torch.nn lacks, with the model file's names; slow, as it loops over time steps."""
import torch
from torch import nn
from torch.nn.functional import dropout
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def uniform(*shape):
    return nn.Parameter(torch.empty(shape).uniform_(-0.1, 0.1))


class Recurrent(nn.Module):
    """Layers with the interface of torch.nn: a padded or packed batch, and initial states."""

    def __init__(self, inputs, hidden, num_layers=1, bidirectional=False, dropout=0):
        super().__init__()
        self.hidden, self.layers, self.rate = hidden, num_layers, dropout
        self.ends = ["", "_reverse"] if bidirectional else [""]
        for layer in range(num_layers):
            for end in self.ends:
                self.add_cell(f"l{layer}{end}", hidden * len(self.ends) if layer else inputs, hidden)

    def forward(self, x, state=None):
        if not isinstance(x, PackedSequence):
            return self.read(x, torch.full(x.shape[1:2], len(x)), state)
        padded, lengths = pad_packed_sequence(x)
        states, last = self.read(padded, lengths, state)
        return pack_padded_sequence(states, lengths, enforce_sorted=False), last

    def read(self, x, lengths, state):
        t, ends = torch.arange(len(x))[:, None], lengths.to(x.device)
        mirror = torch.where(t < lengths, lengths - 1 - t, t)[:, :, None].to(x.device)
        turned = lambda a: a.gather(0, mirror.expand_as(a))  # each text reversed in time
        finals = []
        for layer in range(self.layers):
            if layer > 0:
                x = dropout(x, self.rate, self.training)
            outputs = []
            for end in self.ends:
                own, at = f"l{layer}{end}", len(finals)
                now = ${
    hasCellState
      ? "tuple(part[at] for part in state) if state"
      : "(state[at],) if state is not None"
  } else self.start(x.new_zeros(x.shape[1], self.hidden))
                inputs, all_states = self.inputs(own, turned(x) if end else x), []
                for step in range(len(x)):
                    after = self.step(own, inputs[step], now)
                    is_word = (step < ends)[:, None]
                    now = tuple(torch.where(is_word, new, old) for new, old in zip(after, now))
                    all_states.append(now[0])
                states = torch.stack(all_states)
                outputs.append(turned(states) if end else states)
                finals.append(now)
            x = torch.cat(outputs, 2)
        last = tuple(torch.stack(parts) for parts in zip(*finals))
        return x, last${hasCellState ? "" : "[0]"}
${source}`;
}
