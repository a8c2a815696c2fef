/**
 * Compares a backend with PyTorch for taggers that read words and their letters. The values come
 * from tests/golden/make_letters.py.
 *
 * @module
 */
import type { Backend, FloatArray, Weights } from "@unroll/core";
import { assertEquals, assertLess } from "@std/assert";
import golden from "#tests/golden/letters.json" with { type: "json" };
import { type NetworkConfig, networkConfig } from "#core/network/config.ts";
import { fromTorch, torchShapes, toTorch } from "#core/network/torch_names.ts";
import type { Spellings } from "#core/text/spellings.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { distance, farthest, passes } from "./helpers.ts";

const { words, labels, alphabet } = golden;
const TOLERANCE = 1e-5;

type Numbers = Record<string, number[]>;

/** Returns spellings of these words, with these letters. */
export function spellingsOf(
  all: readonly { word: number; letters: readonly number[] }[],
  words: number,
  letters: number,
): Spellings {
  return {
    ...{ words, letters },
    wordOf: (id) => all[id].word,
    lettersOf: (id) => Int32Array.from(all[id].letters),
  };
}

/** Returns the sentences of the file. */
function examplesOf(): EncodedExample[] {
  const spellings = spellingsOf(golden.spellings, words, alphabet);
  return golden.sentences.map(({ words, tags }) => ({
    words: Int32Array.from(words),
    labels: Int32Array.from(tags),
    spellings,
  }));
}

/** PyTorch's weights or gradients under the names of the equations; missing ones are zero. */
function ours(config: NetworkConfig, theirs: Numbers): Weights<FloatArray> {
  const shapes = torchShapes(config, words, labels, alphabet);
  const zeros = (name: string) => new Array(shapes[name].reduce((a, b) => a * b)).fill(0);
  return fromTorch(config, (name) => Float64Array.from(theirs[name] ?? zeros(name)));
}

/** The cases: one for each tagger. */
export function letterCases(): { name: string; run(backend: Backend): Promise<void> }[] {
  return golden.taggers.map((entry) => ({
    name: `computes PyTorch's logits and gradients of a tagger on letters: ${entry.config.cell}`,
    async run(backend) {
      const config = networkConfig(entry.config as Partial<NetworkConfig>);
      const examples = examplesOf(), size = examples.length;
      const weights = ours(config, entry.weights as Numbers);
      const actual = await passes(backend, config, weights, examples);
      assertEquals(actual.logits.length, entry.logits.length);
      for (const [i, { words }] of examples.entries()) {
        for (let t = 0; t < words.length; t++) {
          const row = (t * size + i) * labels;
          const theirs = entry.logits.slice(row, row + labels);
          assertLess(distance(actual.logits.subarray(row, row + labels), theirs), TOLERANCE);
        }
      }
      assertLess(Math.abs(actual.loss - entry.loss), TOLERANCE);
      assertLess(farthest(actual.gradients, ours(config, entry.gradients as Numbers)), TOLERANCE);
      // And back to PyTorch's names.
      for (const [name, { data, shape }] of Object.entries(toTorch(config, weights))) {
        assertLess(distance(data, (entry.weights as Numbers)[name]), 1e-12, name);
        assertEquals(shape, torchShapes(config, words, labels, alphabet)[name]);
      }
    },
  }));
}
