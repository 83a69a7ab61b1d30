import { Hdf5Error } from '../../errors.ts'

/** Spec: RFC 8878, 3.1.1. */
const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const SKIPPABLE_MASK = 0xfffffff0
export const MAX_BLOCK_BYTES = 128 * 1024
/** Spec: by the lowest two bits of the descriptor. */
const DICTIONARY_BYTES = [0, 1, 2, 4] as const
/** A decoder takes memory for the window that a frame asks for; more is granted only as far as there is content for it. */
const MAX_WINDOW_BYTES = 2 ** 27
/** Far more than any encoder makes of the largest chunk. */
const MAX_BLOCKS = 1_000_000
const WINDOW_OFFSET = 5

export interface ZstdBlock {
  readonly offset: number
  readonly type: 'raw' | 'run' | 'compressed'
  /** Bytes that it decodes to: exactly, or for a compressed one at most. */
  readonly mostBytes: number
}

/** What a frame says about itself. */
export interface ZstdFrame {
  readonly bytes: Uint8Array
  readonly descriptor: FrameDescriptor
  readonly blocks: readonly ZstdBlock[]
}

export interface FrameDescriptor {
  readonly headerBytes: number
  /** The window is the content. */
  readonly isSingleSegment: boolean
  readonly windowBytes: number
  readonly contentBytes: number | undefined
  readonly hasChecksum: boolean
}

/** All that lies in encoded bytes. */
export interface ZstdStream {
  /** With data; skippable ones are left out. */
  readonly frames: readonly ZstdFrame[]
  readonly startsWithSkippable: boolean
  /** Behind the last frame, and not the start of another. */
  readonly trailingBytes: number
}

/** Splits encoded bytes into frames. Throws Hdf5Error E_CHUNK. */
export function readStream(data: Uint8Array): ZstdStream {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const frames: ZstdFrame[] = []
  let offset = 0
  let startsWithSkippable = false
  while (offset < data.byteLength) {
    const kind = readKind(view, offset)
    if (kind === 'none') {
      // A decoder is done when its frames are; what follows them is nobody's.
      if (frames.length === 0) throw damaged('no zstd frame where one has to start', offset)
      break
    }
    if (kind === 'skippable') {
      requireBytes(view, offset, 8)
      const bytes = 8 + view.getUint32(offset + 4, true)
      requireBytes(view, offset, bytes)
      startsWithSkippable ||= offset === 0
      offset += bytes
    } else {
      const frame = readFrame(data.subarray(offset))
      frames.push(frame)
      offset += frame.bytes.byteLength
    }
  }
  return { frames, startsWithSkippable, trailingBytes: data.byteLength - offset }
}

