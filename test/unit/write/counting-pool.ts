import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { getPool } from './file-fixture.ts'

/** A pool that counts what it decodes. */
export function countDecodes(): { readonly pool: FilterPool; readonly count: number } {
  const pool = getPool()
  let count = 0
  const decode: FilterPool['decode'] = (encoded, task) => {
    count++
    return pool.decode(encoded, task)
  }
  const { threads, pending } = pool
  const counting: FilterPool = {
    threads,
    pending,
    decode,
    encode: (raw, task) => pool.encode(raw, task),
    compare: (pieces, task) => pool.compare(pieces, task),
    measure: (raw, task) => pool.measure(raw, task),
    check: (encoded, task) => pool.check(encoded, task),
    recode: (encoded, task) => {
      count++
      return pool.recode(encoded, task)
    },
    close: () => pool.close(),
  }
  return {
    pool: counting,
    get count() {
      return count
    },
  }
}
