/** Human-readable file sizes. */

const UNITS: Record<string, number> = { "": 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };

/** Returns the bytes of a size such as `50MB`. */
export function parseSize(size: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([KMG]?B)?$/i.exec(size) ?? [];
  if (number === undefined) throw new Error(`expected a size such as 50MB or 1GB, got ${size}`);
  return Math.round(Number(number) * UNITS[(unit ?? "").toUpperCase()]);
}
