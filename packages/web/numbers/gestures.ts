/**
 * The gesture tab: learns the shapes that the visitor draws, and recognizes them as they are drawn.
 *
 * @module
 */
import { Messages } from "../views/messages.ts";
import { gestures as words } from "../words/gestures.ts";
import {
  areShapesFew,
  countOf,
  lackingEnough,
  lackingLeast,
  placed,
  renamed,
  sampledShapes,
  shapesOf,
} from "./gestures_collection.ts";
import { beliefColor, shapeColor } from "./gestures_colors.ts";
import { ExamplesView } from "./gestures_examples.ts";
import { layGestures } from "./gestures_layout.ts";
import { LearningView } from "./gestures_learning.ts";
import { Pad } from "./gestures_pad.ts";
import { PredictionView } from "./gestures_prediction.ts";
import { GestureNetwork } from "./gestures_network.ts";
import type { Gesture } from "./gestures_protocol.ts";
import { LiveReading } from "./gestures_reading.ts";
import type { Drawn } from "./gestures_samples.ts";
import { ENOUGH } from "./gestures_settings.ts";
import { type Collection, keepGestures, loadGestures } from "./gestures_store.ts";
import { hintOf, needsOf } from "./gestures_hints.ts";
import { AddAs, button, fileTools, Modes } from "./gestures_tools.ts";
import type { Tab } from "./protocol.ts";

const BUILT_IN = 6; // strokes of each shape
const SHORTEST = 4; // points of a valid stroke
const REREAD = 4; // epochs between two predictions for the stroke on the pad
const WIDTH = 4 / 3; // of the pad, relative to its height
const FIRST = 1; // the shape drawn first, on which the network changes its mind

