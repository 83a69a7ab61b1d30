import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import type { JobContext } from './job-context.ts'

/** Lends the context's filter threads, or threads of its own that end with the work; `threads` null: one a core. */
export async function borrowPool<T>(
  context: Pick<JobContext, 'pool'>,
  threads: number | null,
  work: (pool: FilterPool) => Promise<T>,
): Promise<T> {
  if (context.pool) return await work(context.pool)
  const pool = createFilterPool(threads === null ? {} : { threads })
  try {
    return await work(pool)
  } finally {
    await pool.close()
  }
}
