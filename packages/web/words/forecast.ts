/**
 * The words of the tab of forecasts.
 *
 * @module
 */

/** The words. */
export const forecast = {
  tab: "Forecast",
  title: "Forecast",
  lede: "A recurrent network reads a series and says how it goes on.",
};
