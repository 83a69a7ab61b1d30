import type { QueueRow } from '../../../src-preload/contract.ts'

/** What can be done with a row now; each of them is a plain look at the row. */

/** Waits and is not wanted yet, or an earlier session did not finish it. */
export function canStart({ life, isReleased, isUnfinished }: QueueRow): boolean {
  return life.state === 'waiting' ? !isReleased : isUnfinished && hasEnded(life)
}

/** Wanted, but not begun: that can be taken back. */
export function canHold({ life, isReleased }: QueueRow): boolean {
  return life.state === 'waiting' && isReleased
}

/** A recording is not cancelled: it is stopped or aborted. */
export function canCancel({ job, life }: QueueRow): boolean {
  return job.task !== 'record' && (life.state === 'starting' || life.state === 'running')
}

/** Ends at once; what came is kept. */
export function canAbort({ job, life }: QueueRow): boolean {
  return job.task === 'record' && (life.state === 'starting' || life.state === 'running')
}

/** A recording that runs and was not told to end yet. */
export function canStopRecording({ job, life }: QueueRow): boolean {
  const isWorking = life.state === 'starting' || life.state === 'running'
  return job.task === 'record' && isWorking && !life.isStopping
}

export function canRetry(row: QueueRow): boolean {
  return hasFailed(row)
}

/** Has it ended without being done? */
export function hasFailed({ life }: QueueRow): boolean {
  return life.state === 'failed' || life.state === 'cancelled'
}

export function canRemove(row: QueueRow): boolean {
  return !isActive(row)
}

/** Does a process work on it? */
export function isActive({ life }: QueueRow): boolean {
  return life.state === 'starting' || life.state === 'running' || life.state === 'cancelling'
}

/** Will more become of it without the user doing anything? */
export function isOnTheWay(row: QueueRow): boolean {
  return isActive(row) || canHold(row)
}

function hasEnded({ state }: QueueRow['life']): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
