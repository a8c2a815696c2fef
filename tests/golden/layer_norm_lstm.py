"""The layer-normalized LSTM of Ba et al. (2016) in torch, under the names of Unroll's model files:
weight_ih_l0, weight_hh_l0, and torch.nn.LayerNorm as layernorm_ih_l0, layernorm_hh_l0 and
layernorm_cell_l0, for each layer and direction."""

import torch


class LayerNormLSTM(torch.nn.Module):
    """Like torch.nn.LSTM(inputs, hidden, layers), on [steps, batch, inputs] or [steps, inputs]."""

    def __init__(self, inputs, hidden, layers=1, bidirectional=False):
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.ends = ["", "_reverse"] if bidirectional else [""]
        for layer in range(layers):
            width = inputs if layer == 0 else hidden * len(self.ends)
            for end in self.ends:
                own = f"l{layer}{end}"
                for name, columns in (("ih", width), ("hh", hidden)):
                    weight = torch.empty(4 * hidden, columns).uniform_(-0.1, 0.1)
                    self.register_parameter(f"weight_{name}_{own}", torch.nn.Parameter(weight))
                    self.add_module(f"layernorm_{name}_{own}", torch.nn.LayerNorm(4 * hidden))
                self.add_module(f"layernorm_cell_{own}", torch.nn.LayerNorm(hidden))

    def direction(self, x, lengths, own, state):
        """h_1 to h_n of one direction; after its end a sequence keeps its state."""
        h, c = state
        of = lambda name: getattr(self, f"{name}_{own}")  # noqa: E731
        inputs = of("layernorm_ih")(x @ of("weight_ih").T)
        outputs = []
        for t in range(len(x)):
            gates = inputs[t] + of("layernorm_hh")(h @ of("weight_hh").T)
            i, f, g, o = gates.chunk(4, dim=1)
            c_next = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h_next = o.sigmoid() * of("layernorm_cell")(c_next).tanh()
            is_word = (t < lengths)[:, None]
            h, c = torch.where(is_word, h_next, h), torch.where(is_word, c_next, c)
            outputs.append(h_next * is_word)
        return torch.stack(outputs), (h, c)

    def forward(self, x, state=None, lengths=None):
        if x.dim() == 2:
            first = state and tuple(each[:, None] for each in state)
            outputs, final = self(x[:, None], first)
            return outputs[:, 0], tuple(each[:, 0] for each in final)
        steps, batch = x.shape[:2]
        if lengths is None:
            lengths = torch.full((batch,), steps)
        # Step t from a sequence's own end, and padding where it is.
        t = torch.arange(steps)[:, None]
        mirror = torch.where(t < lengths, lengths - 1 - t, t)
        finals = []
        for layer in range(self.layers):
            outputs = []
            for direction, end in enumerate(self.ends):
                at = layer * len(self.ends) + direction
                first = (
                    (state[0][at], state[1][at])
                    if state
                    else (x.new_zeros(batch, self.hidden), x.new_zeros(batch, self.hidden))
                )
                turned = lambda a: a.gather(0, mirror[:, :, None].expand_as(a))  # noqa: E731
                y, final = self.direction(turned(x) if end else x, lengths, f"l{layer}{end}", first)
                outputs.append(turned(y) if end else y)
                finals.append(final)
            x = torch.cat(outputs, dim=2)
        return x, tuple(torch.stack(each) for each in zip(*finals))
