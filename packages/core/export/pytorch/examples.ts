/**
 * The part of `folder.py` that reads examples and builds batches.
 *
 * @module
 */

/** The classes that read token ids from shards. */
const SHARDS = `
class Shards:
    """Pairs of lists of numbers, read on demand from files in data/."""

    def __init__(self, name):
        self.shards, self.places, self.sizes = [], [], []
        for file, count, numbers in json.loads((HERE / f"data/{name}.json").read_text()):
            ids = torch.from_file(str(HERE / "data" / file), size=numbers, dtype=torch.int32)
            both = ids[: 2 * count].view(count, 2).long()  # the lengths of a pair's two lists
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
    """Examples: inputs and targets, as numbers."""

    def __init__(self, name, batch_size, seed=NoneSTEPS):
        """Without a seed, examples stay in the order of the data."""
        super().__init__(name)
        self.batch_size, self.seed = batch_size, seedOWN
        self.lengths = [LENGTH for read, learned in self.sizes]
`;

const ORDER = `
    def like_length(self, order, random):
        """Groups examples of similar length into batches, which keeps padding low."""
        size, span = self.batch_size, 16 * self.batch_size
        if randomCONDITION:
            for start in range(0, len(order), span):
                order[start : start + span] = sorted(order[start : start + span], key=self.lengths.__getitem__)
        starts = list(range(0, len(order), size))
        if randomCONDITION:
            random.shuffle(starts)
        return [order[start : start + size] for start in starts]

    def batches(self, epoch=None):
        """The batches of an epoch, shuffled if there is a seed; without an epoch, in data order."""
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
        # Chunks of all documents in parallel streams, which carry their state from chunk to chunk.
        steps, streams = self.time_steps, self.batch_size
        if epoch is None:  # few streams, because each starts without context
            steps, streams = 64, max(1, min(32, sum(self.lengths) // 4096))
        chunks = [(i, at, min(at + steps, self.lengths[i]))
                  for i in order for at in range(0, self.lengths[i], steps)]
        streams = min(streams, len(chunks))
        firsts = [len(chunks) * stream // streams for stream in range(streams + 1)]
        at = lambda stream, t: chunks[firsts[stream] + t] if firsts[stream] + t < firsts[stream + 1] else None
        return [[at(stream, t) for stream in range(streams)] for t in range(-(-len(chunks) // streams))]

    def carried(self, state, batch):
        """The initial states of a batch's chunks: zeros at the start of a document."""
        goes_on = torch.tensor([chunk is not None and chunk[1] > 0 for chunk in batch], device=DEVICE)
        if state is None or not goes_on.any():
            return None
        return tuple(part.detach() * goes_on[None, :, None] for part in state)
`;

/** The task-specific parts of the Python class `Examples`. */
export interface ExamplesParts {
  /** A Python expression for an example's length, from the counts `read` and `learned`. */
  length: string;
  /** The methods `batch`, which pads examples to a batch, and `targets`, which counts targets. */
  methods: string;
  /** Further lines of `__init__`. Default: none. */
  lines?: readonly string[];
  /** Whether documents are cut into chunks and read in parallel streams. */
  isStream?: boolean;
  /** Whether examples are also sorted by length, and batches shuffled, with a batch size of 1. */
  isAlwaysSorted?: boolean;
}

/** Returns the Python class `Examples`, which reads its examples from shards. */
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

/** The functions that gather and split states, as streams are distributed among processes. */
const STATES = `

def whole(state):
    """Gathers the states of all streams from all processes."""
    wholes = []
    for part in state or ():
        parts = everyone(part.cpu())
        size = sum(each.shape[1] for each in parts)
        wholes.append(torch.empty(part.shape[0], size, part.shape[2]))
        for rank, each in enumerate(parts):
            wholes[-1][:, rank::WORLD] = each
    return wholes


def cut(states):
    """Selects the states of this process's streams."""
    return tuple(part[:, RANK::WORLD].to(DEVICE) for part in states) or None
`;
