import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { EventSelection } from '../jobs/job-schema.ts'
import type { LengthChoice } from '../read/common-rows.ts'
import type { RowRun } from '../read/read-selected-rows.ts'
import { parseIndices, readIndexFile } from './index-list.ts'

/** Which rows of the source go to the output, in which order. Rows are 0-based. */
export interface RowSelection {
  readonly count: number
  /** All rows in their order: nothing is selected at all. */
  readonly isIdentity: boolean
  /** The first rows of the source in their order, with or without some behind them. */
  readonly isFromStart: boolean
  /** Rows of the source for the output rows `start` to `stop` (excluded). */
  slice(start: number, stop: number): RowRun
}

/** What a job takes of its input. */
export interface ChosenRows {
  readonly selection: RowSelection
  /** Events that could be selected. */
  readonly eventCount: number
  /** `cut`: only rows that all chosen features have are taken, of features of whatever length. */
  readonly lengths: LengthChoice
  readonly warnings: readonly Warning[]
}

/** Rows that can be selected. */
interface SelectableRows {
  readonly count: number
  /** Some features have further ones, so that all of these are still a selection. */
  readonly isCut: boolean
}

/** Makes the selection that a job asks for. Throws E_RANGE with the line of an index file. */
export async function selectRows(
  choice: EventSelection,
  { count, isCut }: SelectableRows,
  disk: DiskPort,
): Promise<RowSelection> {
  const selection = await selectCounted(choice, count, disk)
  return isCut ? { ...selection, isIdentity: false } : selection
}

/** Does a choice of events name its rows, all of them among the first `count`? */
export async function staysWithin(choice: EventSelection, count: number, disk: DiskPort): Promise<boolean> {
  switch (choice.kind) {
    case 'all':
      return false
    case 'range':
      return choice.stop !== null && choice.stop <= count
    case 'indices': {
      const text = await readIndexFile(choice.file, disk)
      return parseIndices(text, Number.MAX_SAFE_INTEGER, choice.file).every((row) => row < count)
    }
  }
}

/** W_NO_EVENTS where a choice of events takes none. */
export function warnOfNothing(
  choice: EventSelection,
  selection: RowSelection,
  { path, count }: { readonly path: string; readonly count: number },
): Warning[] {
  if (choice.kind === 'all' || selection.count > 0) return []
  const range = choice.kind === 'range' ? `${choice.start}:${choice.stop ?? ''}` : ''
  const chosen = choice.kind === 'indices' ? `${choice.file} lists no event` : `--events ${range} takes none`
  const message = `no event is selected: ${chosen} of the ${count} events of ${path}; the output holds 0 events`
  return [{ code: 'W_NO_EVENTS', message, path }]
}

async function selectCounted(
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
  const isFromStart = start === 0 && step === 1
  return {
    count,
    isIdentity: isFromStart && count === rowCount,
    isFromStart,
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
  const isFromStart = rows.every((row, index) => row === index)
  return {
    count: rows.length,
    isIdentity: isFromStart && rows.length === rowCount,
    isFromStart,
    slice: (from, to) => findRun(rows.subarray(from, to)),
  }
}

function findRun(rows: Float64Array): RowRun {
  const first = rows[0]
  const isRun = first !== undefined && rows.every((row, place) => row === first + place)
  return isRun ? { kind: 'run', start: first, stop: first + rows.length } : { kind: 'list', rows }
}

/** The rows from the first on. */
export function takeFirstRows(count: number): RowSelection {
  return {
    count,
    isIdentity: false,
    isFromStart: true,
    slice: (start, stop) => ({ kind: 'run', start, stop }),
  }
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
