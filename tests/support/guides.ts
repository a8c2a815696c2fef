/**
 * The repository's files, and the code blocks of its guides.
 *
 * @module
 */

/** The repository's folder. */
export const ROOT = new URL("../../", import.meta.url);

/** The paths of the guides from there. */
export const GUIDES: readonly string[] = Array.from(
  Deno.readDirSync(new URL("docs", ROOT)),
  ({ name }) => `docs/${name}`,
).filter((name) => name.endsWith(".md"));

/**
 * Yields the paths of all files below a folder of the repository, without installed packages and
 * hidden folders, such as a virtual environment.
 *
 * @param folder A path that ends with a slash, or "" for the root.
 */
export async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (name.startsWith(".") || name === "node_modules") continue;
    if (isDirectory) yield* filesBelow(`${folder}${name}/`);
    else yield folder + name;
  }
}

/** Returns a document's code blocks in a language, without those marked with `ignore`. */
export function blocksOf(text: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm");
  return Array.from(text.matchAll(pattern), ([, block]) => block);
}

/** Returns the lines of a shell block, each joined with its continuation lines. */
export function linesOf(block: string): string[] {
  return block.replaceAll(/ *\\\n\s*/g, " ").split("\n");
}
