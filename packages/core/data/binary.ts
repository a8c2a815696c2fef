/**
 * Recognizes binary files by their first bytes.
 *
 * @module
 */

const KINDS: readonly (readonly [begin: string, what: string, cure: string])[] = [
  ["\x1f\x8b", "compressed by gzip", "decompress it"],
  ["PK\x03\x04", "a ZIP archive, as .zip and .xlsx files are", "unpack it, or save it as CSV"],
  ["%PDF-", "a PDF file", "save its text as a .txt file"],
  ["PAR1", "a Parquet file", "save it as CSV or JSON Lines"],
  ["\xd0\xcf\x11\xe0", "an old Office file, such as .xls", "save it as CSV"],
  ["SQLite format 3", "an SQLite database", "save one of its tables as CSV"],
  ["\x89PNG", "an image", "give a text file"],
  ["\xff\xd8\xff", "an image", "give a text file"],
  ["BZh", "compressed by bzip2", "decompress it"],
  ["\xfd7zXZ", "compressed by xz", "decompress it"],
  ["7z\xbc\xaf", "a 7-Zip archive", "unpack it"],
  ["\x28\xb5\x2f\xfd", "compressed by Zstandard", "decompress it"],
];
const UTF32 = ["\xff\xfe\0\0", "\0\0\xfe\xff"];

// bytes examined
const MARK_LENGTH = 16;

/** Returns what is wrong with a file that begins with these bytes; undefined if it may be text. */
export function binaryProblem(bytes: Uint8Array): string | undefined {
  const beginning = String.fromCharCode(...bytes.subarray(0, MARK_LENGTH));
  if (UTF32.some((mark) => beginning.startsWith(mark))) return "is UTF-32; save the file as UTF-8";
  const [, what, cure] = KINDS.find(([begin]) => beginning.startsWith(begin)) ?? [];
  // A text may begin with "BZh" or "PAR1"; a binary file also has bytes other than printable ASCII.
  const isText = !/[^\t\r\n -~]/.test(beginning) && !beginning.startsWith("%PDF-");
  return what === undefined || isText ? undefined : `is ${what}; ${cure}`;
}
