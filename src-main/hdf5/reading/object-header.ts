import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { decodeText } from './byte-cursor.ts'
import { makeDamage, makeUnsupported } from './damage.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import { Walk } from './walk.ts'

/** Spec: "Data Object Header Messages". */
export const MESSAGE = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
  referenceCount: 0x16,
  oldModified: 0x0e,
  modified: 0x12,
} as const

/** Spec: messages that may be stored once for many objects. */
const SHAREABLE: ReadonlySet<number> = new Set([
  MESSAGE.dataspace,
  MESSAGE.datatype,
  MESSAGE.oldFillValue,
  MESSAGE.fillValue,
  MESSAGE.filters,
  MESSAGE.attribute,
])

const LARGEST_KNOWN_MESSAGE = 0x18
/** The library's own mark for what it does not know; never in a file. */
const UNKNOWN_MESSAGE = 0x19
const FLAG_SHARED = 0x02
const FLAG_NEVER_SHARED = 0x04
const FLAG_FAIL_ON_WRITE = 0x08
const FLAG_MARK_UNKNOWN = 0x10
const FLAG_WAS_UNKNOWN = 0x20
const FLAG_SHAREABLE = 0x40
const FLAG_MUST_UNDERSTAND = 0x80
/** Spec: the bits of a version 2 header's flags that have a meaning. */
const HEADER_FLAGS = 0x3f
/** Prefix of a version 2 header at its longest: signature, version, flags, 4 times, 2 attribute limits, 8-byte size. */
const LONGEST_PREFIX = 4 + 1 + 1 + 16 + 4 + 8
const CHECKSUM_BYTES = 4
/** Of a message in version 1. */
const MESSAGE_PREFIX_BYTES = 8

/** One message of an object header; its body begins at the cursor. */
export interface HeaderMessage {
  readonly type: number
  /** The body is a pointer to a committed datatype or to the heap of shared messages. */
  readonly shared: boolean
  readonly body: ByteCursor
}

interface Block {
  readonly address: number
  readonly byteCount: number
}

interface Found {
  readonly messages: HeaderMessage[]
  /** Header and continuations, the ones that were read and those to come. */
  readonly blocks: Block[]
}

interface MessageForm {
  readonly version: 1 | 2
  readonly hasCreationOrder: boolean
}

/**
 * All messages of the object header at `address`, continuations followed, in the order of the file. Checksums of version 2
 * are verified.
 * @throws E_META, E_CYCLE; Unsupported for a message that only newer programs understand.
 */
export async function readObjectHeader(
  source: MetadataSource,
  address: number,
  place: Place,
): Promise<readonly HeaderMessage[]> {
  const walk = new Walk(source, place)
  walk.enter(address, 'the object header')
  const prefix = await source.readUpTo(address, LONGEST_PREFIX, place)
  const first = prefix.bytes[0]
  return first === 1
    ? readVersion1({ source, walk, place }, address, prefix)
    : readVersion2({ source, walk, place }, address, prefix)
}

interface HeaderReading {
  readonly source: MetadataSource
  readonly walk: Walk
  readonly place: Place
}

async function readVersion1(
  reading: HeaderReading,
  address: number,
  prefix: ByteCursor,
): Promise<readonly HeaderMessage[]> {
  // Version, reserved.
  const messageCount = prefix.skip(2).uint16()
  // Reference count.
  const byteCount = prefix.skip(4).uint32()
  if (messageCount === 0 ? byteCount > 0 : byteCount < MESSAGE_PREFIX_BYTES) {
    throw prefix.damage(`an object header of ${messageCount} messages in ${byteCount} bytes is impossible`, {
      back: 4,
    })
  }
  const form: MessageForm = { version: 1, hasCreationOrder: false }
  // Spec: the prefix is padded to 16 bytes, so that messages are aligned to 8.
  const found: Found = { messages: [], blocks: [{ address: address + 16, byteCount }] }
  // The list grows while it is walked.
  for (const block of found.blocks) {
    reading.walk.enter(block.address, 'a header block')
    reading.walk.spend(block.byteCount, block.address)
    const cursor = await reading.source.read(block.address, block.byteCount, reading.place)
    takeMessages(cursor, form, found)
  }
  return found.messages
}