/** Creates the tab. */
export function gesturesTab(): Tab {
  let collection: Collection = { shapes: [], gestures: [] };
  let before: Collection | undefined; // for Undo
  let mode: number | undefined; // the index of the shape to draw examples of
  let isStroke = false, isKnown = false; // whether the stroke on the pad may be added
  let samples = 100; // the number of the next generated stroke, after the built-in ones

  const messages = new Messages();
  const network = new GestureNetwork({
    problem: ({ message }) => messages.problem(message),
    epoch(progress) {
      learning.add(progress);
      if (progress.epoch % REREAD === 0) reading.again();
    },
    learned({ strokes, seconds }) {
      learning.say(words.learning.done(strokes, seconds));
      root.dataset.learned = String(strokes);
      reading.again();
    },
    crossValidation(found) {
      learning.check(found);
      if (found.fold < found.folds) return;
      examples.show(collection.shapes, collection.gestures, found.predicted);
    },
  });
  const prediction = new PredictionView();
  const reading = new LiveReading(
    (given) => network.send("read", given),
    (isOver) => {
      const { shapes } = collection;
      prediction.show({
        shapes: shapes.map(({ name }) => name),
        probabilities: beliefs(),
        isOver: isOver && network.state === "trained",
        novelty: reading.novelty,
      });
      pad.paint();
    },
  );
  const pad = new Pad({
    begin() {
      isKnown &&= !pad.isDrawing;
      isStroke = false;
      messages.clear();
      reading.begin();
      offer();
    },
    extend: () => isReading() && reading.extend(pad.drawn),
    end: () => endStroke(),
  });
  pad.color = (point) => {
    if (mode !== undefined) return shapeColor(mode);
    const belief = beliefs()[(reading.progress[point] ?? 0) - 1];
    return belief ? beliefColor(belief) : shapeColor();
  };
  const modes = new Modes((place) => {
    mode = place;
    clearPad();
    refresh();
  });
  const addAs = new AddAs((place) => addStroke(place));
  const examples = new ExamplesView({
    rename,
    replay: (gesture) => replay(placed(gesture, WIDTH), true),
    remove: (gesture) =>
      change({ ...collection, gestures: collection.gestures.filter((each) => each !== gesture) }),
    async sample(place) {
      const { name, sample } = collection.shapes[place];
      const drawn = await network.send("sample", { shape: sample!, number: samples++ });
      const gesture = drawn && await network.send("settle", { drawn, label: name });
      if (gesture) add(gesture);
    },
  });
  const learning = new LearningView(() => learn());
  const undo = button(words.examples.undo, () => before && change(before));
  const draw = button(words.pad.sample, () => drawSample());
  const root = layGestures({
    notices: messages.root,
    modes: modes.root,
    pad: pad.root,
    tools: [draw, button(words.pad.clear, () => clearPad()), addAs.root],
    prediction: prediction.root,
    examples: examples.root,
    collection: [
      button(words.examples.clear, drawOwn),
      button(words.examples.builtIn, () => useBuiltIn()),
      undo,
    ],
    learning: learning.root,
    files: fileTools({
      async model() {
        if (network.state === "trained") return await network.send("model", {});
        messages.inform(words.files.untrained);
      },
      csv: () => network.send("csv", { gestures: collection.gestures }),
      open: openStrokes,
    }),
  });

  const isReading = () => network.state !== "untrained" && mode === undefined;
  const beliefs = () =>
    reading.probabilities.map((each) => collection.shapes.map(({ name }) => each[name] ?? 0));
  const offer = () => addAs.show(collection.shapes, isStroke);

  /** Shows what to do next. */
  function refresh(): void {
    const { shapes } = collection, isUntrained = network.state === "untrained";
    modes.show(shapes, mode);
    offer();
    undo.disabled = before === undefined;
    draw.disabled = isUntrained || sampledShapes(collection).length === 0;
    pad.hint(hintOf(collection, mode, isUntrained));
    learning.button.disabled = lackingLeast(collection) !== undefined;
    if (isUntrained) learning.say(needsOf(collection));
  }

  /** Shows and stores another collection, and trains on it if it has enough examples. */
  function change(next: Collection, isOwn = true): void {
    before = collection.shapes.length > 0 ? collection : undefined;
    collection = next;
    if (mode !== undefined && mode >= next.shapes.length) mode = undefined;
    examples.show(next.shapes, next.gestures);
    const isKept = keepGestures(isOwn ? next : undefined);
    if (!isKept && isOwn) messages.inform(words.examples.notStored);
    reading.show(false);
    if (lackingEnough(next)) {
      network.forget();
      refresh();
    } else learn();
  }

  function learn(): void {
    learning.begin();
    network.learn(collection.gestures);
    refresh();
  }

  async function endStroke(): Promise<void> {
    const { drawn } = pad, place = mode;
    const label = collection.shapes[place ?? 0].name;
    const gesture = await network.send("settle", { drawn, label });
    if (!gesture) return;
    if (gesture.x.length < SHORTEST) {
      clearPad(drawn);
      return messages.inform(words.pad.tooShort);
    }
    if (place !== undefined) return add(gesture, drawn);
    if (drawn !== pad.drawn) return; // there is another stroke by now
    isStroke = !isKnown;
    if (isReading()) reading.extend(drawn, true);
    offer();
  }

  async function addStroke(place: number): Promise<void> {
    const { drawn } = pad, label = collection.shapes[place].name;
    const gesture = await network.send("settle", { drawn, label });
    if (gesture) add(gesture, mode === undefined ? undefined : drawn);
  }

  /** Adds an example; in example mode, clears the pad for the next one. */
  function add(gesture: Gesture, drawn?: Drawn): void {
    const lacked = lackingEnough(collection);
    isStroke = false;
    if (drawn) clearPad(drawn);
    const next = { ...collection, gestures: [...collection.gestures, gesture] };
    const lacks = lackingEnough(next);
    const isFull = mode !== undefined && countOf(next, next.shapes[mode]) >= ENOUGH;
    if (lacked && isFull) mode = lacks?.place; // the next shape, or recognition
    change(next);
  }

  function clearPad(drawn = pad.drawn): void {
    if (drawn !== pad.drawn) return; // the next stroke has begun
    isStroke = false;
    pad.clear();
    reading.begin();
    offer();
  }

  async function replay(drawn: Drawn, isExample: boolean): Promise<void> {
    if (pad.isDrawing) return;
    isKnown = isExample;
    mode = undefined;
    refresh();
    await pad.play(drawn);
  }

  async function drawSample(shape?: number): Promise<void> {
    const number = samples++, known = sampledShapes(collection);
    shape ??= known[number % known.length];
    const drawn = await network.send("sample", { shape, number });
    if (drawn) await replay(drawn, false);
  }

  function rename(place: number, name: string): void {
    const { shapes, gestures } = collection;
    if (name === shapes[place].name) return;
    const isTaken = shapes.some((shape) => shape.name === name);
    if (name !== "" && !isTaken) return change(renamed(collection, place, name));
    messages.inform(name === "" ? words.examples.emptyName : words.examples.sameName(name));
    examples.show(shapes, gestures);
  }

  function drawOwn(): void {
    mode = 0;
    clearPad();
    change({ ...collection, gestures: [] });
  }

  async function useBuiltIn(): Promise<void> {
    const gestures = await network.send("builtIn", { labels: words.shapes, count: BUILT_IN });
    if (!gestures) return;
    mode = undefined;
    clearPad();
    change({ shapes: words.shapes.map((name, sample) => ({ name, sample })), gestures }, false);
  }

  async function openStrokes(file: File): Promise<void> {
    messages.clear();
    if (/\.safetensors$/i.test(file.name)) {
      return messages.problem(words.files.isModel(file.name));
    }
    const opened = await network.send("open", { file });
    if (!opened) return;
    const { gestures, notes } = opened, shapes = shapesOf(gestures);
    if (!areShapesFew(shapes.length)) {
      return messages.problem(words.files.fewShapes(file.name, shapes.length));
    }
    mode = undefined;
    clearPad();
    change({ shapes, gestures });
    const said = words.files.opened(file.name, gestures.length, shapes.length);
    messages.inform([said, ...notes].join(" "));
  }

  return {
    root,
    async show() {
      if (network.start()) return;
      const kept = loadGestures();
      if (kept) {
        mode = lackingEnough(kept)?.place; // continue with the shape that still lacks examples
        return change(kept);
      }
      await useBuiltIn();
      drawSample(FIRST); // its color appears as the network learns
    },
    drop: ([file]) => file && openStrokes(file),
  };
}
