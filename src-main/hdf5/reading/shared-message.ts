import type { Datatype } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { makeDamage, makeUnsupported } from './damage.ts'
import { parseDatatype } from './datatype-message.ts'
import type { MetadataSource } from './metadata-source.ts'
import { MESSAGE, readObjectHeader } from './object-header.ts'

const TYPE_IN_HEAP = 1

/** A datatype, and the committed one it was taken from. */
export interface ResolvedDatatype {
  readonly datatype: Datatype
  readonly committedType: number | undefined
}

/**
 * Spec: "Shared Message" in place of a message's body: the address of the object that holds the message.
 * @throws Unsupported for one in the heap of shared messages.
 */
export function parseSharedAddress(cursor: ByteCursor): number {
  const version = cursor.expectVersion([1, 2, 3], 'a shared message')
  const type = cursor.uint8()
  if (version === 3 && type === TYPE_IN_HEAP) {
    throw makeUnsupported(cursor.place, 'header messages in a shared heap are not supported', {
      offset: cursor.offset,
    })
  }
  // Version 1 has 6 reserved bytes and the offset of a name before the address.
  cursor.skip(version === 1 ? 14 : 0)
  return cursor.requireAddress('a committed datatype')
}

/** The datatype of a message, its own or a committed one's. */
export async function readDatatype(
  source: MetadataSource,
  body: ByteCursor,
  shared: boolean,
): Promise<ResolvedDatatype> {
  if (!shared) {
    return { datatype: parseDatatype(body), committedType: undefined }
  }
  const address = parseSharedAddress(body)
  const messages = await readObjectHeader(source, address, body.place)
  const message = messages.find(({ type }) => type === MESSAGE.datatype)
  if (message === undefined || message.shared) {
    throw makeDamage(body.place, 'what should be a committed datatype is none', { offset: address })
  }
  return { datatype: parseDatatype(message.body), committedType: address }
}
