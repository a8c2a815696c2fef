/**
 * The whole of a network among the tensors of a PyTorch module: layers, what they read, and the head.
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

/** A network that was found. */
export interface FoundNetwork {
  /** The layers that read. */
  layers: FoundLayers;
  /** The size of the embedding; 0 for one-hot inputs. */
  embedding: number;
  /** The size of its projection; 0 for none. */
  projection: number;
  /** How states are pooled. */
  head: Head;
  /** How many outputs there are. */
  outputs: number;
  /** Whether there is a CRF. */
  crf: boolean;
  /** Whether the decoder attends. */
  attends: boolean;
  /** The names of the tensors, by those in Unroll's files. Where a bias is missing, it is zero. */
  names: Map<string, string>;
  /** What the shapes do not say, and what was done about it. */
  notes: string[];
}

/** Finds a network of a form. */
export function findNetwork(pool: Pool, form: ImportForm, sought: Sought): FoundNetwork {
  const { left, fail } = pool;
  const shapes: Shapes = new Map(left);
  const modules = recurrentModules(shapes);
  if (modules.length === 0) {
    fail(
      `has no recurrent layers, which have names such as rnn.weight_ih_l0; it has ${
        listed(shapes)
      }`,
    );
  }
  const isDecoder = ({ prefix }: { prefix: string }) => /dec|tgt|trg|target/i.test(prefix);
  const decoding = form.hasDecoder ? modules.filter(isDecoder) : [];
  const reading = modules.filter((module) => !decoding.includes(module));
  if (form.hasDecoder && (decoding.length === 0 || reading.length === 0)) {
    fail(
      "should have the recurrent layers of an encoder, and those of a decoder with dec in their " +
        `names; it has those of ${modules.map(({ prefix }) => `${prefix}*`).join(", ")}`,
    );
  }
  const layers = stackedLayers(reading, shapes, sought, fail);
  for (const name of layers.names.values()) left.delete(name);
  if (form.readsForward && layers.bidirectional) {
    fail(`has ${layersInWords(layers)}; a model that predicts what comes next reads forward alone`);
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
  if (decoder.bidirectional) fail("has a bidirectional decoder; one reads forward alone");
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
    what: "the layer on context and state",
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
        "both must have one size",
    );
  }
  add(ENCODER, inputs.names);
  add(DECODER, targets.names);
  const attends = attention !== undefined;
  return { ...inputs, ...head, layers, crf: false, attends, names, notes };
}

/** Where the head is the embedding: its bias may be left alone. */
function tiedHead(
  { left }: Pool,
  outputs: number,
  names: Map<string, string>,
  notes: string[],
): void {
  notes.push("the head and the embedding are one matrix (tied weights), which becomes two");
  if (names.has("head.bias")) return;
  const [bias] = [...left].filter(([name, shape]) =>
    /bias$/.test(name) && String(shape) === String([outputs])
  );
  if (!bias) return;
  left.delete(bias[0]);
  names.set("head.bias", bias[0]);
}
