import type { Datatype } from '../hdf5/model.ts'
import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'
import { readFloat } from '../hdf5/reading/read-number.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { FindingList } from './finding.ts'
import { readNumbers } from './read-numbers.ts'
import type { ValueInspector } from './value-inspector.ts'

/** Spec: `index` counts events from 1 on. */
export class IndexInspector implements ValueInspector {
  #wrong: { readonly row: number; readonly value: number } | undefined

  constructor(readonly dataset: StoredDataset) {}

  inspectRows(rows: Uint8Array, start: number): void {
    if (this.#wrong !== undefined) return
    const numbers = readNumbers(this.dataset.datatype, rows) ?? []
    for (const [position, value] of numbers.entries()) {
      if (value !== start + position + 1) {
        this.#wrong = { row: start + position, value }
        return
      }
    }
  }

  report(findings: FindingList): void {
    if (this.#wrong === undefined) return
    const { row, value } = this.#wrong
    const message = `${this.dataset.path} should count events from 1 on, but holds ${value} for event ${row + 1}`
    findings.add('V_INDEX', this.dataset.path, message)
  }
}

/** Spec: `mask` holds 0 and 255. Readers take any other number for inside, so nothing is lost, but images of it look empty. */
export class MaskInspector implements ValueInspector {
  #wrong: { readonly row: number; readonly value: number } | undefined

  constructor(
    readonly dataset: StoredDataset,
    readonly rowBytes: number,
  ) {}

  inspectRows(rows: Uint8Array, start: number): void {
    if (this.#wrong !== undefined) return
    const position = findOddByte(rows)
    if (position >= 0)
      this.#wrong = { row: start + Math.floor(position / this.rowBytes), value: rows[position] ?? 0 }
  }

  report(findings: FindingList): void {
    if (this.#wrong === undefined) return
    const { row, value } = this.#wrong
    findings.add(
      'A_MASK',
      this.dataset.path,
      `${this.dataset.path} should hold 0 and 255, but holds ${value} (event ${row})`,
    )
  }
}

/** Position of the first byte that is neither 0 nor 255, or -1; four at a time where the memory allows it. */
function findOddByte(bytes: Uint8Array): number {
  const words =
    bytes.byteOffset % 4 === 0
      ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
      : new Uint32Array(0)
  // All bytes 0 or 255: then each equals its own lowest bit times 255.
  const odd = words.findIndex((word) => Math.imul(word & 0x01010101, 255) >>> 0 !== word)
  const start = odd < 0 ? words.length * 4 : odd * 4
  for (let position = start; position < bytes.length; position++) {
    if (bytes[position] !== 0 && bytes[position] !== 255) return position
  }
  return -1
}

/** Peaks of fluorescence at or below 0.1 V say that a baseline is off. */
const LOWEST_PEAK = 0.1

/** Looks for values of `flN_max` that no peak has. */
export class PeakInspector implements ValueInspector {
  #least = Infinity

  constructor(readonly dataset: StoredDataset) {}

  inspectRows(rows: Uint8Array): void {
    for (const value of readNumbers(this.dataset.datatype, rows) ?? [])
      if (value < this.#least) this.#least = value
  }

  report(findings: FindingList): void {
    if (this.#least > LOWEST_PEAK) return
    findings.add(
      'A_PEAK',
      this.dataset.path,
      `${this.dataset.path} holds ${this.#least}, but peaks should be above ${LOWEST_PEAK}`,
    )
  }
}

/** Looks for a temperature that is 0 throughout. Source: dclab issue 183, a loose cable. */
export class TemperatureInspector implements ValueInspector {
  #greatest = 0
  #isSeen = false

  constructor(readonly dataset: StoredDataset) {}

  inspectRows(rows: Uint8Array): void {
    for (const value of readNumbers(this.dataset.datatype, rows) ?? []) {
      this.#isSeen = true
      // A NaN makes the sum of what was seen NaN, which is not 0.
      this.#greatest = Math.max(this.#greatest, Math.abs(value))
    }
  }

  report(findings: FindingList, isComplete: boolean): void {
    if (!isComplete || !this.#isSeen || !(this.#greatest <= 1e-8)) return
    findings.add(
      'V_TEMPERATURE',
      this.dataset.path,
      `${this.dataset.path} is 0 for all events; check the cable of the sensor`,
    )
  }
}

/** Looks for values of `ml_score_xxx` that are no probability. NaN says that there is none. */
export class ScoreInspector implements ValueInspector {
  #wrong: { readonly row: number; readonly value: number } | undefined

  constructor(readonly dataset: StoredDataset) {}

  inspectRows(rows: Uint8Array, start: number): void {
    if (this.#wrong !== undefined) return
    const { datatype } = this.dataset
    const numbers = readNumbers(datatype, rows) ?? readHalves(datatype, rows)
    const row = numbers.findIndex((value) => value < 0 || value > 1)
    if (row >= 0) this.#wrong = { row: start + row, value: numbers[row] ?? NaN }
  }

  report(findings: FindingList): void {
    if (this.#wrong === undefined) return
    const { path } = this.dataset
    const { row, value } = this.#wrong
    findings.add('V_SCORE', path, `${path} should hold values from 0 to 1, but holds ${value} (event ${row})`)
  }
}

/** Floats of 2 bytes, in which scores are stored too; of another type: none. */
function readHalves(datatype: Datatype, bytes: Uint8Array): readonly number[] {
  if (datatype.class !== 'float' || datatype.size !== 2) return []
  return Array.from({ length: bytes.length >> 1 }, (_, index) =>
    readFloat(datatype, bytes.subarray(index * 2, index * 2 + 2)),
  )
}

/** Rows of a basin that `basinmapN` names. */
export class MappingInspector implements ValueInspector {
  #greatest = -1
  #least = 0

  constructor(
    readonly dataset: StoredDataset,
    /** Rows of the internal basin that it maps; undefined: not known. */
    readonly basinRows: number | undefined,
  ) {}

  inspectRows(rows: Uint8Array): void {
    for (const value of readNumbers(this.dataset.datatype, rows) ?? []) {
      if (value > this.#greatest) this.#greatest = value
      if (value < this.#least) this.#least = value
    }
  }

  report(findings: FindingList): void {
    const { path } = this.dataset
    if (this.#least < 0)
      findings.add('V_BASINMAP', path, `${path} names row ${this.#least} of its basin; rows count from 0`)
    if (this.basinRows === undefined || this.#greatest < this.basinRows) return
    findings.add(
      'V_BASINMAP',
      path,
      `${path} names row ${this.#greatest}, but its basin has ${this.basinRows} rows`,
    )
  }
}

type Statistic = 'min' | 'max' | 'mean'

/** Compares the attributes `min`, `max` and `mean` of a scalar with its values. Spec: NaN is ignored. */
export class StatisticsInspector implements ValueInspector {
  #min = Infinity
  #max = -Infinity
  #sum = 0
  #count = 0

  constructor(
    readonly dataset: StoredDataset,
    readonly stated: Readonly<Partial<Record<Statistic, AttributeValue>>>,
  ) {}

  inspectRows(rows: Uint8Array): void {
    for (const value of readNumbers(this.dataset.datatype, rows) ?? []) {
      if (Number.isNaN(value)) continue
      if (value < this.#min) this.#min = value
      if (value > this.#max) this.#max = value
      this.#sum += value
      this.#count++
    }
  }

  report(findings: FindingList, isComplete: boolean): void {
    if (!isComplete || this.#count === 0) return
    const scale = Math.max(Math.abs(this.#min), Math.abs(this.#max))
    const actual = { min: this.#min, max: this.#max, mean: this.#sum / this.#count }
    for (const name of ['min', 'max', 'mean'] as const) {
      const stated = this.stated[name]
      const number = typeof stated === 'bigint' ? Number(stated) : stated
      if (typeof number !== 'number' || isClose(number, actual[name], scale)) continue
      const { path } = this.dataset
      findings.add(
        'A_STATISTICS',
        path,
        `${path}: the attribute '${name}' is ${number}, but its values give ${actual[name]}`,
      )
    }
  }
}

/** Writers sum up in single precision, or weigh the means of parts: compared on the scale of the values. */
function isClose(one: number, other: number, scale: number): boolean {
  if (one === other || Number.isNaN(other)) return true
  return Number.isFinite(one) && Number.isFinite(other) && Math.abs(one - other) <= 1e-4 * scale
}
