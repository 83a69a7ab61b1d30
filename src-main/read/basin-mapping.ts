import { BasinUnresolved, InvalidInput } from '../errors.ts'
import { isDatasetFeature } from './feature-info.ts'
import type { Measurement } from './measurement.ts'
import { readNumbers } from './read-numbers.ts'

const SLAB_BYTES = 8 * 2 ** 20

/**
 * The rows of a basin that the events of a file are, as a mapping (`basinmap0` ... `basinmap9`) of the file says: one 0-based row an
 * event. Throws E_BASIN if there is no such feature or it holds no numbers, E_RANGE for one that is no row (negative, not whole).
 */
export async function readMapping(measurement: Measurement, name: string): Promise<Float64Array> {
  const { path } = measurement
  const object = `/events/${name}`
  const feature = measurement.findFeature(name)
  if (feature === undefined || !isDatasetFeature(feature) || feature.kind !== 'scalar') {
    throw new BasinUnresolved('E_BASIN', `${path}: the mapping ${object}, which a basin needs, is missing`, {
      path,
      object,
    })
  }
  const reader = await measurement.openReader(feature.datasets[0])
  const { rowCount, rowBytes } = reader
  const slabRows = Math.max(1, Math.floor(SLAB_BYTES / rowBytes))
  const rows = new Float64Array(rowCount)
  for (let start = 0; start < rowCount; start += slabRows) {
    const bytes = await reader.readRows(start, Math.min(start + slabRows, rowCount))
    const numbers = readNumbers(feature.datasets[0].datatype, bytes)
    if (numbers === undefined) {
      const message = `${path}: the mapping ${object} holds no plain numbers`
      throw new BasinUnresolved('E_BASIN', message, { path, object })
    }
    rows.set(numbers, start)
  }
  const odd = rows.findIndex((row) => !Number.isSafeInteger(row) || row < 0)
  if (odd < 0) return rows
  const message = `${path}: event ${odd} of the mapping ${object} is ${rows[odd]}, which is no row of a basin`
  throw new InvalidInput('E_RANGE', message, { path, object, actual: rows[odd] })
}
