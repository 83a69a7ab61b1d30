import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { findLostPaths } from '../read/basin-paths.ts'
import type { Measurement } from '../read/measurement.ts'
import type { CopyOptions } from '../write/copy-options.ts'
import { storeTextLines } from '../write/store-text-lines.ts'
import { setDefaultFilterKwargs } from '../write/default-filters.ts'
import type { OutputTarget } from './output-target.ts'

export interface BasinPathWork {
  readonly measurement: Measurement
  readonly output: FileWriter
  readonly target: OutputTarget
  readonly options: CopyOptions
}

/**
 * A kept basin that was found by a relative path beside the source, but would not be found beside the output, gets the
 * absolute path added. All other definitions stay as they were copied.
 */
export async function addLostBasinPaths(
  { measurement, output, target, options }: BasinPathWork,
  disk: DiskPort,
): Promise<void> {
  const places = { source: measurement.path, outputFolder: target.folder }
  const lost = await findLostPaths(disk, measurement.basins, places)
  const group = output.root.child('basins')
  if (lost.length === 0 || group?.kind !== 'group') return
  for (const basin of new Set(lost.map((one) => one.basin))) {
    const added = [...new Set(lost.filter((one) => one.basin === basin).map(({ absolute }) => absolute))]
    const lines = JSON.stringify({ ...basin.fields, paths: [...basin.paths, ...added] }, null, 2).split('\n')
    group.removeChild(basin.key)
    await storeTextLines(group, basin.key, { lines, dsKwds: setDefaultFilterKwargs(options.dsKwds) })
    const message = `the basin "${basin.name ?? basin.key}" is found beside the input and not beside the output; its absolute path was added (${added.join(', ')})`
    options.reportWarning?.({
      code: 'W_BASIN_PATH',
      message,
      path: measurement.path,
      object: `/basins/${basin.key}`,
    })
  }
}
