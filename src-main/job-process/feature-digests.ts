import { createHash } from 'node:crypto'
import type { FileWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import type { WrittenChunk } from '../hdf5/writing/written-file.ts'

/** Digests in a job's log, by the name of the feature. */
export interface FeatureDigests {
  /** Two files with the same chunk shape hold the same values exactly if these agree. */
  readonly 'sha256 of chunks'?: Record<string, string>
  /** Of features that were copied as stored: of the chunks as they lie in both files. None where a few chunks had to be stored anew. */
  readonly 'sha256 of stored chunks'?: Record<string, string>
}

/**
 * For each feature of the output the SHA-256, in hexadecimal, over the SHA-256 of its chunks in their order. Nothing for an output that is
 * written without digests; contours, one dataset an event, are left out. No rows may follow.
 */
export async function digestFeatures(output: FileWriter): Promise<FeatureDigests> {
  await output.settle()
  const events = output.root.child('events')
  if (events?.kind !== 'group') return {}
  const values = Object.fromEntries(listDigests(events, { prefix: '', digestOf: 'values' }))
  const stored = Object.fromEntries(listDigests(events, { prefix: '', digestOf: 'stored' }))
  return {
    ...(Object.keys(values).length > 0 && { 'sha256 of chunks': values }),
    ...(Object.keys(stored).length > 0 && { 'sha256 of stored chunks': stored }),
  }
}

interface Wanted extends Pick<WrittenChunk, 'digestOf'> {
  readonly prefix: string
}

function listDigests(group: GroupWriter, { prefix, digestOf }: Wanted): [string, string][] {
  return group.childNames().flatMap((name): [string, string][] => {
    const child = group.child(name)
    if (child?.kind === 'dataset') {
      const digest = digestChunks(child.chunks, digestOf)
      return digest === undefined ? [] : [[prefix + name, digest]]
    }
    const isListed = child?.kind === 'group' && prefix === '' && name !== 'contour'
    return isListed ? listDigests(child, { prefix: `${name}/`, digestOf }) : []
  })
}

/** Undefined for data that are not chunked, or have no digests of this kind. */
function digestChunks(chunks: readonly WrittenChunk[], digestOf: Wanted['digestOf']): string | undefined {
  if (chunks.length === 0) return undefined
  const hash = createHash('sha256')
  for (const chunk of chunks) {
    if (chunk.sha256 === null || chunk.digestOf !== digestOf) return undefined
    hash.update(chunk.sha256)
  }
  return hash.digest('hex')
}
