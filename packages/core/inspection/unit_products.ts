/**
 * The products that make a sum, the largest first.
 *
 * @module
 */

/** One product of a sum. */
export interface Product {
  /** The place of what is read: a unit, a number of the input, or the id of a one-hot word. */
  from: number;
  /** What is read; 1 of a one-hot word. */
  factor: number;
  /** What it is multiplied by. */
  weight: number;
  /** The product. */
  value: number;
}

/** A sum of products. */
export interface ProductSum {
  /** The largest in size. */
  top: Product[];
  /** How many others there are, and their sum. */
  others: number;
  /** The sum of the others. */
  rest: number;
  /** The sum of all. */
  sum: number;
}

/** The sum of all products of some numbers with their weights. */
export function productsOf(
  factors: ArrayLike<number>,
  weightOf: (from: number) => number,
  most: number,
): ProductSum {
  const all: Product[] = [];
  for (let from = 0; from < factors.length; from++) {
    const factor = factors[from], weight = weightOf(from);
    all.push({ from, factor, weight, value: factor * weight });
  }
  return sumOf(all, most);
}

/** The sum of some products. */
export function sumOf(all: Product[], most: number): ProductSum {
  let sum = 0, rest = 0;
  for (const { value } of all) sum += value;
  const sorted = all.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  for (const { value } of sorted.slice(most)) rest += value;
  return { top: sorted.slice(0, most), others: Math.max(0, all.length - most), rest, sum };
}
