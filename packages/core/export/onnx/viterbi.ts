/**
 * Viterbi decoding (Viterbi 1967) of a CRF in a graph: a `Loop` over the words that keeps each
 * label's best score, and a `Loop` back through the words that follows the back-pointers.
 *
 * @module
 */
import type { Builder, Value } from "./builder.ts";
import { graphProto, NUMBER_TYPES, type NumberType } from "./messages.ts";

/** The inputs of Viterbi decoding. */
export interface CrfValues {
  /** The logits, `[batch, steps, labels]`. */
  logits: Value;
  /** The number of words in each text, int32 `[batch]`. */
  lengths: Value;
  /** The score of each label as the first of a text, `[labels]`. */
  start: Value;
  /** The score of each label as the last of a text, `[labels]`. */
  end: Value;
  /** The transition scores, from a row's label to a column's, `[labels, labels]`. */
  transitions: Value;
  /** The number of labels. */
  labels: number;
}

/** Computes the label of each word, int64 `[batch, steps]`. */
export function viterbiPath(
  graph: Builder,
  { logits, lengths, start, end, transitions, labels }: CrfValues,
): Value {
  const own = graph.within("crf.");
  const y = own.node("Transpose", [logits], "logits_over_time", { perm: [1, 0, 2] });
  const shape = own.node("Shape", [y], "shape");
  const steps = own.node("Gather", [shape, own.int(0)], "steps", { axis: 0 });
  const moves = own.node("Sub", [steps, own.int(1)], "moves");
  const ends = own.node("Cast", [lengths], "ends", { to: NUMBER_TYPES.int64 });
  const first = own.node("Gather", [y, own.int(0)], "first_logits", { axis: 0 });
  const every = own.node("Range", [own.int(0), own.int(labels), own.int(1)], "every_label");

  const forward = loopBody(own, "forward");
  const best = forward.state("best", "float", ["batch", labels]); // each label's best score so far
  const f = forward.body;
  const t = f.node("Add", [forward.i, f.int(1)], "t");
  const column = f.node("Unsqueeze", [best, f.ints(2)], "best_column");
  const pairs = f.node("Add", [column, transitions], "pairs"); // [batch, from, to]
  const most = f.node("ReduceMax", [pairs], "best_before", { axes: [1], keepdims: 0 });
  const from = f.node("ArgMax", [pairs], "came_from", { axis: 1, keepdims: 0 });
  const next = f.node("Add", [
    most,
    f.node("Gather", [y, t], "logits", { axis: 0 }),
  ], "best_here");
  const isWord = f.node("Unsqueeze", [f.node("Less", [t, ends], "is_word"), f.ints(1)], "mask");
  const [scores, origins] = forward.loop(
    moves,
    [
      own.node("Add", [first, start], "first_scores"),
    ],
    [f.node("Where", [isWord, next, best], "best_kept")],
    [
      // After a text's end, each label's back-pointer is the label itself.
      {
        value: f.node("Where", [isWord, from, every], "origin"),
        type: "int64",
        dims: ["batch", labels],
      },
    ],
  );

  const whole = own.node("Add", [scores, end], "whole_scores");
  const last = own.node("ArgMax", [whole], "last_label", { axis: 1, keepdims: 0 });

  const backward = loopBody(own, "backward");
  const label = backward.state("label", "int64", ["batch"]);
  const b = backward.body;
  const back = b.node("Sub", [b.node("Sub", [moves, backward.i], "left"), b.int(1)], "place");
  const before = b.node("Gather", [origins, back], "origins", { axis: 0 }); // [batch, labels]
  const at = b.node("Unsqueeze", [label, b.ints(1)], "label_column");
  const found = b.node("GatherElements", [before, at], "label_before_column", { axis: 1 });
  // The loop outputs the labels from the last word to the second; its state is that of the first.
  const [firstLabel, path] = backward.loop(moves, [last], [
    b.node("Squeeze", [found, b.ints(1)], "label_before"),
  ], [{ value: b.node("Identity", [label], "label_here"), type: "int64", dims: ["batch"] }]);
  const rest = own.node("Unsqueeze", [firstLabel, own.ints(0)], "first_label");
  const reversed = own.node(
    "Slice",
    [path, own.ints(-1), own.ints(-(2 ** 31)), own.ints(0), own.ints(-1)],
    "other_labels",
  );
  const all = own.node("Concat", [rest, reversed], "labels_over_time", { axis: 0 });
  return own.node("Transpose", [all], "labels", { perm: [1, 0] });
}

/** Returns a builder of the body of a `Loop`. */
function loopBody(graph: Builder, name: string) {
  const body = graph.body().within(`${name}.`);
  const i = body.input({ name: `crf.${name}.i`, type: "int64", dims: [] });
  const go = body.input({ name: `crf.${name}.go`, type: "bool", dims: [] });
  const infos: { type: NumberType; dims: (number | string)[] }[] = [];
  return {
    body,
    i,
    /** Adds a loop state, and returns its value at the start of an iteration. */
    state(what: string, type: NumberType, dims: (number | string)[]): Value {
      infos.push({ type, dims });
      return body.input({ name: `crf.${name}.${what}`, type, dims });
    },
    /** Adds the `Loop`; returns its final states, then the outputs stacked over iterations. */
    loop(
      turns: Value,
      first: Value[],
      next: Value[],
      given: { value: Value; type: NumberType; dims: (number | string)[] }[],
    ): Value[] {
      const goesOn = body.node("Identity", [go], "goes_on");
      body.output(goesOn, { name: goesOn, type: "bool", dims: [] });
      for (const [k, value] of next.entries()) body.output(value, { name: value, ...infos[k] });
      for (const { value, type, dims } of given) body.output(value, { name: value, type, dims });
      const ends = [...next.map((_, k) => `.state_${k}`), ...given.map((_, k) => `.turn_${k}`)];
      return graph.nodes("Loop", [turns, undefined, ...first], name, ends, {
        body: { graph: graphProto(body.graph(name)) },
      });
    },
  };
}
