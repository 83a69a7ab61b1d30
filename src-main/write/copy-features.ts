import { InvalidInput } from '../errors.ts'
import { shapeOf } from '../hdf5/model.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import type { DatasetWriter, FileWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import { CopiedObjects } from './copied-objects.ts'
import { canKeepChunks, copyChunks } from './copy-chunks.ts'
import { copyDataset } from './copy-dataset.ts'
import { copyTree, type DatasetCopier } from './copy-object.ts'
import type { CopyOptions } from './copy-options.ts'
import { isSameAsStored } from './is-same-as-stored.ts'
import type { CopyStorage } from './plan-dataset.ts'

/** `pool` left out: the output's. `dsKwds` left out: stored chunks go over as they are. */
export type CopyFeaturesOptions = Partial<CopyOptions>

/**
 * Copies all events of features from one file to another: datasets, and groups (`trace`, `contour`) with all that is in them.
 *
 * An existing scalar feature with the same values is skipped; any other existing one is an error (E_EXISTS), a missing one too
 * (E_FEATURE); both before anything is written. A chunk that was never written is damage (E_HOLE). dcnum: `copy_features` without mapping.
 * Differs: groups are copied; equality is that of type and bytes, so NaN equals NaN.
 */
export async function copyFeatures(
  src: FileReader,
  dst: FileWriter,
  features: readonly string[],
  options: CopyFeaturesOptions = {},
): Promise<void> {
  const copying: CopyOptions = { pool: dst.pool, copied: new CopiedObjects(), ...options }
  const events = dst.root.requireGroup('events')
  const found = []
  for (const feat of new Set(features)) {
    const source = await findFeature(src, feat)
    if (!(await isThereAlready(src, source, { existing: events.child(feat), copying, dst })))
      found.push({ feat, source })
  }
  for (const { feat, source } of found) {
    const copier = chooseCopier(feat, source.kind === 'group', copying)
    if (source.kind === 'dataset') await copier(src, source, { group: events, name: feat }, copying)
    else await copyTree(src, source, events.requireGroup(feat), { ...copying, copyDataset: copier })
  }
}

/** Without keywords stored chunks go over as they are, and what has none as it lies; with keywords everything is stored anew. */
function chooseCopier(feat: string, isGroup: boolean, { dsKwds }: CopyOptions): DatasetCopier {
  const renewed = chooseStorage(feat.split('/')[0] ?? feat, isGroup)
  return async (file, dataset, target, options) => {
    if (!dsKwds && canKeepChunks(dataset)) return copyChunks(file, dataset, target, options)
    const storage = dsKwds ? renewed : 'as-stored'
    return copyDataset(file, dataset, target, { ...options, storage, missingChunks: 'refuse' })
  }
}

/** Spec: features, and what is in `trace`, have a row an event; contours are thousands of tiny datasets; other groups can be anything. */
function chooseStorage(topName: string, isGroup: boolean): CopyStorage {
  if (topName === 'contour') return 'packed'
  return !isGroup || topName === 'trace' ? 'growing' : 'as-stored'
}

async function findFeature(src: FileReader, feat: string): Promise<StoredDataset | StoredGroup> {
  const object = `/events/${feat}`
  const source = await src.find(object)
  if (source && source.kind !== 'datatype') return source
  throw new InvalidInput('E_FEATURE', `${src.path} has no feature ${feat}`, { path: src.path, object })
}

interface ExistingFeature {
  readonly existing: GroupWriter | DatasetWriter | undefined
  readonly copying: CopyOptions
  readonly dst: FileWriter
}

/** True for an equal scalar feature, false for none; anything else is refused. */
async function isThereAlready(
  src: FileReader,
  source: StoredDataset | StoredGroup,
  there: ExistingFeature,
): Promise<boolean> {
  const { existing, copying, dst } = there
  if (existing === undefined) return false
  if (
    existing.kind === 'dataset' &&
    source.kind === 'dataset' &&
    shapeOf(source.dataspace).length === 1 &&
    (await isSameAsStored(src, source, existing, copying))
  )
    return true
  const message = `${dst.path} has ${existing.path} already, with other values; leave the feature out or write to a new file`
  throw new InvalidInput('E_EXISTS', message, { path: dst.path, object: existing.path })
}
