/**
 * The words of the tab of gestures.
 *
 * @module
 */

/** The words. */
export const gestures = {
  tab: "Gestures",
  title: "Gestures",
  lede: "Draw three shapes, and the network learns to tell them apart.",
};
