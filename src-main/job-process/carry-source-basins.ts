import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { findLostPaths } from '../read/basin-paths.ts'
import type { BasinDefinition } from '../read/basins.ts'
import { makeWarning } from '../read/make-warning.ts'
import type { Measurement } from '../read/measurement.ts'
import { carryBasin } from '../write/carry-basin.ts'
import type { HDF5Writer } from '../write/hdf5-writer.ts'
import type { NdArray } from '../write/nd-array.ts'
import { readMapping } from '../write/read-mapping.ts'
import { iterateRows, type RowSelection } from './row-selection.ts'

export interface SourceBasins {
  /** A basin of the output. */
  readonly measurement: Measurement
  readonly writer: HDF5Writer
  readonly selection: RowSelection
  /** The selected rows; null: all. */
  readonly mapping: NdArray | null
  readonly outputFolder: string
  readonly disk: DiskPort
  readonly pool: FilterPool
  readonly reportWarning: (warning: Warning) => void
}

/**
 * A basin's own basins become basins of the output, so that readers that do not follow them find their features; internal ones stay where
 * they are. On a selection of events their mapping is that which they have, at the selected rows. A relative path that leads nowhere from
 * the output's folder gets the absolute one added.
 *
 * dcnum: `copy_basins` in `create_with_basins`. Throws E_BASIN if the mappings are more than ten.
 */
export async function carrySourceBasins(work: SourceBasins): Promise<void> {
  const { measurement, disk, outputFolder, writer } = work
  const definitions = measurement.basins.filter(({ type }) => type !== 'internal')
  const places = { source: measurement.path, outputFolder }
  const lost = await findLostPaths(disk, definitions, places)
  for (const definition of definitions) {
    const mapping = await composeMapping(work, definition)
    if (typeof mapping === 'string') {
      report(work, definition, { code: 'W_BASIN', what: `is left out: ${mapping}` })
      continue
    }
    const found = lost.filter(({ basin }) => basin === definition).map(({ absolute }) => absolute)
    const added = [...new Set(found)]
    const paths = [...definition.paths, ...added]
    await carryBasin(writer, added.length > 0 ? { ...definition.fields, paths } : definition.fields, mapping)
    if (added.length === 0) continue
    const what = `is found beside ${measurement.path} and not beside the output; its absolute path was added (${added.join(', ')})`
    report(work, definition, { code: 'W_BASIN_PATH', what })
  }
}

function report(
  { measurement, reportWarning }: SourceBasins,
  { key }: BasinDefinition,
  warning: { readonly code: string; readonly what: string },
): void {
  reportWarning(makeWarning(measurement.path, `/basins/${key}`, warning))
}

/** Rows of the basin for the events of the output; null: they are the same; or why there are none, in words. */
async function composeMapping(
  { measurement, selection, mapping, pool }: SourceBasins,
  definition: BasinDefinition,
): Promise<NdArray | string | null> {
  if (definition.mapping === 'same') return mapping
  const { file, fallback } = measurement
  const own = await readMapping(file, definition.mapping, { pool, fallback })
  if (typeof own === 'string' || mapping === null) return own
  return takeRows(own, selection)
}

/** The selected elements of a 1-D array. */
function takeRows({ datatype, bytes }: NdArray, selection: RowSelection): NdArray {
  const { size } = datatype
  const taken = new Uint8Array(selection.count * size)
  let position = 0
  for (const row of iterateRows(selection)) {
    taken.set(bytes.subarray(row * size, (row + 1) * size), position)
    position += size
  }
  return { datatype, shape: [selection.count], bytes: taken }
}
