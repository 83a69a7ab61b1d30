import type { EncodedChunk, FilterPool, FilterTask } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { decodeChunk, measureWays } from '../../../../src-main/hdf5/filters/filter-steps.ts'
import { checkProven, encodeProven, findChanged } from '../../../../src-main/hdf5/filters/prove-chunk.ts'

/** The filters without threads; every promise still takes its turns. */
export function createInlinePool(changes: Partial<FilterPool> = {}): FilterPool {
  const encode = (raw: Uint8Array<ArrayBuffer>, task: FilterTask): EncodedChunk => {
    const { encoded, proof } = encodeProven(raw, task)
    return { bytes: new Uint8Array(encoded), proof }
  }
  return {
    threads: 1,
    pending: 0,
    async encode(raw, task) {
      return encode(raw, task)
    },
    async recode(encoded, { from, to }) {
      return encode(decodeChunk(encoded, from), to)
    },
    async check(run, task) {
      return { bytes: run, proofs: checkProven(run, task) }
    },
    async decode(encoded, task) {
      return decodeChunk(encoded, task)
    },
    async measure(raw, task) {
      return measureWays(raw, task)
    },
    async compare(pieces, task) {
      return findChanged(pieces, task)
    },
    close: () => Promise.resolve(),
    ...changes,
  }
}
