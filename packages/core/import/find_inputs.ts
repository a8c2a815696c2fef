/**
 * Detection of the inputs of the first layer: an embedding, optionally with a projection, or
 * one-hot words.
 *
 * @module
 */
import type { FoundLayers, Shapes } from "./layers.ts";
import { biasOf, listed, matrices, type Pool, take } from "./linear.ts";

/** The inputs that were found. */
export interface FoundInputs {
  /** The size of the embedding; 0 for one-hot words. */
  embedding: number;
  /** The size of the embedding's projection; 0 for none. */
  projection: number;
  /** The names of the tensors, by their names in Unroll's files. */
  names: Map<string, string>;
  /** Whether the head's matrix is also the embedding (tied weights). Default: no. */
  isTied?: true;
}

/** Checks that the first layer reads one number per column of a series, and returns the inputs. */
export function columnInputs(
  { fail }: Pool,
  shapes: Shapes,
  { inputs, names }: FoundLayers,
  columns: number,
): FoundInputs {
  if (inputs !== columns) {
    const kernel = names.get("rnn.weight_ih_l0")!;
    fail(
      `has ${kernel} [${shapes.get(kernel)}], which reads ${inputs} numbers per time step; ` +
        `name one column for each, got ${columns} (--columns)`,
    );
  }
  return { embedding: 0, projection: 0, names: new Map() };
}

/**
 * Finds the inputs among the remaining tensors, or fails.
 *
 * @param words The vocabulary size.
 * @param place The prefix of the names in Unroll's files.
 * @param head The name of the head's matrix, which may also be the embedding.
 */
export function findInputs(
  pool: Pool,
  shapes: Shapes,
  { inputs, prefix, hidden, names }: FoundLayers,
  words: number,
  place: string,
  head?: string,
): FoundInputs {
  const role = {
    name: `${place}embedding.weight`,
    what: `the embedding of ${words} words`,
    hasBias: false,
    hint: /emb|lookup|vectors|wte|src|tgt|trg/i,
    beside: prefix,
  };
  const table = take(pool, { ...role, fits: [[words, inputs]] });
  if (table !== undefined) {
    return { embedding: inputs, projection: 0, names: new Map([["embedding.weight", table]]) };
  }
  if (inputs === words) return { embedding: 0, projection: 0, names: new Map() };
  if (head !== undefined && inputs === hidden && shapes.get(head)![0] === words) {
    const tied = new Map([["embedding.weight", head]]);
    return { embedding: inputs, projection: 0, names: tied, isTied: true };
  }
  const kernel = names.get("rnn.weight_ih_l0")!;
  const narrowing = matrices(pool).map((name) => shapes.get(name)!)
    .filter(([rows]) => rows === inputs);
  const fits = narrowing.map(([, size]) => [words, size]);
  const wide = fits.length > 0 ? take(pool, { ...role, fits }) : undefined;
  if (wide === undefined) {
    const others = new Map(matrices(pool).map((name) => [name, shapes.get(name)!]));
    return pool.fail(
      `has no ${role.name} [${words},${inputs}], for ${words} words and the ${inputs} numbers that ` +
        `${kernel} [${shapes.get(kernel)}] reads; ` +
        (others.size > 0
          ? `it has ${listed(others)}`
          : `for one-hot words the vocabulary should have ${inputs} words`),
    );
  }
  const [, size] = shapes.get(wide)!;
  const projection = take(pool, {
    name: `${place}projection.weight`,
    what: "the projection of the embedding",
    fits: [[inputs, size]],
    hasBias: false,
    hint: /proj|lin/i,
    beside: prefix,
  })!;
  const bias = biasOf(projection, shapes);
  if (bias !== undefined) {
    pool.fail(
      `has ${bias} [${inputs}] between the embedding and ${kernel}, but a projection has no bias here; ` +
        `in PyTorch add ${kernel} @ ${bias} to the layer's bias_ih, and remove ${bias}`,
    );
  }
  return {
    embedding: size,
    projection: inputs,
    names: new Map([["embedding.weight", wide], ["projection.weight", projection]]),
  };
}
