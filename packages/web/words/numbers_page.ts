/**
 * The texts around the tabs of the page of numbers.
 *
 * @module
 */

/** The texts. */
export const numbersPage = {
  title: "Unroll: forecasts and gestures by a recurrent network",
  lede: "Watch a recurrent network learn from numbers over time. It trains in this tab, on your " +
    "machine; nothing is sent anywhere.",
  tabs: "What to learn",
  names: { forecast: "Forecast", gestures: "Gestures" },
};
