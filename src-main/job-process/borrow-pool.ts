import { availableParallelism } from 'node:os'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import type { JobContext } from './job-context.ts'

/** Starting the threads takes as long as a small file does; the next job of the process takes those of the last. */
const LONGEST_WAIT_MS = 2000

let waiting: { readonly pool: FilterPool; readonly timer: NodeJS.Timeout } | undefined

/** Lends the context's filter threads, or threads that wait for the next work of this process; `threads` null: one a core. */
export async function borrowPool<T>(
  context: Pick<JobContext, 'pool'>,
  threads: number | null,
  work: (pool: FilterPool) => Promise<T>,
): Promise<T> {
  if (context.pool) return await work(context.pool)
  const pool = await takePool(threads ?? availableParallelism())
  try {
    const result = await work(pool)
    await keepPool(pool)
    return result
  } catch (error) {
    // A thread may be what failed, or still be at work for the job that did.
    await pool.close()
    throw error
  }
}

async function takePool(threads: number): Promise<FilterPool> {
  const taken = waiting
  waiting = undefined
  clearTimeout(taken?.timer)
  if (taken?.pool.threads === threads) return taken.pool
  await taken?.pool.close()
  return createFilterPool({ threads })
}

/** One at most: whoever works beside another job ends its own. */
async function keepPool(pool: FilterPool): Promise<void> {
  if (waiting !== undefined || pool.pending > 0) {
    await pool.close()
    return
  }
  const end = (): void => {
    waiting = undefined
    void pool.close()
  }
  waiting = { pool, timer: setTimeout(end, LONGEST_WAIT_MS).unref() }
}
