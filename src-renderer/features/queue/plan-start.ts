import type { OutputState, QueueRow } from '../../../src-preload/contract.ts'

/** A row that is to run, and how: one that waits is started, one that has ended is run again. */
export interface PlannedStart {
  readonly id: string
  readonly how: 'start' | 'retry'
  /** Files that would be replaced; the user is asked about them. */
  readonly replaces: readonly string[]
  /** May it replace already, by its own settings? */
  readonly isReplaceSet: boolean
  /** It takes up again what it began itself: its own temporary file gives way without a question. */
  readonly isOwnLeftover: boolean
}

/**
 * What each row would replace: its output where its settings say so, and a temporary file that an earlier job left; but for the one
 * that it left itself when Weir was ended in the middle of it. An output that must not be replaced is no question: that job fails and
 * says so.
 */
export function planStart(
  rows: readonly QueueRow[],
  states: readonly OutputState[],
): readonly PlannedStart[] {
  const stateById = new Map(states.map((state) => [state.id, state]))
  return rows.map((row) => {
    const state = stateById.get(row.id)
    const isReplaceSet = row.collision === 'replace'
    const output = isReplaceSet && state?.exists === true ? [state.output] : []
    const leftover = state?.leftoverPath ?? row.leftoverPath
    const how = row.life.state === 'waiting' ? 'start' : 'retry'
    // Where the output is there, too, allowing one would allow both.
    const isOwnLeftover = leftover !== null && isInterrupted(row) && state?.exists === false
    const replaces = [...output, ...(leftover === null || isOwnLeftover ? [] : [leftover])]
    return { id: row.id, how, isReplaceSet, isOwnLeftover, replaces }
  })
}

/** What a recording left may be all that there is of it. */
function isInterrupted({ job, life, isUnfinished }: QueueRow): boolean {
  return isUnfinished && job.task !== 'record' && life.state === 'failed' && life.error.code === 'E_GONE'
}

/** As `planStart` for rows that have ended: one that failed because something stood in its way may only go on by replacing it. */
export function planRetry(row: QueueRow): PlannedStart {
  const isInTheWay = row.life.state === 'failed' && row.life.error.code === 'E_EXISTS'
  const output = isInTheWay ? [row.life.error.path ?? row.job.output] : []
  const leftover = row.leftoverPath === null ? [] : [row.leftoverPath]
  const replaces = [...new Set([...output, ...leftover])]
  return {
    id: row.id,
    how: 'retry',
    isReplaceSet: row.collision === 'replace',
    isOwnLeftover: false,
    replaces,
  }
}
