import { BasinUnresolved, InvalidInput } from '../errors.ts'
import { shapeOf } from '../hdf5/model.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { readMapping } from '../read/basin-mapping.ts'
import type { BasinNode } from '../read/basin-tree.ts'
import { isDatasetFeature, type FeatureInfo } from '../read/feature-info.ts'
import type { Measurement } from '../read/measurement.ts'
import { listRows, selectList, type RowSelection } from './row-selection.ts'

/** Which rows of a file the output's events are, on the way from the input through its basins. */
export type MappedRows =
  /** Those of the input itself, of whose events `count` can be had: nothing was mapped yet. `cut`: basins may have more. */
  | {
      readonly kind: 'same'
      readonly selection: RowSelection
      readonly count: number
      readonly lengths: RewriteJob['lengths']
    }
  /** What the mapping `object` of the file `path` says. */
  | {
      readonly kind: 'mapped'
      readonly rows: Float64Array
      readonly path: string
      readonly object: string
    }

/** Follows definitions; every mapping is read once. */
export class MappingReader {
  readonly #mappings = new Map<Measurement, Map<string, Promise<Float64Array>>>()

  /** Rows in the basin for rows in the file that refers to it. Throws as `readMapping`, and E_RANGE for rows that the mapping lacks. */
  async follow({ definition, referrer }: BasinNode, from: MappedRows): Promise<MappedRows> {
    const { mapping } = definition
    if (mapping === 'same') return from
    const values = await this.#read(referrer, mapping)
    const rows = from.kind === 'mapped' ? from.rows : listRows(from.selection)
    const object = `/events/${mapping}`
    if (from.kind === 'mapped') refuseRowsBehind(from, values.length, `${referrer.path}: ${object}`)
    const mapped = rows.map((row) => values[row] ?? Number.NaN)
    return { kind: 'mapped', rows: mapped, path: referrer.path, object }
  }

  #read(referrer: Measurement, name: string): Promise<Float64Array> {
    const ofFile = this.#mappings.get(referrer) ?? new Map<string, Promise<Float64Array>>()
    this.#mappings.set(referrer, ofFile)
    const values = ofFile.get(name) ?? readMapping(referrer, name)
    ofFile.set(name, values)
    return values
  }
}

/**
 * The rows of one feature that the output takes. Throws E_BASIN if the basin should hold the same events and has another number of
 * them, E_RANGE if a mapping names a row that is not there.
 */
export function selectMapped(rows: MappedRows, feature: FeatureInfo, source: Measurement): RowSelection {
  const place = `${source.path}: ${feature.path}`
  for (const length of listRowCounts(feature)) {
    if (rows.kind === 'mapped') refuseRowsBehind(rows, length, place)
    else if (rows.lengths === 'cut' ? length < rows.count : length !== rows.count) {
      const message = `${place} holds ${length} events, the file that refers to it ${rows.count}, and no mapping says which are meant`
      const details = { path: source.path, object: feature.path, expected: rows.count, actual: length }
      throw new BasinUnresolved('E_BASIN', message, details)
    }
  }
  return rows.kind === 'same' ? rows.selection : selectList(rows.rows, feature.length ?? 0)
}

function listRowCounts(feature: FeatureInfo): number[] {
  if (feature.kind !== 'trace' && !isDatasetFeature(feature)) return [feature.length ?? 0]
  return feature.datasets.map((dataset) => shapeOf(dataset.dataspace)[0] ?? 0)
}

function refuseRowsBehind(
  { rows, path, object }: Extract<MappedRows, { readonly kind: 'mapped' }>,
  length: number,
  place: string,
): void {
  const odd = rows.findIndex((row) => row >= length)
  if (odd < 0) return
  const message = `${path}: ${object} asks for row ${rows[odd]} (for event ${odd} of the output), but ${place} has ${length} rows`
  throw new InvalidInput('E_RANGE', message, { path, object, expected: length - 1, actual: rows[odd] })
}
