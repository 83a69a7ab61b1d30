import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import type { HeaderMessage } from './object-header.ts'

const MOST_INDEXES = 8
const INDEX_BYTES = 1 + 1 + 2 + 4 + 3 * 2 + 2 * 8
/** The list of the bodies: one after the other, or a B-tree. Bodies are found without it: a header holds their id in the heap. */
const INDEX_KINDS = [0, 1]

/** The heap in which bodies of messages lie that objects share. */
export interface SharedHeap {
  /** Bit n: messages of type n. */
  readonly messageTypes: number
  /** Null: nothing is shared yet. */
  readonly address: number | null
}

/**
 * Spec: "Shared Message Table Message" of the superblock extension, and the table to which it points. HDF5 reads both when it opens
 * the file. @throws E_META.
 */
export async function readSharedTable(
  source: MetadataSource,
  { body }: HeaderMessage,
  place: Place,
): Promise<readonly SharedHeap[]> {
  body.expectVersion([0], 'the table of shared messages')
  const address = body.requireAddress('the table of shared messages')
  const count = body.uint8()
  if (count === 0 || count > MOST_INDEXES) {
    throw body.damage(`a table of shared messages with ${count} indexes is impossible`, { back: 1 })
  }
  const table = await source.read(address, 4 + count * INDEX_BYTES + 4, place)
  table.expectSignature('SMTB', 'the table of shared messages')
  const indexes = table.part(count * INDEX_BYTES)
  table.expectChecksum('the table of shared messages')
  return Array.from({ length: count }, () => {
    indexes.expectVersion([0], 'an index of shared messages')
    const kind = indexes.uint8()
    if (!INDEX_KINDS.includes(kind)) {
      throw indexes.damage(`an index of shared messages of kind ${kind} is not known`, { back: 1 })
    }
    // Differs from the spec, which has bits 0 to 4: HDF5 uses the numbers of the messages.
    const messageTypes = indexes.uint16()
    // Smallest size, limits of list and B-tree, count of messages; address of the list.
    indexes.skip(4 + 3 * 2 + 8)
    return { messageTypes, address: indexes.address() }
  })
}
