/**
 * Compresses the bytes of 32-bit numbers: bytes of equal significance are grouped, because the most
 * significant ones are much alike, and then deflated.
 *
 * @module
 */

const RANKS = 4; // bytes per number

/** Compresses bytes into base64. */
export async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const ranks = Array.from(
    { length: RANKS },
    (_, rank) => bytes.filter((_, i) => i % RANKS === rank),
  );
  const packed = new Blob(ranks).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return (await new Response(packed).bytes()).toBase64();
}

/** Decompresses what {@linkcode pack} has compressed. */
export async function unpack(packed: string): Promise<Uint8Array<ArrayBuffer>> {
  const deflated = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([deflated]).stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  const ranks = new Uint8Array(await new Response(stream).arrayBuffer());
  const bytes = new Uint8Array(ranks.length);
  let from = 0;
  for (let rank = 0; rank < RANKS; rank++) {
    for (let i = rank; i < bytes.length; i += RANKS) bytes[i] = ranks[from++];
  }
  return bytes;
}
