import type { QueueRow } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'

/** A row's state as a user tells them apart. */
export type ShownState =
  | 'held'
  | 'queued'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'cancelling'
  | 'done'
  | 'failed'
  | 'interrupted'
  | 'cancelled'

export function nameShownState({ life, isReleased }: QueueRow): ShownState {
  switch (life.state) {
    case 'waiting':
      return isReleased ? 'queued' : 'held'
    case 'starting':
    case 'running':
      return life.isStopping ? 'stopping' : life.state
    case 'failed':
      return life.error.code === 'E_GONE' ? 'interrupted' : 'failed'
    case 'cancelling':
    case 'done':
    case 'cancelled':
      return life.state
    default:
      return assertNever(life)
  }
}