function readKind(view: DataView, offset: number): 'data' | 'skippable' | 'none' {
  if (offset + 4 > view.byteLength) return 'none'
  const magic = view.getUint32(offset, true)
  if (magic === MAGIC) return 'data'
  return (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC ? 'skippable' : 'none'
}

/** Reads the first bytes of a frame. Throws Hdf5Error E_CHUNK. */
export function readDescriptor(view: DataView): FrameDescriptor {
  requireBytes(view, 0, 6)
  const flags = view.getUint8(4)
  if ((flags & 0b1000) !== 0) throw damaged('a zstd frame of an unknown kind', 4)
  const isSingleSegment = (flags & 0b10_0000) !== 0
  const contentFlag = flags >>> 6
  const dictionaryOffset = isSingleSegment ? 5 : 6
  const contentOffset = dictionaryOffset + DICTIONARY_BYTES[flags & 0b11]!
  requireBytes(view, 0, contentOffset)
  // Spec: number 0 is no dictionary.
  for (let offset = dictionaryOffset; offset < contentOffset; offset += 1) {
    if (view.getUint8(offset) !== 0) throw damaged('a zstd frame that needs a dictionary', offset)
  }
  const fieldBytes = contentFlag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** contentFlag
  const headerBytes = contentOffset + fieldBytes
  requireBytes(view, 0, headerBytes)
  const contentBytes = fieldBytes === 0 ? undefined : readContentBytes(view, contentOffset, fieldBytes)
  const windowBytes = isSingleSegment ? (contentBytes ?? 0) : readWindowBytes(view.getUint8(WINDOW_OFFSET))
  return { headerBytes, isSingleSegment, windowBytes, contentBytes, hasChecksum: (flags & 0b100) !== 0 }
}

/**
 * A frame with its content size in the header, made of one without.
 *
 * HDF5's zstd filter sizes its output by that field: without it h5py cannot read the chunk. The frame has to have a
 * window descriptor, as those of streaming encoders do.
 */
export function withContentSize(frame: Uint8Array, contentBytes: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (readDescriptor(view).contentBytes !== undefined) return frame.slice()
  const result = new Uint8Array(frame.byteLength + 4)
  result.set(frame.subarray(0, 6))
  result[4] = frame[4]! | (2 << 6)
  new DataView(result.buffer).setUint32(6, contentBytes, true)
  result.set(frame.subarray(6), 10)
  return result
}

/**
 * A frame that asks for a window larger than its content, or than `limitBytes`, as one that asks for no more than needed: so a decoder takes memory
 * for what there is and not for what is claimed. Any other frame as it is.
 */
export function withFittingWindow(frame: ZstdFrame, limitBytes: number): ZstdFrame {
  const { bytes, descriptor } = frame
  if (descriptor.isSingleSegment || descriptor.windowBytes <= MAX_WINDOW_BYTES) return frame
  const needed = Math.max(MAX_BLOCK_BYTES, Math.min(descriptor.contentBytes ?? limitBytes, limitBytes))
  const fitting = bytes.slice()
  fitting[WINDOW_OFFSET] = windowByte(needed)
  const windowBytes = Math.min(descriptor.windowBytes, readWindowBytes(fitting[WINDOW_OFFSET]))
  return { ...frame, bytes: fitting, descriptor: { ...descriptor, windowBytes } }
}

/** The first blocks of a frame as a frame of its own, without content size and checksum. */
export function takeBlocks(frame: ZstdFrame, count: number): Uint8Array<ArrayBuffer> {
  const { bytes, descriptor, blocks } = frame
  const end = count < blocks.length ? blocks[count]!.offset : endOfBlocks(frame)
  const body = bytes.subarray(descriptor.headerBytes, end)
  const result = new Uint8Array(6 + body.byteLength)
  new DataView(result.buffer).setUint32(0, MAGIC, true)
  result[5] = windowByte(descriptor.windowBytes)
  result.set(body, 6)
  const last = blocks[count - 1]!.offset - descriptor.headerBytes + 6
  result[last] = result[last]! | 1
  return result
}

function readFrame(data: Uint8Array): ZstdFrame {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const descriptor = readDescriptor(view)
  const blocks: ZstdBlock[] = []
  let offset = descriptor.headerBytes
  let isLast = false
  while (!isLast) {
    requireBytes(view, offset, 3)
    const header = view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16)
    const block = readBlock(header, offset, Math.min(descriptor.windowBytes, MAX_BLOCK_BYTES))
    blocks.push(block)
    if (blocks.length > MAX_BLOCKS) throw damaged('a zstd frame of too many blocks', offset)
    isLast = (header & 1) === 1
    offset += 3 + (block.type === 'run' ? 1 : header >>> 3)
    requireBytes(view, 0, offset)
  }
  const bytes = offset + (descriptor.hasChecksum ? 4 : 0)
  requireBytes(view, 0, bytes)
  return { bytes: data.subarray(0, bytes), descriptor, blocks }
}

function readBlock(header: number, offset: number, mostBytes: number): ZstdBlock {
  const type = (header >>> 1) & 0b11
  const blockBytes = header >>> 3
  if (type === 3 || blockBytes > MAX_BLOCK_BYTES) throw damaged('a zstd block of an unknown kind', offset)
  if (type === 2) return { offset, type: 'compressed', mostBytes }
  return { offset, type: type === 0 ? 'raw' : 'run', mostBytes: blockBytes }
}

function endOfBlocks(frame: ZstdFrame): number {
  return frame.bytes.byteLength - (frame.descriptor.hasChecksum ? 4 : 0)
}

function readContentBytes(view: DataView, offset: number, fieldBytes: number): number {
  switch (fieldBytes) {
    case 1:
      return view.getUint8(offset)
    case 2:
      // Spec: 256 is added to the two-byte form.
      return view.getUint16(offset, true) + 256
    case 4:
      return view.getUint32(offset, true)
    default:
      return Number(view.getBigUint64(offset, true))
  }
}

function readWindowBytes(byte: number): number {
  const base = 2 ** (10 + (byte >>> 3))
  return base + (base / 8) * (byte & 0b111)
}

/** The smallest window descriptor for at least so many bytes. */
function windowByte(bytes: number): number {
  let exponent = 0
  while (2 ** (10 + exponent) < bytes) exponent += 1
  return exponent << 3
}

function requireBytes(view: DataView, offset: number, bytes: number): void {
  if (offset + bytes > view.byteLength) throw damaged('a zstd frame that ends too early', view.byteLength)
}

function damaged(what: string, offset: number): Hdf5Error {
  return new Hdf5Error('E_CHUNK', `the chunk holds ${what} (byte ${offset} of its stored bytes)`)
}
