/**
 * The texts of the gesture tab.
 *
 * @module
 */
import { count, percent } from "./numbers.ts";

const strokes = (n: number) => `${count(n)} ${n === 1 ? "stroke" : "strokes"}`;

/** The texts. */
export const gestures = {
  title: "Which shape is this?",
  lede:
    "Draw one with the mouse, a pen or a finger. While you draw, the network says which shape " +
    "it sees; the stroke takes the color of its prediction at each point.",
  how: {
    title: "What the network does",
    lede:
      "Each point of the stroke is one step of a GRU: it reads where the pen is and where it is " +
      "going, and its state carries what was drawn before. So there is a prediction after every point, " +
      "and the color changes where the network changes its mind.",
  },
  shapes: ["Circle", "Zigzag", "Check mark"],
  modes: {
    label: "What you draw",
    guess: "Recognize",
    examples: "Add examples of",
  },
  pad: {
    label: "Drawing area",
    guess: "Draw here",
    example: (shape: string, has: number, wanted: number) =>
      has < wanted ? `Draw: ${shape} (${has + 1} of ${wanted})` : `Draw another: ${shape}`,
    untrained: "Not trained on these strokes yet",
    sample: "Draw one for me",
    clear: "Clear",
    tooShort: "That was only a dot. Draw a longer stroke.",
  },
  prediction: {
    title: "Prediction",
    none: "Draw a shape to see what it is.",
    reading: "Reading …",
    probabilities: "Probability of each shape",
    whole: (shape: string, probability: number, at: number, points: number) =>
      `${shape}, ${percent(probability)}. ` +
      (at <= 1
        ? `That was its prediction from the first of ${count(points)} points.`
        : `It settled on that at point ${count(at)} of ${count(points)}.`),
    novel: (times: number) =>
      `This stroke is unlike all examples: ${times.toFixed(0)} times as far from the nearest ` +
      "as they usually are from each other. Take the answer as a guess.",
    steps: "Probabilities after each point",
    stepsSummary: (points: number, shape: string) =>
      `Probabilities after each of ${count(points)} points; at the last, ${shape} is the highest.`,
    add: "Add it to",
  },
  examples: {
    title: "Examples",
    name: (shape: string) => `Name of the shape ${shape}`,
    count: strokes,
    replay: (shape: string, number: number) => `Replay stroke ${number} of ${shape}`,
    mistaken: (shape: string) => `; left out of training, it was predicted as ${shape}`,
    remove: (shape: string, number: number) => `Delete stroke ${number} of ${shape}`,
    sample: "Add a sample",
    sampleOf: (shape: string) => `Add a sample of ${shape}`,
    more: (n: number) => `and ${strokes(n)} more`,
    clear: "Clear and draw my own",
    builtIn: "Built-in strokes",
    undo: "Undo",
    emptyName: "A shape needs a name.",
    sameName: (name: string) => `There is already a shape “${name}”; choose another name.`,
    notStored: "The browser cannot store these strokes; save them as CSV before you leave.",
  },
  learning: {
    title: "Training",
    train: "Train",
    ready: "Not trained yet.",
    needs: (shape: string, n: number) => `Draw ${count(n)} more of ${shape}.`,
    may: "Or train on these.",
    running: (epoch: number, epochs: number) => `Training: epoch ${epoch} of ${epochs}.`,
    done: (n: number, seconds: number) =>
      `Trained on ${strokes(n)} in ${seconds.toFixed(1)} s of computing time.`,
    loss: "Loss",
    lossAxis: "nats",
    accuracy: "Accuracy",
    epochAxis: "epoch",
    none: "Nothing yet.",
    line: "train",
    summary: (name: string, last: string) => `${name} by epoch. Last epoch: ${last}.`,
    checking: (fold: number, folds: number) => `Cross-validation: fold ${fold} of ${folds} …`,
    checked: (folds: number, network: number, nearest: number) =>
      `${folds}-fold cross-validation, on strokes left out of training: accuracy of the network ` +
      `${percent(network)}, of one nearest neighbor ${percent(nearest)}.`,
    unchecked: "Cross-validation needs two strokes of each shape.",
  },
  files: {
    model: "Save model",
    csv: "Save strokes (CSV)",
    open: "Open strokes (CSV)",
    command: "Copy command",
    untrained: "The network is not trained on these strokes yet; save it when it is.",
    commandTitle: "The command that trains the same network",
    commandNote: "It reads the strokes that “Save strokes (CSV)” saves.",
    opened: (name: string, n: number, shapes: number) =>
      `Opened ${name}: ${strokes(n)} of ${shapes} shapes.`,
    isModel: (name: string) =>
      `${name} is a model; use it with deno task predict. Here you can open the strokes it was trained on, ` +
      "as CSV.",
    fewShapes: (name: string, n: number) =>
      `${name}: ${n} ${n === 1 ? "shape" : "shapes"} in the column “shape”; give 2 to 8`,
  },
};
