/** Bytes of HDF5 structures put together by hand, for inputs that no library writes. */

export function uint(value: number | bigint, byteCount: number): number[] {
  return Array.from({ length: byteCount }, (_, index) => Number((BigInt(value) >> BigInt(8 * index)) & 0xffn))
}

export const u16 = (value: number): number[] => uint(value, 2)
export const u32 = (value: number): number[] => uint(value, 4)
export const u64 = (value: number | bigint): number[] => uint(value, 8)
export const text = (value: string): number[] => [...Buffer.from(value)]
export const UNDEFINED = (1n << 64n) - 1n

/** Bytes of a superblock of version 0: the root's header follows directly behind it. */
export const SUPERBLOCK_BYTES = 96

export function makeSuperblock0(endAddress: number): number[] {
  return [
    ...[0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
    ...[0, 0, 0, 0, 0, 8, 8, 0],
    ...[...u16(4), ...u16(16), ...u32(0)],
    ...[...u64(0), ...u64(UNDEFINED), ...u64(endAddress), ...u64(UNDEFINED)],
    ...[...u64(0), ...u64(SUPERBLOCK_BYTES), ...u32(0), ...u32(0), ...u64(0), ...u64(0)],
  ]
}

export interface HandMessage {
  readonly type: number
  readonly flags?: number
  readonly body: readonly number[]
}

/** Version 1 object header: prefix of 16 bytes, messages padded to 8. */
export function makeHeader1(messages: readonly HandMessage[]): number[] {
  const blocks = messages.flatMap(({ type, flags, body }) => {
    const padded = [...body, ...new Array<number>((8 - (body.length % 8)) % 8).fill(0)]
    return [...u16(type), ...u16(padded.length), flags ?? 0, 0, 0, 0, ...padded]
  })
  return [1, 0, ...u16(messages.length), ...u32(1), ...u32(blocks.length), ...u32(0), ...blocks]
}

/** A file whose root header holds these messages, followed by `rest`; `fileBytes` pads it. */
export function makeFile(
  messages: readonly HandMessage[],
  options: { readonly rest?: readonly number[]; readonly fileBytes?: number } = {},
): Uint8Array<ArrayBuffer> {
  const body = [...makeHeader1(messages), ...(options.rest ?? [])]
  const fileBytes = Math.max(SUPERBLOCK_BYTES + body.length, options.fileBytes ?? 0)
  const bytes = new Uint8Array(fileBytes)
  bytes.set([...makeSuperblock0(fileBytes), ...body])
  return bytes
}

/** Where the bytes behind the root's header begin. */
export function restAddress(messages: readonly HandMessage[]): number {
  return SUPERBLOCK_BYTES + makeHeader1(messages).length
}

export const UINT8_TYPE = [0x10, 0, 0, 0, ...u32(1), ...u16(0), ...u16(8)]

export function makeSpace(shape: readonly (number | bigint)[]): number[] {
  return [1, shape.length, 0, 0, 0, 0, 0, 0, ...shape.flatMap((length) => u64(length))]
}

/** Messages of a dataset of uint8 in chunks with a version 1 B-tree at `treeAddress`. */
export function makeChunkedMessages(
  shape: readonly (number | bigint)[],
  chunkShape: readonly number[],
  treeAddress: number | bigint,
): HandMessage[] {
  const chunks = [...chunkShape, 1].flatMap(u32)
  return [
    { type: 0x01, body: makeSpace(shape) },
    { type: 0x03, body: UINT8_TYPE },
    { type: 0x08, body: [3, 2, chunkShape.length + 1, ...u64(treeAddress), ...chunks] },
  ]
}
