import type { QueueRow } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { findGrowing } from '../result/judge-content.ts'

/** A row's state as a user tells them apart. */
export type ShownState =
  | 'held'
  | 'queued'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'cancelling'
  | 'aborting'
  | 'done'
  | 'growing'
  | 'stopped'
  | 'failed'
  | 'interrupted'
  | 'cancelled'
  | 'aborted'

export function nameShownState(row: QueueRow): ShownState {
  const { life, job, isReleased } = row
  switch (life.state) {
    case 'waiting':
      return isReleased ? 'queued' : 'held'
    case 'starting':
    case 'running':
      return life.isStopping ? 'stopping' : life.state
    case 'failed':
      return life.error.code === 'E_GONE' ? 'interrupted' : 'failed'
    case 'cancelling':
      return job.task === 'record' ? 'aborting' : 'cancelling'
    case 'cancelled':
      return job.task === 'record' && (life.progress !== null || life.error.path !== null)
        ? 'aborted'
        : 'cancelled'
    case 'done':
      if (findGrowing(row) !== undefined) return 'growing'
      return life.figures.recording?.isStopped === true ? 'stopped' : 'done'
    default:
      return assertNever(life)
  }
}
