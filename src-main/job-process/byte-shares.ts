const MIB = 2 ** 20

/**
 * What a job may hold in memory of the data that pass through it: 96 MiB at most, however large the file. Each part has its share, and
 * whoever finds his full waits for the one behind him: reader for queue, queue for threads, threads for disk.
 */
export const BYTE_SHARES = {
  /** All features of the events that are read at one time. */
  slab: 8 * MIB,
  /** The write queue. */
  queue: 32 * MIB,
  /** Frames of a recording that arrived and were not sorted yet; a rewrite has none. */
  events: 24 * MIB,
  /** Chunks in the filter threads and on their way to the disk. Two of the usual 1 MiB for each of 12 threads. */
  inFlight: 24 * MIB,
  /** Chunks that are not full yet: at most one of the usual 1 MiB for each feature with images. */
  tails: 8 * MIB,
} as const
