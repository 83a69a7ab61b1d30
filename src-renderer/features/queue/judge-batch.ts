import type { JobProgress, QueueRow } from '../../../src-preload/contract.ts'
import { computeJobShare, estimateRemainingSeconds } from './job-share.ts'
import { isActive, isOnTheWay } from './row-actions.ts'

export interface BatchFigures {
  readonly isRunning: boolean
  /** 0 to 1, every job the same weight: how big one is becomes known only when it runs. */
  readonly share: number
  /** Null where nothing can be foretold. */
  readonly remainingSeconds: number | null
}

export interface BatchInput {
  readonly rows: readonly QueueRow[]
  readonly progressById: ReadonlyMap<string, JobProgress>
  readonly jobsAtOnce: number
}

/** How far the jobs are that run together, and how long the rest will take if those that wait take as long as the others. */
export function judgeBatch({ rows, progressById, jobsAtOnce }: BatchInput): BatchFigures {
  const isRunning = rows.some(isOnTheWay)
  const shares = rows.map((row) =>
    isOnTheWay(row) ? (computeJobShare(row, progressById.get(row.id)) ?? 0) : 1,
  )
  const share = rows.length === 0 ? 0 : shares.reduce((sum, part) => sum + part, 0) / rows.length
  if (!isRunning) return { isRunning, share, remainingSeconds: null }
  const active = rows.filter(isActive)
  const left = active.map((row) => foretell(row, progressById.get(row.id)))
  const wholes = [...listDurations(rows), ...left.flatMap((part) => (part === null ? [] : part.whole))]
  if (wholes.length === 0 || left.some((part) => part === null))
    return { isRunning, share, remainingSeconds: null }
  const mean = wholes.reduce((sum, seconds) => sum + seconds, 0) / wholes.length
  const waitingCount = rows.filter((row) => isOnTheWay(row) && !isActive(row)).length
  const work = left.reduce((sum, part) => sum + (part?.left ?? 0), 0) + mean * waitingCount
  const atOnce = Math.max(1, Math.min(jobsAtOnce, active.length + waitingCount))
  const longest = Math.max(0, ...left.map((part) => part?.left ?? 0))
  return { isRunning, share, remainingSeconds: Math.max(longest, work / atOnce) }
}

function foretell(
  row: QueueRow,
  progress: JobProgress | undefined,
): { readonly left: number; readonly whole: number } | null {
  const seconds = progress?.seconds ?? 0
  const left = estimateRemainingSeconds(computeJobShare(row, progress), seconds)
  return left === null ? null : { left, whole: seconds + left }
}

function listDurations(rows: readonly QueueRow[]): number[] {
  return rows.flatMap(({ life }) => (life.state === 'done' ? life.figures.seconds : []))
}
