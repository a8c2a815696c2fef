/**
 * Detection of a whole network among the tensors of a PyTorch module: layers, inputs and head.
 *
 * @module
 */
import type { Head } from "../network/config.ts";
import { DECODER, ENCODER } from "../translation/network.ts";
import type { ImportForm } from "./forms.ts";
import { findHead, type Sought } from "./find_head.ts";
import { columnInputs, findInputs } from "./find_inputs.ts";
import {
  type FoundLayers,
  layersInWords,
  recurrentModules,
  type Shapes,
  stackedLayers,
} from "./layers.ts";
import { listed, type Pool, take, takeCrf } from "./linear.ts";

/** The network that was found. */
export interface FoundNetwork {
  /** The recurrent layers; for a translation model, those of the encoder. */
  layers: FoundLayers;
  /** The size of the embedding; 0 for one-hot inputs. */
  embedding: number;
  /** The size of its projection; 0 for none. */
  projection: number;
  /** The pooling of the states. */
  head: Head;
  /** The number of outputs. */
  outputs: number;
  /** Whether there is a CRF. */
  crf: boolean;
  /** Whether the decoder has attention. */
  attends: boolean;
  /** The names of the tensors, by their names in Unroll's files. A missing bias is zero. */
  names: Map<string, string>;
  /** The assumptions that were made where the shapes are ambiguous, one sentence each. */
  notes: string[];
}

/** Finds the network of a task among the tensors of `pool`, or fails. */
export function findNetwork(pool: Pool, form: ImportForm, sought: Sought): FoundNetwork {
  const { left, fail } = pool;
  const shapes: Shapes = new Map(left);
  const modules = recurrentModules(shapes);
  if (modules.length === 0) {
    fail(
      `has no recurrent layers, whose names are like rnn.weight_ih_l0; it has ${listed(shapes)}`,
    );
  }
  const isDecoder = ({ prefix }: { prefix: string }) => /dec|tgt|trg|target/i.test(prefix);
  const decoding = form.hasDecoder ? modules.filter(isDecoder) : [];
  const reading = modules.filter((module) => !decoding.includes(module));
  if (form.hasDecoder && (decoding.length === 0 || reading.length === 0)) {
    fail(
      "should have the recurrent layers of an encoder, and those of a decoder with dec in their " +
        `names; it has the layers ${modules.map(({ prefix }) => `${prefix}*`).join(", ")}`,
    );
  }
  const layers = stackedLayers(reading, shapes, sought, fail);
  for (const name of layers.names.values()) left.delete(name);
  if (form.readsForward && layers.bidirectional) {
    fail(`has ${layersInWords(layers)}; a model that predicts the next token reads forward only`);
  }
  const names = new Map<string, string>(), notes: string[] = [];
  const add = (prefix: string, found: Iterable<[string, string]>) => {
    for (const [ours, theirs] of found) names.set(prefix + ours, theirs);
  };
  const crf = form.heads[0] === "token" && form.predicts === "labels" ? takeCrf(pool) : undefined;
  if (crf) add("", crf);
  if (!form.hasDecoder) {
    add("", layers.names);
    const head = findHead(pool, form, sought, layers, shapes, notes);
    add("", head.names);
    const inputs = form.reads === "columns"
      ? columnInputs(pool, shapes, layers, sought.words[0])
      : findInputs(
        pool,
        shapes,
        layers,
        sought.words[0],
        "",
        head.names.get("head.weight"),
      );
    add("", inputs.names);
    if (inputs.isTied) tiedHead(pool, sought.outputs[0], names, notes);
    return { ...inputs, ...head, layers, crf: crf !== undefined, attends: false, names, notes };
  }
  const decoder = stackedLayers(decoding, shapes, sought, fail);
  for (const name of decoder.names.values()) left.delete(name);
  if (decoder.bidirectional) fail("has a bidirectional decoder; a decoder reads forward only");
  if (
    String([decoder.cell, decoder.hidden, decoder.layers]) !==
      String([layers.cell, layers.hidden, layers.layers])
  ) {
    fail(
      `has an encoder of ${layersInWords(layers)} and a decoder of ${
        layersInWords(decoder)
      }; both ` +
        "must have the same cell, hidden size and number of layers",
    );
  }
  add(ENCODER, layers.names);
  add(DECODER, decoder.names);
  const attention = take(pool, {
    name: "attention.weight",
    what: "the attention layer, which reads context and state",
    fits: [[layers.hidden, 2 * layers.hidden]],
    hasBias: false,
    hint: /att|concat|context/i,
    beside: decoder.prefix,
  });
  if (attention !== undefined) names.set("attention.weight", attention);
  const head = findHead(pool, form, sought, decoder, shapes, notes);
  add("", head.names);
  const inputs = findInputs(pool, shapes, layers, sought.words[0], ENCODER);
  const targets = findInputs(
    pool,
    shapes,
    decoder,
    sought.words[1],
    DECODER,
    head.names.get("head.weight"),
  );
  if (targets.isTied) tiedHead(pool, sought.outputs[0], names, notes);
  if (
    String([inputs.embedding, inputs.projection]) !==
      String([targets.embedding, targets.projection])
  ) {
    fail(
      `has embeddings of ${inputs.embedding} for the source and ${targets.embedding} for the target; ` +
        "both must have the same size",
    );
  }
  add(ENCODER, inputs.names);
  add(DECODER, targets.names);
  const attends = attention !== undefined;
  return { ...inputs, ...head, layers, crf: false, attends, names, notes };
}

/** Notes that the head and the embedding are tied, and finds the head's bias if it was separate. */
function tiedHead(
  { left }: Pool,
  outputs: number,
  names: Map<string, string>,
  notes: string[],
): void {
  notes.push("the head and the embedding share one matrix (tied weights), which was copied");
  if (names.has("head.bias")) return;
  const [bias] = [...left].filter(([name, shape]) =>
    /bias$/.test(name) && String(shape) === String([outputs])
  );
  if (!bias) return;
  left.delete(bias[0]);
  names.set("head.bias", bias[0]);
}
