import { createHash } from 'node:crypto'
import type { DatasetWriter, FileWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import type { WrittenChunk } from '../hdf5/writing/written-file.ts'

/** Digests in a job's log, by the name of the feature. */
export interface FeatureDigests {
  /** Of the values, whatever the chunks and filters: see docs/values-digest.md. */
  readonly 'sha256 of values'?: Record<string, string>
  /** Of features that were copied as stored: of the chunks as they lie in both files. None where a few chunks had to be stored anew. */
  readonly 'sha256 of stored chunks'?: Record<string, string>
}

/** Is this the path of a feature, or of a part of one? Contours, one dataset an event, are left out. */
export function isDigested(path: string): boolean {
  return /^\/events\/(?!contour\/)[^/]+(\/[^/]+)?$/.test(path)
}

/** The digests of the features of an output; none for one that is written without proofs. No rows may follow. */
export async function digestFeatures(output: FileWriter): Promise<FeatureDigests> {
  await output.settle()
  const events = output.root.child('events')
  if (events?.kind !== 'group') return {}
  const datasets = listDatasets(events, '')
  const values = keepKnown(datasets.map(([name, dataset]) => [name, dataset.valuesDigest]))
  const stored = keepKnown(datasets.map(([name, dataset]) => [name, digestStored(dataset.chunks)]))
  return {
    ...(Object.keys(values).length > 0 && { 'sha256 of values': values }),
    ...(Object.keys(stored).length > 0 && { 'sha256 of stored chunks': stored }),
  }
}

function listDatasets(group: GroupWriter, prefix: string): [string, DatasetWriter][] {
  return group.childNames().flatMap((name): [string, DatasetWriter][] => {
    const child = group.child(name)
    if (child?.kind === 'dataset') return [[prefix + name, child]]
    const isListed = child?.kind === 'group' && prefix === '' && name !== 'contour'
    return isListed ? listDatasets(child, `${name}/`) : []
  })
}

/** SHA-256, in hexadecimal, over the SHA-256 of the chunks in their order. */
function digestStored(chunks: readonly WrittenChunk[]): string | undefined {
  if (chunks.length === 0) return undefined
  const hash = createHash('sha256')
  for (const { isKept, sha256 } of chunks) {
    if (!isKept || sha256 === null) return undefined
    hash.update(sha256, 'hex')
  }
  return hash.digest('hex')
}

function keepKnown(digests: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(
    digests.flatMap(([name, digest]) => (digest === undefined ? [] : [[name, digest]])),
  )
}