async function readVersion2(
  reading: HeaderReading,
  address: number,
  prefix: ByteCursor,
): Promise<readonly HeaderMessage[]> {
  const { source, walk, place } = reading
  prefix.expectSignature('OHDR', 'the object header').expectVersion([2], 'the object header')
  const flags = prefix.uint8()
  if ((flags & ~HEADER_FLAGS) !== 0) {
    throw prefix.damage(`the object header has unknown flags (${flags})`, { back: 1 })
  }
  prefix.skip(flags & 0x20 ? 16 : 0)
  if ((flags & 0x10) !== 0 && prefix.uint16() < prefix.uint16()) {
    throw prefix.damage('the object header keeps attributes in itself and outside at once', { back: 4 })
  }
  const byteCount = prefix.uint(2 ** (flags & 0x03))
  const form: MessageForm = { version: 2, hasCreationOrder: (flags & 0x04) !== 0 }
  const found: Found = { messages: [], blocks: [] }
  const start = prefix.position
  const head = await source.read(address, start + byteCount + CHECKSUM_BYTES, place)
  walk.spend(byteCount, address)
  takeMessages(checkBlock(head, start), form, found)
  for (const block of found.blocks) {
    walk.enter(block.address, 'a header continuation')
    walk.spend(block.byteCount, block.address)
    const cursor = await source.read(block.address, block.byteCount, place)
    cursor.expectSignature('OCHK', 'a header continuation')
    takeMessages(checkBlock(cursor, 4), form, found)
  }
  return found.messages
}

/** Checks the checksum at the end of a block of a version 2 header and gives what lies between `start` and it. */
function checkBlock(cursor: ByteCursor, start: number): ByteCursor {
  cursor.skip(start - cursor.position)
  const body = cursor.part(Math.max(0, cursor.remaining - CHECKSUM_BYTES))
  cursor.expectChecksum('the object header')
  return body
}

function takeMessages(cursor: ByteCursor, form: MessageForm, found: Found): void {
  const { messages, blocks } = found
  const prefixBytes = form.version === 1 ? MESSAGE_PREFIX_BYTES : form.hasCreationOrder ? 6 : 4
  let hasNil = false
  // Fewer bytes than a message's prefix are a gap.
  while (cursor.remaining >= prefixBytes) {
    const type = form.version === 1 ? cursor.uint16() : cursor.uint8()
    const byteCount = cursor.uint16()
    const flags = cursor.uint8()
    cursor.skip(prefixBytes - (form.version === 1 ? 5 : 4))
    if (form.version === 1 && byteCount % 8 !== 0) {
      throw cursor.damage(`a header message of ${byteCount} bytes is not aligned`)
    }
    const body = cursor.part(byteCount)
    checkMessage(type, flags, body)
    hasNil ||= type === MESSAGE.nil
    if (type === MESSAGE.continuation) {
      blocks.push(readContinuation(body))
    } else if (type !== MESSAGE.nil) {
      messages.push({ type, shared: (flags & FLAG_SHARED) !== 0, body })
    }
    if (messages.length + blocks.length > LIMITS.visitedBlocks) {
      throw makeDamage(cursor.place, 'the object header has too many messages', { offset: cursor.offset })
    }
  }
  // A gap is too small for a message; where there is one of no content, the gap would belong to it.
  if (cursor.remaining > 0 && (form.version === 1 || hasNil)) {
    throw cursor.damage(`${cursor.remaining} bytes at the end of the object header belong to no message`)
  }
}

function readContinuation(body: ByteCursor): Block {
  const address = body.requireAddress('a header continuation')
  const byteCount = body.length()
  if (byteCount === 0) {
    throw body.damage('a header continuation of 0 bytes is impossible', { back: 8 })
  }
  return { address, byteCount }
}

/** What HDF5 refuses of a message before it looks into it. */
function checkMessage(type: number, flags: number, body: ByteCursor): void {
  const has = (flag: number): boolean => (flags & flag) !== 0
  const isContrary =
    (has(FLAG_SHARED) && has(FLAG_NEVER_SHARED)) ||
    (has(FLAG_WAS_UNKNOWN) && (has(FLAG_FAIL_ON_WRITE) || !has(FLAG_MARK_UNKNOWN)))
  const isOnItsOwn = type <= LARGEST_KNOWN_MESSAGE && !SHAREABLE.has(type)
  if (isContrary || (isOnItsOwn && (has(FLAG_SHAREABLE) || has(FLAG_SHARED)))) {
    throw body.damage(`header message ${type} has impossible flags (${flags})`)
  }
  if (type === UNKNOWN_MESSAGE) {
    throw body.damage(`header message ${type} is impossible`)
  }
  checkUnderstood(type, flags, body)
  checkSmall(type, body)
}

/** Messages that nothing here needs, but without which HDF5 does not open the object. */
function checkSmall(type: number, body: ByteCursor): void {
  switch (type) {
    case MESSAGE.referenceCount:
      body.expectVersion([0], 'a reference count')
      body.skip(4)
      break
    case MESSAGE.modified:
      body.expectVersion([1], 'a modification time')
      body.skip(7)
      break
    case MESSAGE.oldModified:
      if (!/^\d{14}$/.test(decodeText(body.run(14)))) {
        throw body.damage('a modification time is no date', { back: 14 })
      }
      break
  }
}

function checkUnderstood(type: number, flags: number, body: ByteCursor): void {
  if (type > LARGEST_KNOWN_MESSAGE && (flags & FLAG_MUST_UNDERSTAND) !== 0) {
    const what = `was made by a newer program: header message ${type} is unknown`
    throw makeUnsupported(body.place, what, { offset: body.offset, code: 'E_META' })
  }
}
