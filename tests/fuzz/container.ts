/** Parses and rebuilds a .safetensors file, without core's own writer. */
import { type Node, parseTree, writeTree } from "./json_tree.ts";

const LENGTH_BYTES = 8;

/** The parts of a file: its header as a tree, and the bytes of its tensors. */
export interface Parts {
  header: Node;
  data: Uint8Array;
}

/** Returns the parts of a valid file. */
export function takeApart(bytes: Uint8Array): Parts {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  return {
    header: parseTree(JSON.parse(text)),
    data: bytes.slice(LENGTH_BYTES + length),
  };
}

/** Builds a file from its parts. Its checksum is not yet correct. */
export function putTogether({ header, data }: Parts): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(writeTree(header));
  const bytes = new Uint8Array(LENGTH_BYTES + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, LENGTH_BYTES);
  bytes.set(data, LENGTH_BYTES + text.length);
  return bytes;
}

/** Writes the correct checksum into a file whose header has one. */
export function mendChecksum(bytes: Uint8Array): void {
  if (bytes.length < LENGTH_BYTES) return;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  const text = new TextDecoder("latin1").decode(header);
  const match = /"crc32":\s*"(?=[0-9a-f]{8}")/.exec(text);
  if (!match) return;
  const place = LENGTH_BYTES + match.index + match[0].length;
  const digits = bytes.subarray(place, place + 8);
  digits.fill(0x30);
  digits.set(new TextEncoder().encode(crc32(bytes).toString(16).padStart(8, "0")));
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
