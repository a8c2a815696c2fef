/**
 * What the first layer reads: an embedding, with a projection or without, or one-hot words.
 *
 * @module
 */
import type { FoundLayers, Shapes } from "./layers.ts";
import { biasOf, listed, matrices, type Pool, take } from "./linear.ts";

/** What makes the inputs of a word. */
export interface FoundInputs {
  /** The size of the embedding; 0 for one-hot words. */
  embedding: number;
  /** What it is brought to; 0 for itself. */
  projection: number;
  /** The names of the tensors, by those in Unroll's files. */
  names: Map<string, string>;
  /** Whether the head's matrix is the embedding's too. */
  isTied?: true;
}

/** What a step of a series is read as: a number for each column. */
export function columnInputs(
  { fail }: Pool,
  shapes: Shapes,
  { inputs, names }: FoundLayers,
  columns: number,
): FoundInputs {
  if (inputs !== columns) {
    const kernel = names.get("rnn.weight_ih_l0")!;
    fail(
      `has ${kernel} [${shapes.get(kernel)}], which reads ${inputs} numbers at each step; ` +
        `name as many columns, got ${columns} (--columns)`,
    );
  }
  return { embedding: 0, projection: 0, names: new Map() };
}

/**
 * Finds them among the tensors that are left.
 *
 * @param words How many words there are.
 * @param place What stands before the names in Unroll's files.
 * @param head The name of the head's matrix, which may be the embedding's too.
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
          : `for one-hot words the vocabulary should have ${inputs}`),
    );
  }
  const [, size] = shapes.get(wide)!;
  const projection = take(pool, {
    name: `${place}projection.weight`,
    what: "the layer that makes the embedding narrower",
    fits: [[inputs, size]],
    hasBias: false,
    hint: /proj|lin/i,
    beside: prefix,
  })!;
  const bias = biasOf(projection, shapes);
  if (bias !== undefined) {
    pool.fail(
      `has ${bias} [${inputs}] between the embedding and ${kernel}, and a projection has no bias here; ` +
        `in PyTorch add ${kernel} @ ${bias} to the layer's bias_ih, and leave it out`,
    );
  }
  return {
    embedding: size,
    projection: inputs,
    names: new Map([["embedding.weight", wide], ["projection.weight", projection]]),
  };
}
