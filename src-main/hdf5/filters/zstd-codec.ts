import { createRequire } from 'node:module'
import * as zlib from 'node:zlib'
import { Hdf5Error, Internal, Unsupported } from '../../errors.ts'
import {
  MAX_BLOCK_BYTES,
  readDescriptor,
  readStream,
  takeBlocks,
  withContentSize,
  withFittingWindow,
  type ZstdBlock,
  type ZstdFrame,
} from './zstd-frame.ts'

/**
 * What the encoder is asked beyond its level; whoever decodes needs to know nothing of it. All values are whole numbers in the range of
 * zstd, which takes others without a word.
 */
export interface ZstdParameters {
  readonly level: number
  /** Powers of two. A block is no longer than its window, and each has a table of literals of its own. */
  readonly windowLog?: number | undefined
  readonly hashLog?: number | undefined
  readonly minMatch?: number | undefined
  /** `fast`: a hash table and no search. Left out: that of the level. */
  readonly strategy?: 'fast' | undefined
}

/** Zstandard, whole buffers, synchronous. */
export interface ZstdCodec {
  readonly name: 'node:zlib' | '@toondepauw/node-zstd'
  /** Does it take more than a level? */
  readonly takesParameters: boolean
  /** One frame that says its content size. */
  compress(data: Uint8Array, parameters: ZstdParameters): Uint8Array<ArrayBuffer>
  /**
   * Decodes one frame; stops with E_BOMB soon after `limitBytes`, throws E_CHUNK if the frame is damaged. What comes out may lie in memory
   * of the codec, which cannot be transferred to another thread.
   */
  decompress(frame: ZstdFrame, limitBytes: number): Uint8Array<ArrayBuffer>
}

/** The part of node:zlib that came with Node 22.15 and is not in the types of Node 20. */
interface ZlibWithZstd {
  zstdCompressSync(data: Uint8Array, options: object): Buffer<ArrayBuffer>
  zstdDecompressSync(data: Uint8Array, options: object): Buffer<ArrayBuffer>
  readonly constants: Readonly<
    Record<
      | 'ZSTD_c_compressionLevel'
      | 'ZSTD_c_windowLog'
      | 'ZSTD_c_hashLog'
      | 'ZSTD_c_minMatch'
      | 'ZSTD_c_strategy'
      | 'ZSTD_fast'
      | 'ZSTD_d_windowLogMax',
      number
    >
  >
}

interface NodeZstdAddon {
  readonly Encoder: new (level: number) => { encodeSync(data: Uint8Array): Buffer }
  readonly Decoder: new () => { decodeSync(data: Uint8Array): Buffer }
}

/** The addon's decoder has no bound, so blocks are handed to it while they cannot make more than this beyond the limit. */
const SLACK_BYTES = 32 * 2 ** 20

/** The largest chunk in one window; `withFittingWindow` sees to it that nothing asks for more than it holds. */
const MAX_WINDOW_LOG = 28

let chosen: ZstdCodec | undefined

/** The codec of this runtime: that of Node where it has one, else the addon. Throws Unsupported E_CODEC if neither is there. */
export function chooseZstd(): ZstdCodec {
  chosen ??= loadZlibZstd() ?? loadAddonZstd()
  if (chosen) return chosen
  throw new Unsupported(
    'E_CODEC',
    `no zstd codec: Node ${process.versions.node} has none of its own (22.15 and newer do) and the package ` +
      `@toondepauw/node-zstd has no binary for ${process.platform}-${process.arch} here; run "npm install" again`,
  )
}

/** Which codec is used, in one line for logs and `--version`. Throws as `chooseZstd`: call it at start. */
export function describeZstd(): string {
  return `zstd by ${chooseZstd().name} on Node ${process.versions.node}`
}

/**
 * One frame that says its content size, by which HDF5's filter makes room. The level as a filter stores it: negative ones lie beyond 2^31.
 * Throws Internal for a codec that makes any other frame, or that is asked for parameters that it does not take.
 */
