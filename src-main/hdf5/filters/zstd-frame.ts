import { Hdf5Error } from '../../errors.ts'

/** Spec: RFC 8878, 3.1.1. */
const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const SKIPPABLE_MASK = 0xfffffff0
export const MAX_BLOCK_BYTES = 128 * 1024
/** A frame may ask its decoder for a window of any size; so much is granted. */
const MAX_WINDOW_BYTES = 2 ** 27
/** Far more than any encoder makes of the largest chunk. */
const MAX_BLOCKS = 1_000_000

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
  readonly windowBytes: number
  readonly contentBytes: number | undefined
  readonly hasChecksum: boolean
}

/** Splits encoded bytes into their data frames; skippable ones are left out. Throws Hdf5Error E_CHUNK. */
export function readFrames(data: Uint8Array): readonly ZstdFrame[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const frames: ZstdFrame[] = []
  let offset = 0
  while (offset < data.byteLength) {
    requireBytes(view, offset, 8)
    const magic = view.getUint32(offset, true)
    if ((magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC) {
      const bytes = 8 + view.getUint32(offset + 4, true)
      requireBytes(view, offset, bytes)
      offset += bytes
    } else {
      if (magic !== MAGIC) throw damaged('no zstd frame where one has to start', offset)
      const frame = readFrame(data.subarray(offset))
      frames.push(frame)
      offset += frame.bytes.byteLength
    }
  }
  return frames
}

/** Reads the first bytes of a frame. Throws Hdf5Error E_CHUNK. */
export function readDescriptor(view: DataView): FrameDescriptor {
  requireBytes(view, 0, 6)
  const flags = view.getUint8(4)
  if ((flags & 0b1000) !== 0) throw damaged('a zstd frame of an unknown kind', 4)
  if ((flags & 0b11) !== 0) throw damaged('a zstd frame that needs a dictionary', 4)
  const isSingleSegment = (flags & 0b10_0000) !== 0
  const contentFlag = flags >>> 6
  const contentOffset = isSingleSegment ? 5 : 6
  const fieldBytes = contentFlag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** contentFlag
  const headerBytes = contentOffset + fieldBytes
  requireBytes(view, 0, headerBytes)
  const contentBytes = fieldBytes === 0 ? undefined : readContentBytes(view, contentOffset, fieldBytes)
  const windowBytes = isSingleSegment ? (contentBytes ?? 0) : readWindowBytes(view.getUint8(5))
  return { headerBytes, windowBytes, contentBytes, hasChecksum: (flags & 0b100) !== 0 }
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
  if (descriptor.windowBytes > MAX_WINDOW_BYTES) throw damaged('a zstd frame with too large a window', 5)
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
