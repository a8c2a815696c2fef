/**
 * The texts of the forecast tab.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The texts. */
export const forecast = {
  title: "Forecast",
  questions: {
    airline: "How many passengers will fly next year?",
    visitors: "How many visitors will come next year?",
    own: (targets: readonly string[]) =>
      targets.length === 1
        ? `How will ${targets[0]} continue?`
        : "How will these columns continue?",
  },
  lede: "The last rows are held out. A recurrent network trains on the rows before them, and you " +
    "can watch its forecast of the held-out rows improve.",
  data: {
    title: "Data",
    choose: "Series",
    sets: {
      airline: "Airline passengers, monthly",
      visitors: "Visitors of a museum, monthly",
      own: "Your own CSV…",
    },
    file: "Choose a file",
    drop: "Or drop a CSV file anywhere on this page.",
    download: "Download the data",
    time: "Time column",
    series: "Series column",
    none: "none",
    columns: "Columns",
    roles: {
      target: "forecast",
      feature: "input: past values",
      knownAhead: "input: known in advance",
      none: "ignore",
    },
    leftOut: (left: number, rows: number) =>
      `${count(left)} of ${count(rows)} rows have missing values, which are filled in.`,
    leave: (name: string) => `The network trained on ${name} is not saved. Replace it?`,
    replace: "Replace",
    keep: "Keep it",
  },
  settings: {
    title: "Settings",
    more: "More settings",
    horizon: "Steps to forecast",
    holdOut: "Rows held out",
    season: "Season, in rows",
    hidden: "Hidden size",
    epochs: "Epochs",
    seed: "Seed",
    calendar: "Use the calendar",
    found: (value: number) => `detected: ${value}`,
    usual: (value: number) => `${value}`,
    whole: (name: string, least: number) => `${name}: enter a whole number of at least ${least}`,
    changed: "The changed settings apply to the next training.",
    facts: (parameters: number, window: number, segment: number) =>
      `${count(parameters)} weights. Input window: ${count(window)} rows` +
      (segment > 1 ? `, ${segment} per step.` : "."),
    log: "It forecasts the logarithm, because the swings grow with the level.",
  },
  train: {
    name: "Training",
    start: "Train",
    again: "Train again",
    pause: "Pause",
    go: "Continue",
    stop: "Stop",
    pace: "Speed",
    paces: { watch: "normal", full: "full" },
    untrained: "Untrained. Press Train.",
    running: (epoch: number, epochs: number, left: string) =>
      `Epoch ${count(epoch)} of ${count(epochs)}${left}`,
    left: (seconds: number) => `, ${Math.max(1, Math.round(seconds))} s left`,
    paused: (epoch: number, epochs: number) =>
      `Paused after epoch ${count(epoch)} of ${count(epochs)}.`,
    done: (epoch: number) => `Trained for ${count(epoch)} epochs.`,
    best: (epoch: number, best: number) =>
      `Trained for ${count(epoch)} epochs. Kept the weights of epoch ${count(best)}.`,
    opened: "Opened from a file. The model may have been trained on the rows held out here.",
  },
  chart: {
    actual: "measured",
    forecast: "forecast",
    band: (name: string) => `${name} band`,
    heldOut: "held out",
    beyond: "future",
    column: "Column",
    series: "Series",
    rows: "Rows",
    recent: "recent",
    all: "more",
    scrub: "Row",
    table: "Show as a table",
    head: ["row", "measured", "forecast", "from", "to"],
    point: "Hover over the chart, or move the slider, to read the values.",
    readout: (time: string, parts: readonly string[]) =>
      `${time}: ${parts.length > 0 ? parts.join(", ") : "no value"}`,
    measured: (value: string) => `${value} measured`,
    predicted: (value: string, band: string) => `${value} forecast${band}`,
    between: (low: string, high: string) => ` (${low} to ${high})`,
    summary: (target: string, rows: number, heldOut: number, hasForecast: boolean) =>
      `${target}: ${count(rows)} rows` +
      (heldOut > 0 ? `, the last ${count(heldOut)} held out` : "") +
      (hasForecast ? ", with the forecast over them." : "."),
  },
  loss: {
    title: "Loss",
    empty: "The loss of each epoch appears here.",
    epoch: "epoch",
    axis: "loss (scaled values)",
    names: { train: "training", validation: "validation", heldOut: "held out" },
    summary: (ends: readonly string[]) => `Loss: ${ends.join(", ")}`,
  },
  results: {
    title: "Results on the held-out rows",
    empty: "After training, the errors on the held-out rows appear here, next to those of " +
      "naive forecasts.",
    none: "The network trained on all rows, so none are left to test on. Hold some out.",
    columns: "Columns",
    windows: (n: number) => `${count(n)} ${n === 1 ? "forecast" : "forecasts"} evaluated.`,
    steps: "Error by step of the horizon",
    stepAxis: "steps ahead",
    stepsAxis: "MAE, scaled",
    stepsSummary: (first: string, last: string, steps: number) =>
      `Mean absolute error of scaled values: ${first} one step ahead, ${last} at ${steps} steps.`,
    stepsName: "MAE",
  },
  backtest: {
    title: "Backtest",
    lede: "Trains on longer and longer initial parts of the data, and tests each on the next rows.",
    folds: "Folds",
    run: "Run the backtest",
    stop: "Stop the backtest",
  },
  beyond: {
    title: "Beyond the data",
    lede: "Uses all rows to forecast those that follow.",
    steps: "Steps",
    run: "Forecast",
    download: "Download the forecast",
    file: "forecast.csv",
    done: (rows: number) => `${count(rows)} rows are forecast; see the chart.`,
  },
  files: {
    title: "Model",
    open: "Open a model",
    save: "Save the model",
    report: "Save a report",
    command: "Copy command",
    modelName: "model.safetensors",
    reportName: "report.html",
    saved: (name: string, data: string) =>
      `Saved as ${name}. Predict with it: deno task predict --model ${name} --data ${data}`,
    opened: (name: string) => `${name} is open.`,
    commandTitle: "The same run on the command line",
    notHere: (data: string) => `Save the data first, as ${data}, with “Download the data”.`,
  },
  problems: {
    /** The names of the page's fields for the flags in messages of the command line. */
    flags: {
      "--series": "“Series column”",
      "--max-gap": "--max-gap of the command line",
      "--season": "“Season”",
      "--horizon": "“Steps to forecast”",
      "--target": "“Columns”",
    } as Record<string, string>,
  },
};
