import { createHash } from 'node:crypto'
import type { FileWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import type { WrittenChunk } from '../hdf5/writing/written-file.ts'

/**
 * For each feature of the output the SHA-256, in hexadecimal, over the SHA-256 of its raw chunks in their order: two files with the same
 * chunk shape hold the same values exactly if these agree. Contours, one dataset an event, are left out. No rows may follow.
 */
export async function digestFeatures(output: FileWriter): Promise<Record<string, string>> {
  await output.settle()
  const events = output.root.child('events')
  return events?.kind === 'group' ? Object.fromEntries(listDigests(events, '')) : {}
}

function listDigests(group: GroupWriter, prefix: string): [string, string][] {
  return group.childNames().flatMap((name): [string, string][] => {
    const child = group.child(name)
    if (child?.kind === 'dataset') return digestChunks(child.chunks).map((digest) => [prefix + name, digest])
    const isListed = child?.kind === 'group' && prefix === '' && name !== 'contour'
    return isListed ? listDigests(child, `${name}/`) : []
  })
}

/** None for data that are not chunked. */
function digestChunks(chunks: readonly WrittenChunk[]): string[] {
  if (chunks.length === 0) return []
  const hash = createHash('sha256')
  for (const { sha256 } of chunks) hash.update(sha256)
  return [hash.digest('hex')]
}
