import { lookup3 } from '../lookup3.ts'
import { ByteWriter } from './byte-writer.ts'

/** Spec: types of header messages. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fillValue: 0x05,
  link: 0x06,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  symbolTable: 0x11,
  attributeInfo: 0x15,
  referenceCount: 0x16,
} as const

/** Spec: the size of a header message is a 16-bit number. */
export const MAX_MESSAGE_BYTES = 65_535

/** Names of links and attributes, which lie in a message with a little beside them. */
export const MAX_NAME_BYTES = MAX_MESSAGE_BYTES - 16

export interface HeaderMessage {
  readonly type: number
  readonly body: Uint8Array
  /** The library marks what never changes in the life of an object (datatype, fill value, filters). */
  readonly isConstant?: boolean
}

const HEADER_VERSION = 2
/** The size of the (only) chunk of messages takes four bytes; no times, no attribute order. */
const FLAGS = 0x02
const CONSTANT = 0x01

/** Spec: object header version 2 with all messages in its first chunk, and its checksum. */
export function encodeObjectHeader(messages: readonly HeaderMessage[]): Uint8Array<ArrayBuffer> {
  const messageBytes = messages.reduce((sum, message) => sum + 4 + message.body.byteLength, 0)
  const writer = new ByteWriter(messageBytes + 14)
  writer.text('OHDR').uint8(HEADER_VERSION).uint8(FLAGS).uint32(messageBytes)
  for (const { type, body, isConstant = false } of messages) {
    writer.uint8(type).uint16(body.byteLength)
    writer.uint8(isConstant ? CONSTANT : 0).bytes(body)
  }
  return writer.uint32(lookup3(writer.toBytes())).toBytes()
}

/**
 * Spec: Attribute Info with no heap and no index: all attributes are messages of the header.
 * Without it h5py counts no attributes, although it finds them. It must not be the last message of a header: pyfive 1.3.0 reads
 * the 28 bytes of its longest form before it looks at what is there.
 */
export function attributeInfoMessage(): HeaderMessage {
  const body = new ByteWriter(18).uint8(0).uint8(0).address(null).address(null).toBytes()
  return { type: MESSAGE.attributeInfo, body }
}

/** Spec: Object Reference Count, needed where several hard links lead to an object. */
export function referenceCountMessages(linkCount: number): readonly HeaderMessage[] {
  if (linkCount === 1) return []
  return [{ type: MESSAGE.referenceCount, body: new ByteWriter(5).uint8(0).uint32(linkCount).toBytes() }]
}
