/**
 * All texts of the page in English, by subject in the files of `words/`. A translation is a folder
 * of the same shape.
 *
 * @module
 */
import { page } from "./words/page.ts";
import { picture } from "./words/picture.ts";
import { setup } from "./words/setup.ts";
import { shared } from "./words/shared.ts";
import { training } from "./words/training.ts";

export { count, figure, percent } from "./words/numbers.ts";

/** The texts of the page of texts. */
export const words = { ...page, ...setup, ...picture, ...training, ...shared };
