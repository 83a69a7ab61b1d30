import { lookup3 } from '../lookup3.ts'
import { ByteWriter } from './byte-writer.ts'

export const SUPERBLOCK_BYTES = 48
/** Sector 0 holds nothing but the superblock, so that writing it anew can harm nothing else. */
export const DATA_START = 4096

const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)
/** Version 2: a version 3 would have a write flag that makes every plain open fail after a crash. */
const VERSION = 2

/**
 * Spec: superblock version 2 with 8-byte offsets and lengths, base address 0, no extension (so the default K values hold).
 * Deliberately no message about free space: it would have to be right after every crash.
 */
export function encodeSuperblock(place: {
  readonly rootAddress: number
  readonly endOfFile: number
}): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(SUPERBLOCK_BYTES)
  writer.bytes(SIGNATURE).uint8(VERSION).uint8(8).uint8(8).uint8(0)
  writer.uint64(0).address(null).uint64(place.endOfFile).uint64(place.rootAddress)
  return writer.uint32(lookup3(writer.toBytes())).toBytes()
}
