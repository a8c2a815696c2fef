/**
 * The parts of `train.py` that are specific to forecasting.
 *
 * @module
 */
import { type ForecastForm, knownWidth, readWidth, stepsOf } from "../../forecast/form.ts";
import { cellOf } from "../../network/cells/cells.ts";
import { dropped, line, ONE_BIAS, recurrent, withOneBias } from "./network.ts";
import { NUMBER_LOSSES, type OwnParts } from "./text_scripts.ts";

/** Returns the script's parts for a forecaster: the next rows of a series. */
export function forecastParts(form: ForecastForm): OwnParts {
  const [, ahead] = stepsOf(form);
  return {
    examples: windows(form, ahead),
    network: network(form, ahead),
  };
}

function windows(form: ForecastForm, ahead: number): string {
  const { targets, features } = form;
  const known = knownWidth(form), T = targets.length, R = T + features.length;
  const padded = ahead * form.segment - form.horizon;
  const pad = padded > 0
    ? (value: string, text: string) => `F.pad(${text}, (0, ${padded}), value=${value})`
    : (_: string, text: string) => text;
  const segments = "unflatten(2, (-1, SEGMENT))";
  return `
WINDOW, HORIZON, SEGMENT = ${form.window}, ${form.horizon}, ${form.segment}  # rows


class Examples:
    """Windows of series, with columns read from data/: targets, features, columns known ahead."""

    def __init__(self, name, batch_size, seed=None):
        """Without a seed, windows stay in the order of the data."""
        self.batch_size, self.seed = batch_size, seed
        self.series, windows = [], [torch.zeros(0, 3, dtype=torch.long)]
        for file, columns, rows, first, count in json.loads((HERE / f"data/{name}.json").read_text()):
            numbers = torch.from_file(str(HERE / "data" / file), size=columns * rows, dtype=torch.float64)
            origins = torch.arange(first, first + count)
            windows.append(torch.cartesian_prod(torch.tensor([len(self.series)]), origins, torch.arange(${T})))
            self.series.append(numbers.view(columns, rows))
        self.windows = torch.cat(windows)

    def __len__(self):
        return len(self.windows)

    def batches(self, epoch=None):
        """The batches of an epoch; if there are many windows, each epoch draws a different sample."""
        order, size = list(range(len(self))), self.batch_size
        if self.seed is not None and epoch is not None:
            Random(self.seed, 1, epoch).shuffle(order)
            order = order[:32768]
        else:
            most = 32768 if epoch is not None else 20000
            order = [int(i * (len(order) / most)) for i in range(most)] if len(order) > most else order
        return [order[start : start + size] for start in range(0, len(order), size)]

    def batch(self, batch):
        """A batch of windows relative to their last values: inputs, columns known ahead, targets."""
        before, after, columns = [], [], []
        for place, origin, target in self.windows[batch].tolist():
            series, columns = self.series[place], columns + [target]
            rows = series[:, origin - WINDOW : origin + HORIZON]
            own = rows[target : target + 1] - series[target, origin - 1]
            all_rows = torch.cat([own, rows[${T}:]]).float()  # [columns, window + horizon]
            before.append(all_rows[:, :WINDOW])
            after.append(all_rows[:, WINDOW:])
        # [steps, batch, columns * segment], the rows of a segment column by column
        x = torch.stack(before).${segments}.permute(2, 0, 1, 3).flatten(2)
        after = torch.stack(after)
        known = ${
    known > 0
      ? `${pad("0", `after[:, ${1 + R - T}:]`)}.${segments}.permute(2, 0, 1, 3).flatten(2)`
      : "torch.zeros(0)"
  }
        y = ${pad("math.nan", "after[:, 0:1]")}.${segments}.permute(2, 0, 1, 3).flatten(2)
        return x.to(DEVICE), known.to(DEVICE), y.to(DEVICE), torch.tensor(columns, device=DEVICE)

    def targets(self, batch):
        return len(batch)
`;
}

function network(form: ForecastForm, ahead: number): string {
  const { config, segment, targets, quantiles, loss } = form, { hidden } = config;
  const half = hidden >> 1, known = knownWidth(form);
  const repeated = cellOf(config.cell).hasCellState
    ? `tuple(part.repeat(1, ${ahead}, 1) for part in last)`
    : `last.repeat(1, ${ahead}, 1)`;
  const own = [
    `self.position.weight[:, None].expand(-1, len(columns), -1)`,
    ...(half > 0 ? [`self.column(columns).expand(${ahead}, -1, -1)`] : []),
  ];
  const beside = quantiles.length === 0 ? "" : `
        quantiles = torch.tensor([${quantiles.join(", ")}], device=DEVICE)[:, None]
        error = (right - outputs)[:, :, 1:]
        loss = loss + torch.maximum(quantiles * error, (quantiles - 1) * error).sum() / ${quantiles.length}`;
  return `
${ONE_BIAS}

class Network(nn.Module):
    """A network whose modules are named like the tensors in the model file."""

    def __init__(self):
        super().__init__()
${line("segment", `nn.Linear(${segment * readWidth(form)}, ${hidden})`)}${
    line("rnn", recurrent(config, hidden))
  }${line("position", `nn.Embedding(${ahead}, ${hidden - half})`)}${
    half > 0 ? line("column", `nn.Embedding(${targets.length}, ${half})`) : ""
  }${known > 0 ? line("known", `nn.Linear(${segment * known}, ${hidden}, bias=False)`) : ""}${
    line("head", `nn.Linear(${hidden}, ${segment * (1 + quantiles.length)})`)
  }${config.dropout > 0 ? line("dropout", `nn.Dropout(${config.dropout})`) : ""}${
    withOneBias(config, "rnn")
  }
    def forward(self, x, known, y, columns):
        """The loss summed over all windows: the loss of the forecasts plus that of the quantiles."""
        _, last = self.rnn(F.relu(self.segment(x)))
        u = torch.cat([${own.join(", ")}], 2)${known > 0 ? " + self.known(known)" : ""}
        # The same layers take one step from the state after the window for each horizon segment.
        states, _ = self.rnn(u.flatten(0, 1)[None], ${repeated})
        outputs = self.head(${dropped(config, "states[0]")}).view(${ahead}, -1, ${
    1 + quantiles.length
  }, ${segment})
        right = torch.where(y.isnan()[:, :, None], outputs, y[:, :, None])  # no loss beyond the horizon
        loss = ${NUMBER_LOSSES[loss]}(outputs[:, :, 0], right[:, :, 0], reduction="sum")${beside}
        return loss / ${form.horizon}
`;
}
