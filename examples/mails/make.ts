/**
 * Makes short mails to a shop, and the folder that each belongs to. Sentences are put together at
 * random, with greetings, typing errors and, in one mail of eight, a sentence on something else, so
 * that single words do not settle it.
 *
 *     deno run --allow-write examples/mails/make.ts
 *
 * @module
 */
import { Random } from "@unroll/core";

const TRAIN = 600, TEST = 200;
const TYPING_ERRORS = 0.04; // of words
const ASIDES = 1 / 8; // of mails

const random = new Random(3);
const below = (n: number) => Math.floor(random.uniform() * n);
const pick = (some: readonly string[]) => some[below(some.length)];

const THINGS = [
  ..."lamp,kettle,jacket,pair of boots,phone case,desk,coffee grinder,backpack,tent,keyboard".split(
    ",",
  ),
];
const thing = () => pick(THINGS);
const number = () => String(10_000 + below(90_000));

/** Sentences by folder. */
const SENTENCES: Record<string, (() => string)[]> = {
  billing: [
    () => `I was charged twice for order ${number()}`,
    () => `The invoice for my ${thing()} shows the wrong amount`,
    () => `My card was charged but I never finished the order`,
    () => `Can you send the invoice for order ${number()} to our accounting`,
    () => `The discount code did not change the total I paid`,
    () => `When will the refund for order ${number()} be on my card`,
    () => `You took more money than the price on the page`,
  ],
  delivery: [
    () => `My ${thing()} has not arrived yet`,
    () => `The tracking page has not changed for ${2 + below(8)} days`,
    () => `Where is order ${number()}`,
    () => `The parcel was left with a neighbor who does not exist`,
    () => `Can you deliver the ${thing()} to another address`,
    () => `It says delivered but nothing came`,
    () => `How long does shipping of a ${thing()} take`,
  ],
  returns: [
    () => `I want to send the ${thing()} back`,
    () => `The ${thing()} is too small and I need another size`,
    () => `The ${thing()} broke after ${1 + below(6)} weeks`,
    () => `How do I return order ${number()}`,
    () => `I received a ${thing()} but ordered a ${thing()}`,
    () => `Please send a label so that I can return it`,
    () => `The ${thing()} came damaged and I would like a new one`,
  ],
  account: [
    () => `I cannot log in to my account`,
    () => `The link to reset my password does not work`,
    () => `Please delete my account and all my data`,
    () => `How do I change the email address of my account`,
    () => `I get an error each time I sign in`,
    () => `The code you sent to my phone is refused`,
    () => `My account shows orders that are not mine`,
  ],
  praise: [
    () => `The ${thing()} is wonderful, thank you`,
    () => `Best ${thing()} I ever had`,
    () => `Your support was quick and kind`,
    () => `Just wanted to say that the ${thing()} works very well`,
    () => `It arrived a day early and looks great`,
    () => `I am very happy with order ${number()}`,
    () => `Everything went well, I will order again`,
  ],
};
const FOLDERS = Object.keys(SENTENCES);
const GREETINGS = ["Hello,", "Hi,", "Hi there,", "Good morning,", "Dear team,", "", "", ""];
const ENDINGS = ["Thanks", "Best regards", "Please reply soon", "Kind regards", "", "", "", ""];

/** A word with two letters exchanged, or one left out. */
function mistyped(word: string): string {
  if (word.length < 4) return word;
  const at = 1 + below(word.length - 2);
  return random.uniform() < 0.5
    ? word.slice(0, at) + word.slice(at + 1)
    : word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
}

function mail(folder: string): string {
  const sentences = [sentenceOf(folder)];
  if (random.uniform() < 0.4) sentences.push(sentenceOf(folder));
  if (random.uniform() < ASIDES) sentences.unshift(sentenceOf(pick(FOLDERS)));
  const text = [pick(GREETINGS), ...sentences.map((each) => `${each}.`), pick(ENDINGS)]
    .filter((part) => part !== "").join(" ");
  return text.split(" ")
    .map((word) => random.uniform() < TYPING_ERRORS ? mistyped(word) : word).join(" ");
}

function sentenceOf(folder: string): string {
  const some = SENTENCES[folder];
  return some[below(some.length)]();
}

async function write(name: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => {
    const folder = FOLDERS[i % FOLDERS.length];
    return `"${mail(folder)}",${folder}`;
  });
  random.shuffle(rows);
  await Deno.writeTextFile(
    new URL(name, import.meta.url),
    `text,label\n${rows.join("\n")}\n`,
  );
}

await write("train.csv", TRAIN);
await write("test.csv", TEST);
