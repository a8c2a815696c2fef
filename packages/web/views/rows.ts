/**
 * The rows of the picture's grid: predictions, layers with arrows between them, words.
 *
 * @module
 */

// Heights in pixels: of a strip, per unit, and at most on a phone, where a column must fit.
const SHORTEST = 132, TALLEST = 228, EACH_UNIT = 4, TALLEST_ON_PHONE = 160;
const CLOSED = 56; // pixels of a layer that is not open
const ARROW = "1.5rem", CAPTION_AND_ARROW = "2.6rem";

/** Returns the row numbers, from 1; the top layer comes first. */
export function rowOf(layers: number) {
  const foot = 3 + 2 * layers;
  return {
    prediction: 1,
    layer: (layer: number) => 3 + 2 * (layers - 1 - layer),
    foot,
    below: foot + 1,
  };
}

/** Returns the heights of all rows. */
export function rowHeights(
  { layers, hidden }: { layers: number; hidden: number },
  { open, hasCaptions }: { open: number; hasCaptions: boolean },
): string {
  const tallest = matchMedia("(max-width: 48rem)").matches ? TALLEST_ON_PHONE : TALLEST;
  const height = Math.max(SHORTEST, Math.min(tallest, EACH_UNIT * hidden));
  const ofLayers = Array.from(
    { length: layers },
    (_, layer) =>
      layer === open
        ? `${height}px ${hasCaptions ? CAPTION_AND_ARROW : ARROW}`
        : `${CLOSED}px ${ARROW}`,
  ).reverse();
  return `auto ${ARROW} ${ofLayers.join(" ")} auto auto`;
}
