import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { EventSelection } from '../jobs/job-schema.ts'
import type { RowRun } from '../read/read-selected-rows.ts'
import { parseIndices, readIndexFile } from './index-list.ts'

/** Which rows of the source go to the output, in which order. Rows are 0-based. */
export interface RowSelection {
  readonly count: number
  /** All rows in their order: nothing is selected at all. */
  readonly isIdentity: boolean
  /** Rows of the source for the output rows `start` to `stop` (excluded). */
  slice(start: number, stop: number): RowRun
}

/** Makes the selection that a job asks for out of `rowCount` events. Throws E_RANGE with the line of an index file. */
export async function selectRows(
  choice: EventSelection,
  rowCount: number,
  disk: DiskPort,
): Promise<RowSelection> {
  switch (choice.kind) {
    case 'all':
      return selectRange({ start: 0, stop: rowCount, step: 1 }, rowCount)
    case 'range':
      return selectRange({ ...choice, stop: choice.stop ?? rowCount }, rowCount)
    case 'indices': {
      const text = await readIndexFile(choice.file, disk)
      return selectList(parseIndices(text, rowCount, choice.file), rowCount)
    }
  }
}

interface Range {
  readonly start: number
  readonly stop: number
  readonly step: number
}

function selectRange({ start, stop, step }: Range, rowCount: number): RowSelection {
  const end = Math.min(stop, rowCount)
  const count = end > start ? Math.ceil((end - start) / step) : 0
  return {
    count,
    isIdentity: start === 0 && step === 1 && count === rowCount,
    slice(from, to) {
      if (step === 1) return { kind: 'run', start: start + from, stop: start + to }
      return {
        kind: 'list',
        rows: Float64Array.from({ length: to - from }, (_, i) => start + (from + i) * step),
      }
    },
  }
}

/**
 * A selection of listed rows, in any order and with repetitions. `rowCount`: of the source; all of them in order are the identity.
 * Listed rows that follow one another are read as a run.
 */
export function selectList(rows: Float64Array, rowCount: number): RowSelection {
  return {
    count: rows.length,
    isIdentity: rows.length === rowCount && rows.every((row, index) => row === index),
    slice: (from, to) => findRun(rows.subarray(from, to)),
  }
}

function findRun(rows: Float64Array): RowRun {
  const first = rows[0]
  const isRun = first !== undefined && rows.every((row, place) => row === first + place)
  return isRun ? { kind: 'run', start: first, stop: first + rows.length } : { kind: 'list', rows }
}

/** All rows of a selection. */
export function listRows(selection: RowSelection): Float64Array {
  const rows = new Float64Array(selection.count)
  let place = 0
  for (const row of iterateRows(selection)) rows[place++] = row
  return rows
}

/** All rows of a selection, one by one, for the identifier. */
export function* iterateRows(selection: RowSelection): Generator<number> {
  const STEP = 4096
  for (let start = 0; start < selection.count; start += STEP) {
    const run = selection.slice(start, Math.min(start + STEP, selection.count))
    if (run.kind === 'run') for (let row = run.start; row < run.stop; row++) yield row
    else for (let i = 0; i < run.rows.length; i++) yield run.rows[i] ?? 0
  }
}