export function compressZstd(
  data: Uint8Array,
  parameters: ZstdParameters,
  codec = chooseZstd(),
): Uint8Array<ArrayBuffer> {
  if (!codec.takesParameters && !isPlainLevel(parameters))
    throw new Internal(`${codec.name} takes a level and no other parameters`)
  const frame = codec.compress(data, { ...parameters, level: toSignedLevel(parameters.level) })
  const { contentBytes } = readDescriptor(new DataView(frame.buffer, frame.byteOffset, frame.byteLength))
  if (contentBytes === data.byteLength) return frame
  throw new Internal(`${codec.name} made a zstd frame of ${data.byteLength} bytes that says ${contentBytes}`)
}

/** Is nothing asked of the encoder but its level? */
export function isPlainLevel({ windowLog, hashLog, minMatch, strategy }: ZstdParameters): boolean {
  return [windowLog, hashLog, minMatch, strategy].every((value) => value === undefined)
}

/** Spec: parameters of a filter are unsigned, levels of zstd are not. */
export function toSignedLevel(value: number): number {
  return value | 0
}

/** Decodes all frames of a chunk; as `ZstdCodec.decompress` into memory that may be the codec's. Throws Hdf5Error E_BOMB above `limitBytes` and E_CHUNK for damage. */
export function decompressZstd(
  data: Uint8Array,
  limitBytes: number,
  codec = chooseZstd(),
): Uint8Array<ArrayBuffer> {
  const { frames } = readStream(data)
  if (frames.length === 0) throw new Hdf5Error('E_CHUNK', 'the chunk holds no zstd frame')
  const parts: Uint8Array<ArrayBuffer>[] = []
  let total = 0
  for (const frame of frames) {
    if ((frame.descriptor.contentBytes ?? 0) > limitBytes - total) throw makesTooMuch(limitBytes)
    const part = codec.decompress(withFittingWindow(frame, limitBytes - total), limitBytes - total)
    total += part.byteLength
    parts.push(part)
  }
  const only = parts[0]
  return parts.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(parts))
}

