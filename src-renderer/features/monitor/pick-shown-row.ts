import type { QueueRow } from '../../../src-preload/contract.ts'

/** Does a process work on it? */
export function isActive({ life }: QueueRow): boolean {
  return life.state === 'starting' || life.state === 'running' || life.state === 'cancelling'
}

/** The job that the monitor shows: a selected one that runs, else the first that runs, else a selected one that ran. */
export function pickShownRow(
  rows: readonly QueueRow[],
  selectedRows: readonly QueueRow[],
): QueueRow | undefined {
  return (
    selectedRows.find(isActive) ??
    rows.find(isActive) ??
    selectedRows.find(({ life }) => life.progress !== null)
  )
}
