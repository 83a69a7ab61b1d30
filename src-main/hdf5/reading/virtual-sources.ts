import { dirname, resolve } from 'node:path'
import { LIMITS } from '../model.ts'
import { ByteCursor } from './byte-cursor.ts'
import { showName } from './damage.ts'
import type { FileReader } from './file-reader.ts'
import { GlobalHeap } from './global-heap.ts'
import { skipSelection } from './selection.ts'
import type { StoredDataset } from './stored-object.ts'

const FLAG_SHARED_FILE = 0x01
const FLAG_SHARED_DATASET = 0x02
const FLAG_SAME_FILE = 0x04
const SAME_FILE = '.'

/** What a part of a virtual dataset shows. */
interface VirtualSource {
  readonly file: string
  readonly dataset: string
  /** The virtual dataset grows with it. */
  readonly isUnlimited: boolean
}

/**
 * Why the values of a virtual dataset cannot be read as those of an ordinary one; undefined if they can: all its sources are datasets of
 * the same file, or again virtual ones of which that holds. Nothing is opened but the file itself.
 * @throws E_META, E_CYCLE for damage on the way.
 */
export async function findForeignSource(
  file: FileReader,
  dataset: StoredDataset,
  above: readonly number[] = [],
): Promise<string | undefined> {
  if (above.length > LIMITS.depth || above.includes(dataset.address)) return 'it is a source of itself'
  const sources = await readVirtualSources(file, dataset)
  if (sources.length === 0) return 'it has no sources'
  for (const source of sources) {
    const reason = explainSource(file, source)
    if (reason !== undefined) return reason
    const found = await file.find(source.dataset)
    const name = showName(source.dataset)
    if (found?.kind !== 'dataset') return `its source ${name} is not in the file`
    if (found.layout.kind === 'external') return `the values of its source ${name} lie in another file`
    if (found.layout.kind !== 'virtual') continue
    const deeper = await findForeignSource(file, found, [...above, dataset.address])
    if (deeper !== undefined) return `${deeper} (by way of ${name})`
  }
  return undefined
}

function explainSource(file: FileReader, source: VirtualSource): string | undefined {
  const isSame = source.file === SAME_FILE || resolve(dirname(file.path), source.file) === resolve(file.path)
  if (!isSame) return `its values lie in another file, ${showName(source.file)}`
  // Spec: %b in a name stands for the number of a block, of which there may be ever more.
  if (source.isUnlimited || source.dataset.includes('%')) return 'its length follows that of its sources'
  return undefined
}

/** Spec: "Virtual Dataset Global Heap Block"; version 1 (HDF5 2.0) names a file or dataset again by the entry that named it first. */
async function readVirtualSources(file: FileReader, dataset: StoredDataset): Promise<VirtualSource[]> {
  const { layout } = dataset
  const place = { path: file.path, object: dataset.path }
  if (layout.kind !== 'virtual' || layout.mapping === null) return []
  const { address, index } = layout.mapping
  const bytes = await new GlobalHeap(file.source, place).readObject(address, index)
  const { baseAddress } = file.source
  const cursor = new ByteCursor(bytes, { place, fileOffset: address, baseAddress })
  const version = cursor.expectVersion([0, 1], 'the mapping of a virtual dataset')
  const count = cursor.length()
  const sources: VirtualSource[] = []
  while (sources.length < count) sources.push(readSource(cursor, version, sources))
  cursor.expectChecksum('the mapping of a virtual dataset')
  return sources
}

function readSource(cursor: ByteCursor, version: number, before: readonly VirtualSource[]): VirtualSource {
  const flags = version === 0 ? 0 : cursor.uint8()
  const first = (): VirtualSource => {
    const index = cursor.length()
    const source = before[index]
    if (source === undefined) throw cursor.damage(`there is no source ${index} before this one`, { back: 8 })
    return source
  }
  const file =
    flags & FLAG_SAME_FILE ? SAME_FILE : flags & FLAG_SHARED_FILE ? first().file : cursor.textToNul()
  const dataset = flags & FLAG_SHARED_DATASET ? first().dataset : cursor.textToNul()
  const isUnlimited = [skipSelection(cursor), skipSelection(cursor)].includes(true)
  return { file, dataset, isUnlimited }
}