/** The codec of node:zlib, or undefined before Node 22.15. */
export function loadZlibZstd(): ZstdCodec | undefined {
  if (!('zstdCompressSync' in zlib)) return undefined
  // The types are those of Node 20; the line above has looked.
  const zstd = zlib as unknown as ZlibWithZstd
  return {
    name: 'node:zlib',
    takesParameters: true,
    compress(data, parameters) {
      // Without a chunk size of at least the output's, zlib grows its output by 16 KiB at a time.
      const chunkSize = boundOf(data.byteLength)
      const params = toZlibParameters(zstd, parameters)
      return zstd.zstdCompressSync(data, { params, chunkSize, pledgedSrcSize: data.byteLength })
    },
    decompress({ bytes, descriptor }, limitBytes) {
      const chunkSize = Math.max(64, Math.min(descriptor.contentBytes ?? limitBytes, limitBytes) + 1)
      const params = { [zstd.constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG }
      try {
        return zstd.zstdDecompressSync(bytes, { params, chunkSize, maxOutputLength: Math.max(1, limitBytes) })
      } catch (thrown) {
        throw toCodecError(thrown, limitBytes)
      }
    },
  }
}

function toZlibParameters({ constants }: ZlibWithZstd, parameters: ZstdParameters): Record<number, number> {
  const { level, windowLog, hashLog, minMatch, strategy } = parameters
  const params: Record<number, number> = { [constants.ZSTD_c_compressionLevel]: level }
  if (windowLog !== undefined) params[constants.ZSTD_c_windowLog] = windowLog
  if (hashLog !== undefined) params[constants.ZSTD_c_hashLog] = hashLog
  if (minMatch !== undefined) params[constants.ZSTD_c_minMatch] = minMatch
  if (strategy !== undefined) params[constants.ZSTD_c_strategy] = constants.ZSTD_fast
  return params
}

/** The codec of the addon, or undefined where it has no binary for this machine. */
export function loadAddonZstd(): ZstdCodec | undefined {
  const addon = requireAddon()
  if (!addon) return undefined
  const encoders = new Map<number, InstanceType<NodeZstdAddon['Encoder']>>()
  const decoder = new addon.Decoder()
  return {
    name: '@toondepauw/node-zstd',
    takesParameters: false,
    compress(data, { level }) {
      const encoder = encoders.get(level) ?? new addon.Encoder(level)
      encoders.set(level, encoder)
      return withContentSize(encoder.encodeSync(toBuffer(data)), data.byteLength)
    },
    decompress: (frame, limitBytes) =>
      decodeBounded(frame, limitBytes, (bytes) => decoder.decodeSync(toBuffer(bytes))),
  }
}

function requireAddon(): NodeZstdAddon | undefined {
  try {
    return createRequire(import.meta.url)('@toondepauw/node-zstd') as NodeZstdAddon
  } catch {
    // Not installed, or installed without a binary for this machine: the caller says what that means.
    return undefined
  }
}

/**
 * Decodes with a decoder that knows no bound. A frame whose blocks cannot make much more than the limit goes in whole;
 * any other in growing pieces from its start, so that what comes out is never far beyond the limit.
 */
function decodeBounded(
  frame: ZstdFrame,
  limitBytes: number,
  decode: (bytes: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  requirePlausible(frame.blocks, limitBytes)
  let count = 0
  let known = 0
  for (;;) {
    count = countBlocks(frame.blocks, count, limitBytes - known + Math.max(SLACK_BYTES, limitBytes))
    const isWhole = count === frame.blocks.length
    const result = decodeOrExplain(isWhole ? frame.bytes : takeBlocks(frame, count), decode, limitBytes)
    if (result.byteLength > limitBytes) throw makesTooMuch(limitBytes)
    if (isWhole) return new Uint8Array(result.buffer as ArrayBuffer, result.byteOffset, result.byteLength)
    known = result.byteLength
  }
}

/** Refuses frames that could only waste time: encoders split 128 KiB into at most 196 compressed blocks. */
function requirePlausible(blocks: readonly ZstdBlock[], limitBytes: number): void {
  let exactBytes = 0
  let compressed = 0
  for (const block of blocks) {
    if (block.type === 'compressed') compressed += 1
    else exactBytes += block.mostBytes
  }
  if (exactBytes > limitBytes) throw makesTooMuch(limitBytes)
  if (compressed > 64 + 256 * Math.ceil(limitBytes / MAX_BLOCK_BYTES)) {
    throw new Hdf5Error('E_CHUNK', `the chunk holds ${compressed} zstd blocks for ${limitBytes} bytes`)
  }
}

/** How many blocks, `from` and at least one more, make at most so many bytes. */
function countBlocks(blocks: readonly ZstdBlock[], from: number, budgetBytes: number): number {
  let count = from
  let bytes = 0
  while (count < blocks.length && (count === from || bytes + blocks[count]!.mostBytes <= budgetBytes)) {
    bytes += blocks[count]!.mostBytes
    count += 1
  }
  return count
}

function decodeOrExplain(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => Uint8Array,
  limitBytes: number,
): Uint8Array {
  try {
    return decode(bytes)
  } catch (thrown) {
    throw toCodecError(thrown, limitBytes)
  }
}

/** The error of a decoder in Weir's words: E_BOMB if it was stopped at its limit, else E_CHUNK. */
export function toCodecError(thrown: unknown, limitBytes: number): Hdf5Error {
  const isTooLarge = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE'
  if (isTooLarge) return makesTooMuch(limitBytes)
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new Hdf5Error('E_CHUNK', `the compressed bytes are damaged (${reason})`, { cause: thrown })
}

/** A chunk that decodes to more than the dataset's layout says. */
export function makesTooMuch(limitBytes: number): Hdf5Error {
  return new Hdf5Error('E_BOMB', `the chunk decodes to more than its ${limitBytes} bytes`, {
    expected: limitBytes,
  })
}

/** At most so much comes out of a compressor, with room to spare. */
export function boundOf(bytes: number): number {
  return bytes + Math.ceil(bytes / 128) + 1024
}

function toBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
