import { LIMITS, elementCount, isCarriable } from '../model.ts'
import type { Attribute, Dataspace, Datatype } from '../model.ts'
import { nameDtype } from '../dtype-name.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { decodeName } from '../name-bytes.ts'
import { makeUnsupported } from './damage.ts'
import type { GlobalHeap } from './global-heap.ts'
import { resolveSequences } from './resolve-sequences.ts'
import type { SharedMessages } from './shared-message.ts'
import type { RefusedAttribute } from './stored-object.ts'
import { Hdf5Error, Unsupported } from '../../errors.ts'

const FLAG_SHARED_TYPE = 0x01
const FLAG_SHARED_SPACE = 0x02

/** One attribute, or why it cannot be carried. */
export type AttributeReading =
  | { readonly kind: 'attribute'; readonly attribute: Attribute }
  | { readonly kind: 'refused'; readonly refused: RefusedAttribute }

/** Where parts of an attribute lie that are not in its message. */
export interface AttributeContext {
  readonly heap: GlobalHeap
  readonly shared: SharedMessages
}

interface AttributeParts {
  readonly name: string
  readonly flags: number
  readonly datatype: ByteCursor
  readonly dataspace: ByteCursor
  /** The elements and whatever padding follows. */
  readonly data: ByteCursor
}

/**
 * Spec: "Attribute Message", versions 1 to 3, its variable-length parts resolved. What cannot be carried (references) is refused, and so
 * is what is damaged: one attribute does not hide its object.
 */
export async function readAttribute(
  cursor: ByteCursor,
  context: AttributeContext,
): Promise<AttributeReading> {
  let name = '(attribute)'
  try {
    const parts = splitAttribute(cursor)
    name = parts.name
    return await readParts(parts, context)
  } catch (error) {
    return { kind: 'refused', refused: refuseAttribute(name, error) }
  }
}

/** Throws on what is not the attribute's own trouble: a disk that does not answer, a mistake of Weir. */
export function refuseAttribute(name: string, thrown: unknown): RefusedAttribute {
  if (thrown instanceof Unsupported) return { name, reason: thrown.message }
  if (thrown instanceof Hdf5Error && thrown.code !== 'E_IO') {
    return { name, reason: thrown.message, error: thrown }
  }
  throw thrown
}

async function readParts(parts: AttributeParts, context: AttributeContext): Promise<AttributeReading> {
  const { name, flags } = parts
  const { heap, shared } = context
  const { datatype } = await shared.readDatatype(parts.datatype, (flags & FLAG_SHARED_TYPE) !== 0)
  const dataspace = await shared.readDataspace(parts.dataspace, (flags & FLAG_SHARED_SPACE) !== 0)
  if (!isCarriable(datatype)) {
    const reason = `values of type ${nameDtype(datatype)} cannot be carried to another file`
    return { kind: 'refused', refused: { name, reason } }
  }
  const bytes = takeData(parts, datatype, dataspace)
  const data = await resolveSequences(heap, parts.data.origin.baseAddress, { datatype, bytes })
  return { kind: 'attribute', attribute: { name, datatype, dataspace, data } }
}

function takeData(parts: AttributeParts, datatype: Datatype, dataspace: Dataspace): Uint8Array {
  const byteCount = elementCount(dataspace) * datatype.size
  const isThere = byteCount <= parts.data.remaining
  if (isThere && byteCount > LIMITS.attributeBytes) {
    const what = `attribute ${parts.name} of ${byteCount} bytes is larger than Weir carries (${LIMITS.attributeBytes})`
    throw makeUnsupported(parts.data.place, what, { offset: parts.data.offset })
  }
  return parts.data.copy(byteCount)
}

function splitAttribute(cursor: ByteCursor): AttributeParts {
  const version = cursor.expectVersion([1, 2, 3], 'an attribute')
  const flags = cursor.uint8()
  const nameBytes = cursor.uint16()
  const typeBytes = cursor.uint16()
  const spaceBytes = cursor.uint16()
  if (version > 1 && (flags & ~(FLAG_SHARED_TYPE | FLAG_SHARED_SPACE)) !== 0) {
    throw cursor.damage(`an attribute has unknown flags (${flags})`)
  }
  if (version === 3 && cursor.uint8() > 1) {
    throw cursor.damage('the character set of an attribute is not known', { back: 1 })
  }
  const pad = (byteCount: number): number => (version === 1 ? (8 - (byteCount % 8)) % 8 : 0)
  const rawName = cursor.run(nameBytes)
  // Spec: the length counts the NUL.
  if (rawName.indexOf(0) !== nameBytes - 1) {
    throw cursor.damage('the name of an attribute has another length than it says', { back: nameBytes })
  }
  const name = decodeName(rawName.subarray(0, -1))
  cursor.skip(pad(nameBytes))
  const datatype = cursor.part(typeBytes)
  cursor.skip(pad(typeBytes))
  const dataspace = cursor.part(spaceBytes)
  cursor.skip(pad(spaceBytes))
  // Spec: version 1 has a reserved byte in place of the flags.
  return { name, flags: version === 1 ? 0 : flags, datatype, dataspace, data: cursor.part(cursor.remaining) }
}
