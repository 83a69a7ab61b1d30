import type { QueueRow } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'

export type ResultAction =
  | 'retry'
  | 'commonRows'
  | 'fillHoles'
  | 'replace'
  | 'showOutput'
  | 'showInput'
  | 'showLeftover'
  | 'showKept'
  | 'copy'

/** What can be done with a job that has ended, the first is what most will want. */
export function listResultActions(row: QueueRow): readonly ResultAction[] {
  switch (row.life.state) {
    case 'done':
      return ['showOutput', 'copy']
    case 'failed':
    case 'cancelled':
      return listActionsAfterFailure(row, row.life.error.code)
    case 'waiting':
      return row.leftoverPath === null ? [] : ['showLeftover']
    case 'starting':
    case 'running':
    case 'cancelling':
      return []
    default:
      return assertNever(row.life)
  }
}

function listActionsAfterFailure(row: QueueRow, code: string): readonly ResultAction[] {
  const showLeftover: readonly ResultAction[] = row.leftoverPath === null ? [] : ['showLeftover']
  const showInput: readonly ResultAction[] = row.input === null ? [] : ['showInput']
  const isInTheWay = row.leftoverPath !== null || code === 'E_EXISTS'
  if (findKeptRecording(row) !== null && row.leftoverPath !== null) return ['showKept', 'retry', 'copy']
  // What a recording left may be all that there is of it: Weir does not offer to replace it.
  if (isInTheWay && !(row.job.task === 'record' && row.leftoverPath !== null)) {
    return ['replace', 'retry', ...showLeftover, ...showInput, 'copy']
  }
  return [...listTolerant(row, code), 'retry', ...showLeftover, ...showInput, 'copy']
}

/** A file whose features are not whole can be taken as far as it goes. */
function listTolerant({ job, life }: QueueRow, code: string): readonly ResultAction[] {
  if (code === 'E_LEN') return ['commonRows']
  // In the output a hole is another matter.
  const isOfOutput = life.state === 'failed' && life.error.path?.startsWith(job.output) === true
  return code === 'E_HOLE' && job.task !== 'basins' && !isOfOutput ? ['fillHoles'] : []
}

/** The file that a recording which did not end in order was kept in, with its events where that is told. */
export interface KeptRecording {
  readonly path: string
  readonly events: number | null
}

/** Finds what an aborted or failed recording left as a whole file; null: nothing. */
export function findKeptRecording({ life }: QueueRow): KeptRecording | null {
  if (life.state === 'cancelled' && life.error.path !== null && typeof life.error.actual === 'number') {
    return { path: life.error.path, events: life.error.actual }
  }
  const kept = life.warnings.find(({ code }) => code === 'W_KEPT' || code === 'W_INCOMPLETE')
  return kept === undefined ? null : { path: kept.path, events: null }
}
