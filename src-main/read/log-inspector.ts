import type { RawData } from '../hdf5/model.ts'
import { readStrings } from '../hdf5/reading/text.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { FindingList } from './finding.ts'
import type { ValueInspector } from './value-inspector.ts'

/** dclab: longer lines are an alert. */
const LONGEST_LINE_BYTES = 100

/** Logs that were files of other programs are never wrapped. Source: dclab. */
const UNWRAPPED_LOG =
  /(_para\.ini|_image\.ini|FG_Config\.mcf|parameters\.txt|_SoftwareSettings\.ini|dckit-history)$/

/** Are the lines of this log to be at most 100 bytes long? */
export function hasLineLimit(path: string): boolean {
  return !UNWRAPPED_LOG.test(path)
}

/** Looks for lines of a log that are too long. */
export class LogInspector implements ValueInspector {
  #tooLong = 0
  #first = -1

  constructor(readonly dataset: StoredDataset) {}

  inspectRows(rows: Uint8Array, start: number): void {
    const { datatype } = this.dataset
    if (datatype.class !== 'string') return
    for (let row = 0; row * datatype.size < rows.length; row++) {
      const line = rows.subarray(row * datatype.size, (row + 1) * datatype.size)
      this.#note(start + row, countTextBytes(line))
    }
  }

  inspectData(data: RawData): void {
    const { datatype } = this.dataset
    if (datatype.class !== 'variable-string') return
    for (const [row, line] of readStrings(datatype, data).entries()) this.#note(row, Buffer.byteLength(line))
  }

  report(findings: FindingList): void {
    if (this.#tooLong === 0) return
    const { path } = this.dataset
    const message = `${path}: lines longer than ${LONGEST_LINE_BYTES} bytes: ${this.#tooLong}, the first of them is line ${this.#first}`
    findings.add('A_LOG', path, message)
  }

  #note(row: number, bytes: number): void {
    if (bytes <= LONGEST_LINE_BYTES) return
    if (this.#tooLong === 0) this.#first = row
    this.#tooLong++
  }
}

/** Bytes of a fixed-length text without what pads it. */
function countTextBytes(line: Uint8Array): number {
  let length = line.length
  while (length > 0 && line[length - 1] === 0) length--
  return length
}
