/**
 * The words of what is saved beside a picture.
 *
 * @module
 */

/** The words. */
export const save = {
  as: (name: string, kind: string) => `Save “${name}” as ${kind}`,
  picture: "Network",
};
