import type { StoredObject } from '../hdf5/reading/stored-object.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import type { MetadataChoice } from '../jobs/job-schema.ts'
import type { Measurement } from '../read/measurement.ts'
import { copyDataset, type CopyTarget } from '../write/copy-dataset.ts'
import { copyMetadata } from '../write/copy-metadata.ts'
import { copyTree } from '../write/copy-object.ts'
import type { CopyOptions } from '../write/copy-options.ts'
import { copyOrLeaveOut } from '../write/leave-out.ts'

export interface BesideEvents {
  readonly measurement: Measurement
  readonly output: FileWriter
  readonly metadata: MetadataChoice
  readonly options: CopyOptions
}

/** Copies what lies beside `events`: logs, tables and groups that the format does not know. Basins: see `carryBasins`. */
export async function copyBesideEvents({
  measurement,
  output,
  metadata,
  options,
}: BesideEvents): Promise<void> {
  const { file, structure } = measurement
  const { logs, tables } = metadata
  await copyMetadata(file, output, { ...options, attributes: false, logs, tables, software: null })
  for (const object of structure.otherObjects) {
    const name = object.path.slice(object.path.lastIndexOf('/') + 1)
    const target = { group: output.root, name }
    // Unknown objects are always carried, as HDF5 reads them: with their fill values, which is said.
    const copying = { ...options, failures: 'leave-out', missingChunks: 'fill' } as const
    const copy = (): Promise<void> => copyObject(measurement, object, target, copying)
    await copyOrLeaveOut({ path: file.path, object: object.path }, target, { options: copying, copy })
  }
}

/** Copies a group or dataset whole, as it is stored, with the job's filters; what is in the output already gets a further name. */
export async function copyObject(
  { file }: Measurement,
  object: StoredObject,
  target: CopyTarget,
  options: CopyOptions,
): Promise<void> {
  const known = options.copied?.find(object.address)
  if (known !== undefined) {
    target.group.addHardLink(target.name, known)
    options.reportLink?.({ path: file.path, object: object.path }, known.path)
    return
  }
  if (object.kind === 'group') await copyTree(file, object, target.group.requireGroup(target.name), options)
  if (object.kind === 'dataset') await copyDataset(file, object, target, { ...options, storage: 'as-stored' })
}
