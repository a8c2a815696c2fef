/**
 * Mixing of two classifiers, with weights that are fitted on held-out examples.
 *
 * @module
 */

/** The weights a and b of a mix: p = softmax(a ln p_network + b ln p_linear). */
export interface Mix {
  /** The weight a of the network; without a linear classifier, it is 1 / temperature. */
  network: number;
  /** The weight b of the linear classifier. */
  linear: number;
}

/** Converts logits to log-probabilities in place, row by row: y - ln Σ exp(y). */
export function logSoftmaxRows<T extends Float32Array<ArrayBuffer> | Float64Array>(
  logits: T,
  classes: number,
): T {
  for (let from = 0; from < logits.length; from += classes) {
    let most = -Infinity, sum = 0;
    for (let c = 0; c < classes; c++) most = Math.max(most, logits[from + c]);
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[from + c] - most);
    const by = most + Math.log(sum);
    for (let c = 0; c < classes; c++) logits[from + c] -= by;
  }
  return logits;
}

const ITERATIONS = 50, ENOUGH = 1e-9; // of Newton's method: the maximum, and the smallest step
// A prior around the usual mix, for few examples: in 54 runs on 100 to 300 texts of six data sets,
// whose validation splits have 15 to 45, it gained a point over one that is worth one example.
const USUAL: Mix = { network: 0.3, linear: 1 }, PRIOR = 10; // its weight, in examples

/** The log-probabilities of two classifiers on the same examples. */
export interface Rivals {
  /** ln p of the network, `[examples, labels]`. */
  network: Float64Array<ArrayBuffer>;
  /** ln p of the linear classifier, `[examples, labels]`; undefined for the network alone. */
  linear?: Float64Array<ArrayBuffer>;
  /** The index of the right label of each example. */
  labels: Int32Array;
}

/** Computes the mean cross-entropy of a mix, in nats. */
export function mixedLoss({ network, linear, labels }: Rivals, mix: Mix): number {
  const classes = network.length / labels.length;
  const z = logSoftmaxRows(
    network.map((each, k) => mix.network * each + mix.linear * (linear?.[k] ?? 0)),
    classes,
  );
  return -labels.reduce((sum, label, i) => sum + z[i * classes + label], 0) / labels.length;
}

/**
 * Finds the mix with the lowest cross-entropy by Newton's method: logistic regression on two
 * log-probabilities, which combines temperature scaling (Guo et al. 2017) with mixing.
 */
export function fitMix(rivals: Rivals): Mix {
  const { linear } = rivals;
  const both = newton(rivals, [true, linear !== undefined]);
  if (linear === undefined || both.network >= 0 && both.linear >= 0) return both;
  // The loss is convex: if its minimum has a negative weight, the best allowed one sets it to 0.
  return newton(rivals, both.linear < 0 ? [true, false] : [false, true]);
}

/** Computes the loss summed over all examples, and its first and second derivatives by a and b. */
function derivatives({ network, linear, labels }: Rivals, a: number, b: number) {
  const classes = network.length / labels.length, z = new Float64Array(classes);
  let loss = 0;
  const g = [0, 0], h = [0, 0, 0];
  for (const [i, label] of labels.entries()) {
    const from = i * classes;
    for (let c = 0; c < classes; c++) z[c] = a * network[from + c] + b * (linear?.[from + c] ?? 0);
    logSoftmaxRows(z, classes);
    loss -= z[label];
    let [mx, my, mxx, mxy, myy] = [0, 0, 0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const p = Math.exp(z[c]), x = network[from + c], y = linear?.[from + c] ?? 0;
      mx += p * x;
      my += p * y;
      mxx += p * x * x;
      mxy += p * x * y;
      myy += p * y * y;
    }
    g[0] += mx - network[from + label];
    g[1] += my - (linear?.[from + label] ?? 0);
    h[0] += mxx - mx * mx;
    h[1] += mxy - mx * my;
    h[2] += myy - my * my;
  }
  return { loss, g, h };
}

/** Minimizes the loss plus the prior over the selected weights; the others are 0. */
function newton(rivals: Rivals, [hasNetwork, hasLinear]: [boolean, boolean]): Mix {
  const usual = hasNetwork && hasLinear ? USUAL : { network: 1, linear: 1 };
  const startA = hasNetwork ? usual.network : 0, startB = hasLinear ? usual.linear : 0;
  const at = (a: number, b: number) => {
    const { loss, g: [ga, gb], h: [haa, hab, hbb] } = derivatives(rivals, a, b);
    const [da, db] = [a - startA, b - startB];
    return {
      ...{ a, b, loss: loss + PRIOR * (da * da + db * db) / 2 },
      ga: hasNetwork ? ga + PRIOR * da : 0,
      gb: hasLinear ? gb + PRIOR * db : 0,
      ...{ haa: haa + PRIOR, hab: hasNetwork && hasLinear ? hab : 0, hbb: hbb + PRIOR },
    };
  };
  let here = at(startA, startB);
  for (let n = 0; n < ITERATIONS; n++) {
    const { a, b, ga, gb, haa, hab, hbb } = here, determinant = haa * hbb - hab * hab;
    const da = (hbb * ga - hab * gb) / determinant, db = (haa * gb - hab * ga) / determinant;
    if (Math.abs(da) < ENOUGH && Math.abs(db) < ENOUGH) break;
    let next = at(a - da, b - db); // far from the minimum, Newton's step may be too long
    for (let by = 0.5; !(next.loss <= here.loss) && by > ENOUGH; by /= 2) {
      next = at(a - by * da, b - by * db);
    }
    if (!(next.loss <= here.loss)) break;
    here = next;
  }
  return { network: here.a, linear: here.b };
}

const ROUNDS = 3, HALVINGS = 12; // each round searches both weights in this many golden sections
const MOST_WEIGHT = 2; // the upper bound of both weights
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Finds the mix with the lowest loss, for a convex loss without derivatives: golden-section search
 * over one weight at a time.
 *
 * @param mixes Whether to search the weight of the linear model; otherwise it is 0.
 */
export function leastMix(lossOf: (mix: Mix) => number, mixes: boolean): Mix {
  const mix: Mix = { network: 1, linear: 0 };
  const search = (name: keyof Mix) => {
    const at = (weight: number) => lossOf({ ...mix, [name]: weight });
    let low = 0, high = MOST_WEIGHT;
    let [x, y] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let [atX, atY] = [at(x), at(y)];
    for (let k = 0; k < HALVINGS; k++) {
      if (atX <= atY) {
        [high, y, atY] = [y, x, atX];
        atX = at(x = high - GOLDEN * (high - low));
      } else {
        [low, x, atX] = [x, y, atY];
        atY = at(y = low + GOLDEN * (high - low));
      }
    }
    const best = (low + high) / 2;
    if (at(best) < lossOf(mix)) mix[name] = best;
  };
  for (let round = 0; round < (mixes ? ROUNDS : 1); round++) {
    if (mixes) search("linear");
    search("network");
  }
  return mix;
}
