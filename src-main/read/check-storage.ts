import { toSignedLevel } from '../hdf5/filters/zstd-codec.ts'
import { elementCount, FILTER, hasVariableParts } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { findOddElementBytes } from './describe-stored-filter.ts'
import { isDimensionReference } from './dimension-references.ts'
import type { FindingList } from './finding.ts'

/** dclab: compressed well means zstd of this level or above. */
const LEAST_LEVEL = 5

/** Counts how datasets are stored, over a whole file. */
export class StorageCensus {
  #total = 0
  #compressed = 0
  #unchecked = 0
  #variableText = 0
  #withDimensions = 0
  #shuffledOddly = 0
  #firstOddly = ''

  add(dataset: StoredDataset): void {
    this.#total++
    if (isWellCompressed(dataset)) this.#compressed++
    if (elementCount(dataset.dataspace) > 0 && !dataset.filters.some(({ id }) => id === FILTER.fletcher32))
      this.#unchecked++
    if (hasVariableParts(dataset.datatype)) this.#variableText++
    if (dataset.refused.some(isDimensionReference)) this.#withDimensions++
    this.#noteShuffle(dataset)
  }

  report(findings: FindingList): void {
    const loose = this.#total - this.#compressed
    if (loose > 0) {
      const message = `datasets not compressed with zstd level ${LEAST_LEVEL} or above: ${loose} of ${this.#total}; 'weir rewrite' does that`
      findings.add('H_COMPRESSION', null, message)
    }
    if (this.#unchecked > 0) {
      const message = `datasets without a checksum, in which a changed byte cannot be noticed: ${this.#unchecked} of ${this.#total}`
      findings.add('H_CHECKSUM', null, message)
    }
    if (this.#variableText > 0) {
      const message = `datasets with parts of variable length, which no checksum protects: ${this.#variableText}`
      findings.add('H_VARIABLE', null, message)
    }
    if (this.#withDimensions > 0) {
      const message = `datasets tied to netCDF dimensions by references (DIMENSION_LIST, REFERENCE_LIST), which Weir cannot carry to another file: ${this.#withDimensions}; no values are lost by that`
      findings.add('H_DIMENSION', null, message)
    }
    if (this.#shuffledOddly > 0) {
      const message = `datasets shuffled by elements of another size than their type has: ${this.#shuffledOddly}, the first of them ${this.#firstOddly}; programs that are not built on the HDF5 library (kerchunk, pyfive, jsfive) may misread them without an error`
      findings.add('H_SHUFFLE', null, message)
    }
  }

  #noteShuffle({ filters, datatype, path }: StoredDataset): void {
    const odd = filters
      .map((filter) => findOddElementBytes(filter, datatype.size))
      .find((bytes) => bytes !== undefined)
    if (odd === undefined) return
    if (this.#shuffledOddly === 0) this.#firstOddly = `${path} (${odd} bytes instead of ${datatype.size})`
    this.#shuffledOddly++
  }
}

function isWellCompressed(dataset: StoredDataset): boolean {
  return dataset.filters.some(
    ({ id, values }) => id === FILTER.zstd && toSignedLevel(values[0] ?? 0) >= LEAST_LEVEL,
  )
}
