import type { QueueRow } from '../../../src-preload/contract.ts'
import {
  cancelJobs,
  holdJobs,
  moveJob,
  removeJobs,
  setJobsAtOnce,
  showInFolder,
  stopRecording,
} from '../../bridge.ts'
import { attempt } from '../notices/attempt.ts'
import { canCancel, canHold, canRemove, canStart, canStopRecording } from './row-actions.ts'
import { startRows } from './use-start.ts'
import { useQueueStore } from './use-queue-store.ts'

/** What the user does with rows. Each goes to those of the rows that it fits; none rejects. */

export async function holdRows(rows: readonly QueueRow[]): Promise<void> {
  await askFor(rows.filter(canHold), holdJobs)
}

export async function cancelRows(rows: readonly QueueRow[]): Promise<void> {
  await askFor(rows.filter(canCancel), cancelJobs)
}

/** Nothing on the disk goes with a row. */
export async function removeRows(rows: readonly QueueRow[]): Promise<void> {
  await askFor(rows.filter(canRemove), removeJobs)
}

export async function stopRecordings(rows: readonly QueueRow[]): Promise<void> {
  for (const { id } of rows.filter(canStopRecording)) await attempt(() => stopRecording(id))
}

/** One key for both: starts what waits, or takes that back where nothing is left to start. */
export async function startOrHoldRows(rows: readonly QueueRow[]): Promise<void> {
  if (rows.some(canStart)) await startRows(rows)
  else await holdRows(rows)
}

/** Moves the rows by one place, keeping their order; those at the end stay there. */
export async function moveRows(rows: readonly QueueRow[], places: -1 | 1): Promise<void> {
  const { order } = useQueueStore()
  // The one that leads makes room for the next.
  const leading = places === -1 ? rows : rows.toReversed()
  let blocked = places === -1 ? -1 : order.length
  for (const { id } of leading) {
    const place = order.indexOf(id)
    if (place + places === blocked) blocked = place
    else await attempt(() => moveJob(id, place + places))
  }
}

export async function showRow(row: QueueRow, which: 'input' | 'output' | 'leftover'): Promise<void> {
  await attempt(() => showInFolder(row.id, which))
}

export async function changeJobsAtOnce(count: number): Promise<void> {
  await attempt(() => setJobsAtOnce(count))
}

async function askFor(
  rows: readonly QueueRow[],
  ask: (ids: readonly string[]) => Promise<void>,
): Promise<void> {
  if (rows.length > 0) await attempt(() => ask(rows.map(({ id }) => id)))
}
