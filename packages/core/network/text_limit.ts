/**
 * The maximum length of a text, which depends on its network's memory use.
 *
 * @module
 */
import { MAX_TEXT_LENGTH } from "../data/examples.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import { canReadInChunks } from "./chunks.ts";
import type { NetworkConfig } from "./config.ts";

/**
 * Returns the maximum number of characters in a text: `Infinity` if a model truncates texts or
 * reads them in chunks, so that memory does not grow with their length; otherwise 100,000.
 *
 * @example
 * ```ts
 * import { textLimitOf } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const network = { head: "max", bidirectional: true } as const;
 * assertEquals(textLimitOf({ config: { ...network, layers: 1 } }), Infinity);
 * assertEquals(textLimitOf({ config: { ...network, layers: 2 } }), 100_000);
 * ```
 */
export function textLimitOf(
  { tokenizer, config }: {
    tokenizer?: TokenizerOptions;
    config?: Pick<NetworkConfig, "head" | "bidirectional" | "layers">;
  },
): number {
  const isBounded = tokenizer?.maxLength !== undefined ||
    config !== undefined && canReadInChunks(config);
  return isBounded ? Infinity : MAX_TEXT_LENGTH;
}
