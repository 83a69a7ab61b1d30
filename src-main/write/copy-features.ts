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
import { isSameAsStored, type SelectedRows } from './is-same-as-stored.ts'
import { copyMappedFeature, planMappedFeature } from './mapped-feature.ts'
import type { NdArray } from './nd-array.ts'
import { reportRecoded } from './report-recoded.ts'
import type { CopyStorage } from './plan-dataset.ts'
import { requireTexts } from './require-argument.ts'
import { makeRowMapping, readMappedSlabs, type RowMapping } from './row-mapping.ts'
import { requireFiles } from './source-and-output.ts'

/** `pool` left out: the output's. `dsKwds` left out: without a mapping stored chunks go over as they are. */
export interface CopyFeaturesOptions extends Partial<Omit<CopyOptions, 'missingChunks'>> {
  /** 1-D integers: 0-based rows of the source, in any order, any number of times, or none. Left out or null: all events. */
  readonly mapping?: NdArray | null | undefined
  /** With a mapping that is not ascending: bytes of rows that are put in order at a time. Default 256 MiB. */
  readonly slabBytes?: number | undefined
}

/**
 * Copies features from one file to another: datasets, and groups (`trace`, `contour`) with all that is in them; all events, or with
 * a mapping those of its rows, in its order.
 *
 * With a mapping the rows are stored anew (`dsKwds`; default zstd 5 and fletcher32) as features that may grow; each dataset in `trace` is mapped,
 * the datasets of `contour` are copied and numbered from "0". Values stay as they are, those of `index` too. Attributes go along, but for
 * `mean`, `min` and `max`, which speak of all events.
 *
 * An existing scalar feature with the same values is skipped; any other existing one is an error (E_EXISTS), a missing one too
 * (E_FEATURE), a mapping that is none (E_USAGE) or names a row that is not there (E_RANGE), and with a mapping a feature without rows, as a
 * group of an unknown kind (E_TYPE); all before anything is written. A chunk that was never written is damage (E_HOLE).
 *
 * Memory: an ascending mapping is copied in slabs of at most 8 MiB and decodes each chunk once. Otherwise a slab of the output, `slabBytes` large, is one
 * pass over the chunks that it needs, each decoded once; a feature smaller than a slab is decoded once, one of 1 GiB up to four times.
 *
 * dcnum: `copy_features`. Differs: groups are copied; equality is that of type and bytes, so NaN equals NaN; the order of the mapping is
 * kept, where dcnum gives the rows in the order of the source; negative entries are refused.
 */
export async function copyFeatures(
  src: FileReader,
  dst: FileWriter,
  features: readonly string[],
  options: CopyFeaturesOptions = {},
): Promise<void> {
  requireFiles(src, dst, options)
  requireTexts(features, 'features')
  const { mapping: rows, slabBytes, ...shared } = options
  const copying: CopyOptions = { pool: dst.pool, copied: new CopiedObjects(), ...shared }
  const mapping = rows ? makeRowMapping(rows, slabBytes) : undefined
  const events = dst.root.requireGroup('events')
  const copies: (() => Promise<void>)[] = []
  for (const feat of new Set(features)) {
    const source = await findFeature(src, feat)
    const place = { source, feat, events, copying }
    const copy = mapping ? await planMappedCopy(src, place, mapping) : () => copyWhole(src, place)
    const there = { existing: events.child(feat), copying, dst, mapping }
    if (!(await isThereAlready(src, source, there))) copies.push(copy)
  }
  for (const copy of copies) await copy()
  reportRecoded(src, copying)
}

interface FeatureCopy {
  readonly source: StoredDataset | StoredGroup
  readonly feat: string
  readonly events: GroupWriter
  readonly copying: CopyOptions
}

async function copyWhole(src: FileReader, { source, feat, events, copying }: FeatureCopy): Promise<void> {
  const known = copying.copied?.find(source.address)
  if (known !== undefined) {
    events.addHardLink(feat, known)
    return
  }
  const copier = chooseCopier(feat, source.kind === 'group', copying)
  if (source.kind === 'dataset') await copier(src, source, { group: events, name: feat }, copying)
  else await copyTree(src, source, events.requireGroup(feat), { ...copying, copyDataset: copier })
}

async function planMappedCopy(
  src: FileReader,
  { source, feat, events, copying }: FeatureCopy,
  mapping: RowMapping,
): Promise<() => Promise<void>> {
  const options = { ...copying, mapping }
  const feature = await planMappedFeature(src, feat, source, options)
  const copyContour = chooseCopier(feat, true, copying)
  return () => copyMappedFeature(src, feature, events, { options, copyContour })
}

/** Without keywords stored chunks go over as they are, and what has none as it lies; with keywords everything is stored anew. */
function chooseCopier(feat: string, isGroup: boolean, { dsKwds }: CopyOptions): DatasetCopier {
  const renewed = chooseStorage(feat.split('/')[0] ?? feat, isGroup)
  return async (file, dataset, target, options) => {
    if (!dsKwds && canKeepChunks(dataset)) return copyChunks(file, dataset, target, options)
    const storage = dsKwds ? renewed : 'as-stored'
    return copyDataset(file, dataset, target, { ...options, storage })
  }
}

/** Spec: features, and what is in `trace`, have a row an event; contours are thousands of tiny datasets; other groups can be anything. */
function chooseStorage(topName: string, isGroup: boolean): CopyStorage {
  if (topName === 'contour') return 'single'
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
  readonly mapping: RowMapping | undefined
}

/** True for an equal scalar feature, false for none; anything else is refused. */
async function isThereAlready(
  src: FileReader,
  source: StoredDataset | StoredGroup,
  there: ExistingFeature,
): Promise<boolean> {
  const { existing, copying, dst, mapping } = there
  if (existing === undefined) return false
  const selected: SelectedRows | undefined = mapping && {
    rowCount: mapping.rows.length,
    read: (reader, signal) => readMappedSlabs(reader, mapping, signal),
  }
  if (
    existing.kind === 'dataset' &&
    source.kind === 'dataset' &&
    shapeOf(source.dataspace).length === 1 &&
    (await isSameAsStored(src, source, existing, { ...copying, selected }))
  )
    return true
  const message = `${dst.path} has ${existing.path} already, with other values; leave the feature out or write to a new file`
  throw new InvalidInput('E_EXISTS', message, { path: dst.path, object: existing.path })
}
