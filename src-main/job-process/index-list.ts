import { InvalidInput } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { IndexListView } from '../jobs/index-list-view.ts'

const MAX_INDEX_FILE_BYTES = 512 * 2 ** 20

/** The text of a list of events. Rejects as the disk does. */
export function readIndexFile(path: string, disk: DiskPort): Promise<string> {
  return disk.readText(path, MAX_INDEX_FILE_BYTES)
}

/** One 0-based integer a line; `#` starts a comment; empty lines do not count. Throws E_RANGE with the line. */
export function parseIndices(text: string, rowCount: number, path: string): Float64Array {
  const rows: number[] = []
  for (const entry of listEntries(text)) {
    const row = parseIndex(entry, path)
    if (row >= rowCount) throw describeBeyond(entry, rowCount, path)
    rows.push(row)
  }
  return Float64Array.from(rows)
}

export interface IndexQuestion {
  readonly path: string
  /** Is the list good for measurements of so many events? */
  readonly eventCounts: readonly number[]
}

/** What a list of events holds, up to its first error. Rejects where the file cannot be read as text. */
export async function lookAtIndices(
  { path, eventCounts }: IndexQuestion,
  disk: DiskPort,
): Promise<IndexListView> {
  const survey = new Survey(eventCounts)
  let problem: IndexListView['problem'] = null
  for (const entry of listEntries(await readIndexFile(path, disk))) {
    try {
      survey.note(entry.line, parseSafeIndex(entry, path))
    } catch (thrown) {
      if (!(thrown instanceof InvalidInput)) throw thrown
      problem = { line: entry.line, message: thrown.message }
      break
    }
  }
  return { path, ...survey.result, problem }
}

/** Sums up a list as it is read. */
class Survey {
  /** Numbers of events that no line has gone beyond yet, the smallest first. */
  readonly #unmet: number[]
  readonly #beyond: { eventCount: number; line: number; row: number }[] = []
  #count = 0
  #smallest: number | null = null
  #largest: number | null = null

  constructor(eventCounts: readonly number[]) {
    this.#unmet = [...new Set(eventCounts)].sort((one, other) => one - other)
  }

  note(line: number, row: number): void {
    this.#count += 1
    this.#smallest = Math.min(this.#smallest ?? row, row)
    this.#largest = Math.max(this.#largest ?? row, row)
    for (let [least] = this.#unmet; least !== undefined && row >= least; [least] = this.#unmet) {
      this.#beyond.push({ eventCount: least, line, row })
      this.#unmet.shift()
    }
  }

  get result(): Pick<IndexListView, 'count' | 'smallest' | 'largest' | 'beyond'> {
    return { count: this.#count, smallest: this.#smallest, largest: this.#largest, beyond: this.#beyond }
  }
}

interface Entry {
  readonly word: string
  readonly line: number
}

/** Line by line without a copy of the whole: lists may have a hundred million of them. */
function* listEntries(text: string): Generator<Entry> {
  let line = 1
  for (let start = text.startsWith('\uFEFF') ? 1 : 0; start <= text.length; line += 1) {
    const found = text.indexOf('\n', start)
    const end = found === -1 ? text.length : found
    const word = text.slice(start, end).replace(/#.*$/s, '').trim()
    if (word !== '') yield { word, line }
    start = end + 1
  }
}

function parseIndex({ word, line }: Entry, path: string): number {
  if (/^\d+$/.test(word)) return Number(word)
  const actual = word.slice(0, 40)
  const message = `line ${line} of ${path}: "${actual}" is not an event index (0, 1, 2 ...)`
  throw new InvalidInput('E_RANGE', message, { path, actual })
}

/** What no number holds exactly is beyond any measurement. */
function parseSafeIndex(entry: Entry, path: string): number {
  const row = parseIndex(entry, path)
  if (Number.isSafeInteger(row)) return row
  const actual = entry.word.slice(0, 40)
  const message = `line ${entry.line} of ${path}: "${actual}" is larger than any event index can be`
  throw new InvalidInput('E_RANGE', message, { path, actual })
}

function describeBeyond({ word, line }: Entry, rowCount: number, path: string): InvalidInput {
  const highest = rowCount === 0 ? 'the input has no events' : `the last event is ${rowCount - 1}`
  const message = `line ${line} of ${path}: event ${word} does not exist, ${highest}`
  return new InvalidInput('E_RANGE', message, { path, expected: rowCount - 1, actual: word })
}
