/**
 * The exponential function, tanh and the logistic function of four numbers at once.
 *
 * @module
 */
import {
  add4,
  addWhole4,
  and4,
  type Code,
  divide4,
  less4,
  max4,
  min4,
  multiply4,
  multiplyAdd4,
  nearest4,
  or4,
  shift4,
  subtract4,
  without4,
} from "./assembler.ts";

/** What a formula is built with. */
export interface Scope {
  /** Stores a value in a local and returns the local, for values that are used more than once. */
  keep(value: Code): Code;
  /** A vector of four copies of a constant. */
  constant(value: number): Code;
  /** Whether a product and its sum are rounded once. */
  fused: boolean;
}

// Added to a whole number below 2²², it puts that number into the lowest bits.
const LOWEST_BITS = 1.5 * 2 ** 23;
const EXPONENT = 23; // bit position of a float32's exponent

/** 2ⁿ for whole n from -126 to 127: adds n to the exponent of 1. */
function powerOfTwo4(n: Code, { constant }: Scope): Code {
  const exponent = shift4(add4(n, constant(LOWEST_BITS)), EXPONENT);
  return addWhole4(exponent, constant(1));
}

/** c₀ + c₁ x + c₂ x² + …, by Horner's rule. */
function polynomial(x: Code, coefficients: readonly number[], scope: Scope): Code {
  return polynomials([x], coefficients, scope)[0];
}

/** The same for several x, interleaved. */
function polynomials(xs: Code[], coefficients: readonly number[], scope: Scope): Code[] {
  const { keep, constant, fused } = scope;
  const [last, ...others] = coefficients.map(constant).reverse();
  return others.reduce(
    (sums, c) => sums.map((sum, i) => keep(multiplyAdd4(sum, xs[i], c, fused))),
    xs.map(() => last),
  );
}

// ln 2 in two parts: products of the first with whole numbers below 2¹⁰ are exact in float32.
const LN2_HIGH = 0.693359375, LN2_LOW = -2.12194440e-4;
const SMALLEST = -87.33, LARGEST = 88.02; // beyond these eˣ leaves float32's normal range

/**
 * eˣ = 2ⁿ eʳ, where n is the whole number nearest to x / ln 2, and eʳ is its series up to r⁷ / 7!,
 * as
 * |r| ≤ ln 2 / 2. x is clamped to float32's normal range. NaN gives NaN.
 */
function boundedExp4(xs: Code[], scope: Scope): Code[] {
  const { keep, constant, fused } = scope;
  const bounded = xs
    .map((x) => keep(max4(x, constant(SMALLEST))))
    .map((x) => keep(min4(x, constant(LARGEST))));
  const ns = bounded
    .map((x) => keep(multiply4(x, constant(Math.LOG2E))))
    .map((x) => keep(nearest4(x)));
  const rs = bounded
    .map((x, i) => keep(multiplyAdd4(ns[i], constant(-LN2_HIGH), x, fused)))
    .map((high, i) => keep(multiplyAdd4(ns[i], constant(-LN2_LOW), high, fused)));
  const series = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040];
  return polynomials(rs, series, scope).map((sum, i) => multiply4(sum, powerOfTwo4(ns[i], scope)));
}

/** eˣ: 0 below -87.33, and finite even above 88.02. NaN gives NaN. */
export function exp4(x: Code, scope: Scope): Code {
  return without4(boundedExp4([x], scope)[0], less4(x, scope.constant(SMALLEST)));
}

/** σ(x) = 1 / (1 + e⁻ˣ). */
export function sigmoid4(x: Code, scope: Scope): Code {
  return sigmoids4([x], scope)[0];
}

/** σ of several numbers, interleaved. */
export function sigmoids4(xs: Code[], scope: Scope): Code[] {
  const { keep, constant } = scope;
  const opposites = xs.map((x) => keep(subtract4(constant(0), x)));
  return boundedExp4(opposites, scope)
    .map((power) => keep(add4(constant(1), power)))
    .map((sum) => keep(divide4(constant(1), sum)));
}

/** The convergents of Lambert's continued fraction tanh x = x / (1 + x² / (3 + x² / (5 + …))). */
function lambert(depth: number): { above: number[]; below: number[] } {
  let before = { above: [0], below: [1] }, now = { above: [1], below: [1] };
  for (let b = 3; b < 2 * depth; b += 2) {
    const next = (p: number[], q: number[]) =>
      Array.from(
        { length: Math.max(p.length, q.length + 1) },
        (_, i) => b * (p[i] ?? 0) + (q[i - 1] ?? 0),
      );
    const after = {
      above: next(now.above, before.above),
      below: next(now.below, before.below),
    };
    [before, now] = [now, after];
  }
  return now;
}

const SATURATED = 9.02; // from here on, tanh is 1 in float32

/**
 * tanh x by the thirteenth convergent of Lambert's continued fraction (NIST DLMF 4.39.1), or ±1
 * where that is closest. The maximum absolute and relative errors are 3e-7.
 */
export function tanh4(x: Code, scope: Scope): Code {
  const { keep, constant } = scope;
  const { above, below } = lambert(13);
  const bounded = keep(min4(max4(x, constant(-SATURATED)), constant(SATURATED)));
  const square = keep(multiply4(bounded, bounded));
  const top = multiply4(bounded, polynomial(square, above, scope));
  const quotient = divide4(top, polynomial(square, below, scope));
  const isSmall = keep(less4(square, constant(SATURATED * 8.99)));
  // For large x, x / 8 is beyond ±1 and clamped to it. NaN is not small, and stays NaN.
  const result = or4(
    and4(quotient, isSmall),
    without4(multiply4(bounded, constant(1 / 8)), isSmall),
  );
  return min4(max4(result, constant(-1)), constant(1));
}
