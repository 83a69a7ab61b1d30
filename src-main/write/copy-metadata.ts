import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import { makeTextAttribute } from '../hdf5/writing/attributes.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { VERSION } from '../version.ts'
import { CopiedObjects } from './copied-objects.ts'
import { copyAttributes } from './copy-attributes.ts'
import { copyTree, type DatasetCopier } from './copy-object.ts'
import type { CopyOptions } from './copy-options.ts'
import { copyStrings } from './copy-strings.ts'
import { copyTable } from './copy-table.ts'
import { requireFiles } from './source-and-output.ts'

/** `pool` left out: the output's. */
export interface CopyMetadataOptions extends Partial<CopyOptions> {
  /** Root attributes, logs, tables: default true, each of them. */
  readonly attributes?: boolean | undefined
  readonly logs?: boolean | undefined
  readonly tables?: boolean | undefined
  /** Appended to the attribute `software` of each copied log and table, behind ` | `; `null`: nothing is. Default `weir <version>`. */
  readonly software?: string | null | undefined
}

/**
 * Copies root attributes, logs and tables that the output lacks; what it has is never replaced. Not basins.
 *
 * Variable-length text becomes fixed-length; everything is stored with `dsKwds`. Empty logs and tables are left out, which is reported
 * (W_EMPTY), as is what cannot be carried (see `copyTree`) or read: where warnings are heard, one damaged log does not keep the others back
 * (`failures`). dcnum: `copy_metadata`.
 */
export async function copyMetadata(
  src: FileReader,
  dst: FileWriter,
  options: CopyMetadataOptions = {},
): Promise<void> {
  requireFiles(src, dst, options)
  const root = await src.root()
  if (options.attributes ?? true) {
    copyAttributes(root, dst.root, { path: src.path, reportWarning: options.reportWarning })
  }
  const copying = {
    failures: 'leave-out',
    pool: dst.pool,
    copied: new CopiedObjects(),
    ...options,
    skipExisting: true,
  } as const
  const software = options.software === undefined ? `weir ${VERSION}` : options.software
  for (const [topic, copier] of [
    ['logs', copyStrings],
    ['tables', copyTable],
  ] as const) {
    const source = (options[topic] ?? true) ? await src.find(`/${topic}`) : undefined
    if (source?.kind !== 'group' || (source.links.length === 0 && source.attributes.length === 0)) continue
    const target = dst.root.requireGroup(topic)
    await copyTree(src, source, target, { ...copying, copyDataset: signCopies(copier, software) })
  }
}

/** The copier, which then says in the copy's attribute `software` who made it. */
function signCopies(copier: DatasetCopier, software: string | null): DatasetCopier {
  if (software === null) return copier
  return async (file, dataset, target, options) => {
    const made = await copier(file, dataset, target, options)
    const attribute = made?.attributes.get('software')
    const before = attribute && readAttributeValue(attribute)
    const chain = typeof before === 'string' && before !== '' ? `${before} | ${software}` : software
    made?.setAttribute(makeTextAttribute('software', chain))
    return made
  }
}
