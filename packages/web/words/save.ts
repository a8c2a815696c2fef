/**
 * The texts of the buttons that save a figure.
 *
 * @module
 */

/** The texts. */
export const save = {
  as: (name: string, kind: string) => `Save “${name}” as ${kind}`,
  picture: "Network",
};
