import type { QueueRow } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { measureCompression } from '../result/compare-sizes.ts'
import { findGrowing } from '../result/judge-content.ts'

export interface QueueSums {
  readonly running: number
  /** Starts as soon as there is room. */
  readonly queued: number
  /** Waits for somebody to start it. */
  readonly notStarted: number
  readonly done: number
  readonly failed: number
  readonly interrupted: number
  readonly cancelled: number
  /** Done, while their inputs were still being written. */
  readonly growing: number
  /** Of rewrites that are done: what that of their inputs takes which they kept, and what less it takes in the outputs. */
  readonly inputBytes: number
  readonly savedBytes: number
}

/** The queue in a line. */
export function sumUpQueue(rows: readonly QueueRow[]): QueueSums {
  const sums = {
    ...{ running: 0, queued: 0, notStarted: 0, done: 0, failed: 0, interrupted: 0, cancelled: 0 },
    ...{ growing: 0, inputBytes: 0, savedBytes: 0 },
  }
  for (const row of rows) {
    sums[nameSum(row)]++
    const { life, job } = row
    if (life.state !== 'done') continue
    if (findGrowing(row) !== undefined) sums.growing++
    const compressed = job.task === 'rewrite' ? measureCompression(life.figures, job) : null
    sums.inputBytes += compressed?.before ?? 0
    sums.savedBytes += compressed?.savedBytes ?? 0
  }
  return sums
}

function nameSum({ life, isReleased }: QueueRow) {
  switch (life.state) {
    case 'waiting':
      return isReleased ? 'queued' : 'notStarted'
    case 'starting':
    case 'running':
    case 'cancelling':
      return 'running'
    case 'failed':
      return life.error.code === 'E_GONE' ? 'interrupted' : 'failed'
    case 'done':
    case 'cancelled':
      return life.state
    default:
      return assertNever(life)
  }
}
