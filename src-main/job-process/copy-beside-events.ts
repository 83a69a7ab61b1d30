import type { StoredObject } from '../hdf5/reading/stored-object.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import type { MetadataChoice } from '../jobs/job-schema.ts'
import type { Measurement } from '../read/measurement.ts'
import { copyDataset, type CopyTarget } from '../write/copy-dataset.ts'
import { copyMetadata } from '../write/copy-metadata.ts'
import { copyTree } from '../write/copy-object.ts'
import type { CopyOptions } from '../write/copy-options.ts'

export interface BesideEvents {
  readonly measurement: Measurement
  readonly output: FileWriter
  readonly metadata: MetadataChoice
  readonly keepsBasins: boolean
  readonly options: CopyOptions
}

/** Copies everything that lies beside `events`: logs, tables, basins and groups that the format does not know. */
export async function copyBesideEvents({
  measurement,
  output,
  metadata,
  keepsBasins,
  options,
}: BesideEvents): Promise<void> {
  const { file, structure } = measurement
  const { logs, tables } = metadata
  await copyMetadata(file, output, { ...options, attributes: false, logs, tables, software: null })
  const basinGroups = keepsBasins ? [structure.basins.group, structure.basinEvents.group] : []
  for (const object of [...basinGroups, ...structure.otherObjects]) {
    if (object === undefined) continue
    const name = object.path.slice(object.path.lastIndexOf('/') + 1)
    await copyObject(measurement, object, { group: output.root, name }, options)
  }
}

/** Copies a group or dataset whole, as it is stored, with the job's filters. */
export async function copyObject(
  { file }: Measurement,
  object: StoredObject,
  target: CopyTarget,
  options: CopyOptions,
): Promise<void> {
  if (object.kind === 'group') await copyTree(file, object, target.group.requireGroup(target.name), options)
  if (object.kind === 'dataset') await copyDataset(file, object, target, { ...options, storage: 'as-stored' })
}
