import type { QueueRow } from '../../../src-preload/contract.ts'

export interface QueueSums {
  readonly running: number
  readonly waiting: number
  readonly done: number
  readonly failed: number
  readonly cancelled: number
  /** Of rewrites that are done: what their inputs took, and what less their outputs take. */
  readonly inputBytes: number
  readonly savedBytes: number
}

/** The queue in a line. */
export function sumUpQueue(rows: readonly QueueRow[]): QueueSums {
  const sums = { running: 0, waiting: 0, done: 0, failed: 0, cancelled: 0, inputBytes: 0, savedBytes: 0 }
  for (const { life, job } of rows) {
    if (life.state === 'starting' || life.state === 'cancelling') sums.running++
    else sums[life.state]++
    if (life.state !== 'done' || job.task !== 'rewrite' || life.figures.inputBytes === null) continue
    sums.inputBytes += life.figures.inputBytes
    sums.savedBytes += life.figures.inputBytes - life.figures.bytesWritten
  }
  return sums
}
