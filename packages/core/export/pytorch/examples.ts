/**
 * How `folder.py` reads examples and makes batches of them.
 *
 * @module
 */

/** Ids from shards. */
const SHARDS = `
class Shards:
    """Pairs of lists of numbers, read from files in data/ as they are asked for."""

    def __init__(self, name):
        self.shards, self.places, self.sizes = [], [], []
        for file, count, numbers in json.loads((HERE / f"data/{name}.json").read_text()):
            ids = torch.from_file(str(HERE / "data" / file), size=numbers, dtype=torch.int32)
            both = ids[: 2 * count].view(count, 2).long()  # how long the two lists of a pair are
            starts = 2 * count + both.sum(1).cumsum(0) - both.sum(1)
            self.places += [(len(self.shards), start) for start in starts.tolist()]
            self.shards.append(ids)
            self.sizes += both.tolist()

    def __len__(self):
        return len(self.sizes)

    def __getitem__(self, i):
        (shard, start), sizes = self.places[i], self.sizes[i]
        return self.shards[shard][start : start + sum(sizes)].split(sizes)


class Examples(Shards):
    """Examples: what is read and what is learned, as numbers."""

    def __init__(self, name, batch_size, seed=NoneSTEPS):
        """Without a seed they stay in the order of the data."""
        super().__init__(name)
        self.batch_size, self.seed = batch_size, seedOWN
        self.lengths = [LENGTH for read, learned in self.sizes]
`;

const ORDER = `
    def like_length(self, order, random):
        """The examples of each batch: of like length, so that there is little padding."""
        size, span = self.batch_size, 16 * self.batch_size
        if randomCONDITION:
            for start in range(0, len(order), span):
                order[start : start + span] = sorted(order[start : start + span], key=self.lengths.__getitem__)
        starts = list(range(0, len(order), size))
        if randomCONDITION:
            random.shuffle(starts)
        return [order[start : start + size] for start in starts]

    def batches(self, epoch=None):
        """The batches of an epoch in their order; without one, all as they are."""
        order = list(range(len(self)))
        random = Random(self.seed, 1, epoch) if self.seed is not None and epoch is not None else None
        if random:
            random.shuffle(order)
`;

const LIKE_LENGTH = `        return self.like_length(order, random)
`;

const STREAMS = `        if max(self.lengths) <= self.time_steps:
            batches = self.like_length(order, random)
            return [[(i, 0, self.lengths[i]) for i in batch] for batch in batches]
        # Chunks of all documents in streams side by side, which carry their state from chunk to chunk.
        steps, streams = self.time_steps, self.batch_size
        if epoch is None:  # few streams, as each begins without a past
            steps, streams = 64, max(1, min(32, sum(self.lengths) // 4096))
        chunks = [(i, at, min(at + steps, self.lengths[i]))
                  for i in order for at in range(0, self.lengths[i], steps)]
        streams = min(streams, len(chunks))
        firsts = [len(chunks) * stream // streams for stream in range(streams + 1)]
        at = lambda stream, t: chunks[firsts[stream] + t] if firsts[stream] + t < firsts[stream + 1] else None
        return [[at(stream, t) for stream in range(streams)] for t in range(-(-len(chunks) // streams))]

    def carried(self, state, batch):
        """The states that streams go on with: zeros where a document begins."""
        goes_on = torch.tensor([chunk is not None and chunk[1] > 0 for chunk in batch], device=DEVICE)
        if state is None or not goes_on.any():
            return None
        return tuple(part.detach() * goes_on[None, :, None] for part in state)
`;

/** What a task's examples are in Python. */
export interface ExamplesParts {
  /** How long an example is, of the numbers that are \`read\` and \`learned\`. */
  length: string;
  /** The methods \`batch\`, which puts examples side by side, and \`targets\`, which counts them. */
  methods: string;
  /** Lines of `__init__` of its own. */
  lines?: readonly string[];
  /** Whether documents are read in streams. */
  isStream?: boolean;
  /** Whether batches of one are sorted and drawn too. */
  isAlwaysSorted?: boolean;
}

/** The class \`Examples\` of examples in shards. */
export function examplesOf(
  { length, methods, lines = [], isStream, isAlwaysSorted }: ExamplesParts,
): string {
  const own = isStream ? ["self.time_steps = time_steps", ...lines] : lines;
  return SHARDS.replace("LENGTH", length)
    .replace("STEPS", isStream ? ", time_steps=50" : "")
    .replace("OWN", own.map((line) => `\n        ${line}`).join("")) +
    ORDER.replaceAll("CONDITION", isAlwaysSorted ? "" : " and size > 1") +
    (isStream ? STREAMS : LIKE_LENGTH) + methods + (isStream ? STATES : "");
}

/** States of streams that are shared out among processes. */
const STATES = `

def whole(state):
    """The states of all streams, from those that each process has."""
    wholes = []
    for part in state or ():
        parts = everyone(part.cpu())
        size = sum(each.shape[1] for each in parts)
        wholes.append(torch.empty(part.shape[0], size, part.shape[2]))
        for rank, each in enumerate(parts):
            wholes[-1][:, rank::WORLD] = each
    return wholes


def cut(states):
    """Those of this process."""
    return tuple(part[:, RANK::WORLD].to(DEVICE) for part in states) or None
`;
