/**
 * Bytes of 32-bit numbers, packed small: the bytes of one rank stand together, as those of the
 * largest are much alike, and are then deflated.
 *
 * @module
 */

const RANKS = 4; // bytes of a number

/** Bytes, packed into base64. */
export async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const ranks = Array.from(
    { length: RANKS },
    (_, rank) => bytes.filter((_, i) => i % RANKS === rank),
  );
  const packed = new Blob(ranks).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return (await new Response(packed).bytes()).toBase64();
}

/** The bytes that {@linkcode pack} has packed. */
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
