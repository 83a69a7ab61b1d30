// How long rewriting takes with more cores: the slowest of the parts that work side by side, and the start-up.

/**
 * @typedef {object} Parts seconds
 * @property {number} start the whole command on ten events
 * @property {number} main processor time of the main thread, beyond the start
 * @property {number} codec filters of all chunks, on one core
 * @property {number} rest processor time of everything else: threads that read and write, the collection of garbage
 * @property {number} reading the source out of the page cache
 * @property {number} writing the output to the disk
 */

/**
 * @param {Parts} parts
 * @param {{ threads: number, cores: number }} machine threads for filters
 * @returns {{ seconds: number, bottleneck: string, limits: Record<string, number> }}
 */
export function predictSeconds(parts, { threads, cores }) {
  const limits = {
    'the main thread': parts.main,
    'the filter threads': parts.codec / threads,
    'all cores together': (parts.main + parts.codec + parts.rest) / cores,
    'reading the source': parts.reading,
    'writing the output': parts.writing,
  }
  const [bottleneck, seconds] = Object.entries(limits).reduce((most, limit) =>
    limit[1] > most[1] ? limit : most,
  )
  return { seconds: parts.start + seconds, bottleneck, limits }
}

/** How far the model is off: 0.1 is 10 % too long. */
export function findError(predicted, measured) {
  return predicted / measured - 1
}
