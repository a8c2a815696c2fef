/**
 * Sums of products, with the largest products listed.
 *
 * @module
 */

/** One product of a sum. */
export interface Product {
  /** The index of the factor: a unit, a component of the input, or the id of a one-hot word. */
  from: number;
  /** The factor; 1 for a one-hot word. */
  factor: number;
  /** The weight of the factor. */
  weight: number;
  /** The product. */
  value: number;
}

/** A sum of products. */
export interface ProductSum {
  /** The products with the largest magnitudes, in descending order. */
  top: Product[];
  /** The number of the other products. */
  others: number;
  /** The sum of the other products. */
  rest: number;
  /** The sum of all products. */
  sum: number;
}

/** Sums the products of factors and their weights, and lists the `most` largest. */
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

/** Sums products, and lists the `most` largest. */
export function sumOf(all: Product[], most: number): ProductSum {
  let sum = 0, rest = 0;
  for (const { value } of all) sum += value;
  const sorted = all.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  for (const { value } of sorted.slice(most)) rest += value;
  return { top: sorted.slice(0, most), others: Math.max(0, all.length - most), rest, sum };
}
