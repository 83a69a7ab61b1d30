import { LIMITS } from '../model.ts'
import { lookup3 } from '../lookup3.ts'
import { ByteCursor } from './byte-cursor.ts'
import { makeDamage, makeUnsupported } from './damage.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import { visitTreeV2 } from './tree-v2.ts'
import { Walk } from './walk.ts'

const HEADER_BYTES = 146
/** In a heap of filtered blocks: stored size and filter mask of the block at the root. */
const FILTERED_ROOT_BYTES = 8 + 4
const FLAG_CHECKED_BLOCKS = 0x02
const ID_TYPE = { managed: 0, huge: 1, tiny: 2 } as const
const FREE_SPACE_BYTES = 6 + 4 * 8 + 4 * 2 + 4 * 8 + 4
const HUGE_TREE_TYPE = 1
/** Address, length, id. */
const HUGE_RECORD_BYTES = 3 * 8
const KNOWN_FLAGS = 0x03
/** Longest id whose length of a tiny object fits one half byte. */
const SHORT_TINY_ID = 17

interface Shape {
  readonly headerAddress: number
  readonly idBytes: number
  readonly hasBlockChecksums: boolean
  readonly hugeTreeAddress: number | null
  readonly width: number
  readonly startBytes: number
  readonly directBytes: number
  readonly offsetBytes: number
  readonly lengthBytes: number
  readonly rootAddress: number | null
  /** 0: the root is a direct block. */
  readonly rootRows: number
}

interface Block {
  readonly address: number
  readonly byteCount: number
  /** Where the block begins in the heap's own address space. */
  readonly start: number
}

/** An index block of the doubling table. */
interface Table {
  readonly address: number
  readonly rows: number
  /** Where it begins in the heap's own address space. */
  readonly start: number
}

interface HugeObject {
  readonly address: number
  readonly byteCount: number
}

/**
 * Spec: "Fractal Heap". Gives objects by id: in blocks of the doubling table (managed), on their own (huge), or in the id (tiny).
 * Asked in order of `orderOf`, every block is read once.
 */
export class FractalHeap {
  private loaded: { readonly block: Block; readonly cursor: ByteCursor } | undefined
  private hugeObjects: Promise<ReadonlyMap<number, HugeObject>> | undefined
  private readonly indirect = new Map<number, ByteCursor>()
  private bytesLeft: number

  private constructor(
    private readonly source: MetadataSource,
    private readonly place: Place,
    private readonly shape: Shape,
  ) {
    this.bytesLeft = source.bytes * 2
  }

  /** @throws E_META; Unsupported where the heap's blocks are filtered. */
  static async open(source: MetadataSource, address: number, place: Place): Promise<FractalHeap> {
    const header = await readHeader(source, address, place)
    const { shape, freeSpaceAddress } = parseHeader(header, address)
    if (freeSpaceAddress !== null)
      checkFreeSpace(await source.read(freeSpaceAddress, FREE_SPACE_BYTES, place))
    return new FractalHeap(source, place, shape)
  }

  get idBytes(): number {
    return this.shape.idBytes
  }

  /** Position in the heap of the object with this id, to sort requests by. */
  orderOf(id: Uint8Array): number {
    const cursor = this.openId(id)
    return ((cursor.uint8() >> 4) & 0x03) === ID_TYPE.managed ? cursor.uint(this.shape.offsetBytes) : -1
  }

  /** The object's bytes as a cursor. */
  async read(id: Uint8Array): Promise<ByteCursor> {
    const cursor = this.openId(id)
    const first = cursor.uint8()
    const type = (first >> 4) & 0x03
    if (first >> 6 !== 0 || type > ID_TYPE.tiny) {
      throw makeDamage(this.place, `a heap id of kind ${first} is not known`, {
        offset: this.shape.headerAddress,
      })
    }
    if (type === ID_TYPE.tiny) {
      return this.readTiny(cursor, first)
    }
    if (type === ID_TYPE.huge) {
      return this.readHuge(cursor)
    }
    return this.readManaged(cursor.uint(this.shape.offsetBytes), cursor.uint(this.shape.lengthBytes))
  }

  private openId(id: Uint8Array): ByteCursor {
    return new ByteCursor(id, {
      place: this.place,
      fileOffset: this.shape.headerAddress,
      baseAddress: this.source.baseAddress,
    })
  }

  private readTiny(cursor: ByteCursor, first: number): ByteCursor {
    const low = first & 0x0f
    const length = this.shape.idBytes <= SHORT_TINY_ID ? low : (low << 8) | cursor.uint8()
    return cursor.part(length + 1)
  }

  private async readHuge(cursor: ByteCursor): Promise<ByteCursor> {
    // Where address and length fit the id they stand in it, else the id is a key of the heap's B-tree.
    if (this.shape.idBytes - 1 >= 16) {
      return this.readPiece({ address: cursor.requireAddress('a huge object'), byteCount: cursor.length() })
    }
    const key = cursor.uint(Math.min(8, this.shape.idBytes - 1))
    this.hugeObjects ??= this.loadHugeObjects()
    const huge = (await this.hugeObjects).get(key)
    if (huge === undefined) {
      throw makeDamage(this.place, `huge object ${key} is not in the heap`, {
        offset: this.shape.headerAddress,
      })
    }
    return this.readPiece(huge)
  }

  private readPiece(piece: HugeObject): Promise<ByteCursor> {
    this.spend(piece.byteCount, piece.address)
    return this.source.read(piece.address, piece.byteCount, this.place)
  }

  private async loadHugeObjects(): Promise<ReadonlyMap<number, HugeObject>> {
    const objects = new Map<number, HugeObject>()
    if (this.shape.hugeTreeAddress !== null) {
      await visitTreeV2(this.source, this.shape.hugeTreeAddress, {
        types: [HUGE_TREE_TYPE],
        recordBytes: HUGE_RECORD_BYTES,
        walk: new Walk(this.source, this.place),
        place: this.place,
        onRecord: (record) => {
          const huge = { address: record.requireAddress('a huge object'), byteCount: record.length() }
          objects.set(record.length(), huge)
        },
      })
    }
    return objects
  }

  private async readManaged(offset: number, length: number): Promise<ByteCursor> {
    const known = this.loaded
    const isLoaded =
      known && offset >= known.block.start && offset < known.block.start + known.block.byteCount
    const { block, cursor } = isLoaded ? known : await this.loadBlock(offset)
    const start = offset - block.start
    if (start < this.blockPrefixBytes || start + length > block.byteCount) {
      const what = `an object of ${length} bytes at ${offset} leaves its heap block`
      throw makeDamage(this.place, what, { offset: block.address + start })
    }
    const { place, baseAddress } = cursor.origin
    const origin = { place, baseAddress, fileOffset: block.address + start }
    return new ByteCursor(cursor.bytes.subarray(start, start + length), origin)
  }

  private async loadBlock(offset: number): Promise<{ readonly block: Block; readonly cursor: ByteCursor }> {
    const block = await this.findBlock(offset)
    this.spend(block.byteCount, block.address)
    const cursor = await this.source.read(block.address, block.byteCount, this.place)
    cursor.expectSignature('FHDB', 'a heap block').expectVersion([0], 'a heap block')
    this.expectOwner(cursor, block.start)
    if (this.shape.hasBlockChecksums) {
      this.checkBlock(cursor)
    }
    this.loaded = { block, cursor }
    return this.loaded
  }

  /** Spec: a block names the heap's header and its own place in the heap. */
  private expectOwner(block: ByteCursor, start: number): void {
    const owner = block.address()
    if (owner !== this.shape.headerAddress) {
      throw block.damage(`a heap block belongs to the heap at ${owner}, not to this one`, { back: 8 })
    }
    const found = block.uint(this.shape.offsetBytes)
    if (found !== start) {
      throw block.damage(`a heap block of ${found} stands where that of ${start} belongs`)
    }
  }

  /** Spec: the checksum of a direct block counts its own 4 bytes as zeros. */
  private checkBlock(cursor: ByteCursor): void {
    const blanked = cursor.bytes.slice()
    blanked.fill(0, cursor.position, cursor.position + 4)
    const { offset } = cursor
    const actual = cursor.uint32()
    const expected = lookup3(blanked)
    if (actual !== expected) {
      const details = { offset, expected, actual }
      throw makeDamage(this.place, 'the checksum of a heap block is wrong', details)
    }
  }

  /** Signature, version, owner, place and checksum. */
  private get blockPrefixBytes(): number {
    return 4 + 1 + 8 + this.shape.offsetBytes + (this.shape.hasBlockChecksums ? 4 : 0)
  }

  private spend(byteCount: number, address: number): void {
    this.bytesLeft -= byteCount
    if (this.bytesLeft < 0) {
      throw makeDamage(this.place, 'heap blocks overlap: more was read than the file holds', {
        offset: address,
      })
    }
  }

  /** Goes down the doubling table to the direct block that holds `offset`. */
  private async findBlock(offset: number): Promise<Block> {
    const { rootAddress, rootRows, startBytes } = this.shape
    if (rootAddress === null) {
      throw makeDamage(this.place, 'an object in an empty heap', { offset: this.shape.headerAddress })
    }
    if (rootRows === 0) {
      return this.expectInside({ address: rootAddress, byteCount: startBytes, start: 0 }, offset)
    }
    let table = { address: rootAddress, rows: rootRows, start: 0 }
    for (let depth = 0; depth < LIMITS.depth; depth += 1) {
      const cell = this.locateCell(table, offset)
      const address = await this.readChildAddress(table, cell.index)
      if (cell.byteCount <= this.shape.directBytes) {
        return { address, byteCount: cell.byteCount, start: cell.start }
      }
      const rows = Math.log2(cell.byteCount / (startBytes * this.shape.width)) + 1
      table = { address, rows, start: cell.start }
    }
    throw makeDamage(this.place, 'the heap is nested too deeply', { offset: rootAddress })
  }

  private expectInside(block: Block, offset: number): Block {
    if (offset >= block.start + block.byteCount) {
      throw makeDamage(this.place, `an object at ${offset} lies outside of the heap`, {
        offset: block.address,
      })
    }
    return block
  }

  private locateCell(
    table: Table,
    offset: number,
  ): { readonly index: number; readonly byteCount: number; readonly start: number } {
    const { width, startBytes } = this.shape
    let start = table.start
    for (let row = 0; row < table.rows; row += 1) {
      const byteCount = row === 0 ? startBytes : startBytes * 2 ** (row - 1)
      if (offset < start + byteCount * width) {
        const column = Math.floor((offset - start) / byteCount)
        return { index: row * width + column, byteCount, start: start + column * byteCount }
      }
      start += byteCount * width
    }
    throw makeDamage(this.place, `an object at ${offset} lies outside of the heap`, { offset: table.address })
  }

  private async readChildAddress(table: Table, index: number): Promise<number> {
    const cursor = this.indirect.get(table.address) ?? (await this.loadIndirect(table))
    const start = 4 + 1 + 8 + this.shape.offsetBytes + index * 8
    const cell = new ByteCursor(cursor.bytes.subarray(start, start + 8), {
      ...cursor.origin,
      fileOffset: table.address + start,
    })
    return cell.requireAddress('a heap block')
  }

  private async loadIndirect(table: Table): Promise<ByteCursor> {
    const byteCount = 4 + 1 + 8 + this.shape.offsetBytes + table.rows * this.shape.width * 8 + 4
    this.spend(byteCount, table.address)
    const cursor = await this.source.read(table.address, byteCount, this.place)
    cursor.expectSignature('FHIB', 'a heap index block').expectVersion([0], 'a heap index block')
    this.expectOwner(cursor, table.start)
    cursor.skip(byteCount - cursor.position - 4).expectChecksum('a heap index block')
    this.indirect.set(table.address, cursor)
    return cursor
  }
}

/** The whole header: it is longer where blocks are filtered. */
async function readHeader(source: MetadataSource, address: number, place: Place): Promise<ByteCursor> {
  const start = await source.read(address, HEADER_BYTES, place)
  start.expectSignature('FRHP', 'the fractal heap').expectVersion([0], 'the fractal heap')
  const filterBytes = start.skip(2).uint16()
  const longer = filterBytes > 0 ? FILTERED_ROOT_BYTES + filterBytes : 0
  return source.read(address, HEADER_BYTES + longer, place)
}

/** Spec: "Free-space Manager Header". Nothing here needs it, but HDF5 reads it to tell how large the heap is. */
function checkFreeSpace(header: ByteCursor): void {
  header.expectSignature('FSHD', 'the free space of a heap').expectVersion([0], 'the free space of a heap')
  const client = header.uint8()
  if (client !== 0) {
    throw header.damage(`the free space of a heap is of kind ${client} instead of 0`, { back: 1 })
  }
  header.skip(header.remaining - 4).expectChecksum('the free space of a heap')
}

function parseHeader(
  header: ByteCursor,
  headerAddress: number,
): { readonly shape: Shape; readonly freeSpaceAddress: number | null } {
  header.expectSignature('FRHP', 'the fractal heap').expectVersion([0], 'the fractal heap')
  const idBytes = header.uint16()
  const filterBytes = header.uint16()
  const flags = header.uint8()
  if ((flags & ~KNOWN_FLAGS) !== 0) {
    throw header.damage(`the fractal heap has unknown flags (${flags})`, { back: 1 })
  }
  const largestObject = header.uint32()
  header.skip(8)
  const hugeTreeAddress = header.address()
  const freeSpaceAddress = header.skip(8).address()
  // Managed space, allocated space, iterator, managed count, huge size and count, tiny size and count.
  header.skip(8 * 8)
  const width = header.uint16()
  const startBytes = header.length()
  const directBytes = header.length()
  const heapBits = header.uint16()
  header.skip(2)
  const rootAddress = header.address()
  const rootRows = header.uint16()
  header.skip(filterBytes > 0 ? FILTERED_ROOT_BYTES + filterBytes : 0).expectChecksum('the fractal heap')
  if (filterBytes > 0) {
    throw makeUnsupported(header.place, 'a heap with filtered blocks is not supported', {
      offset: headerAddress,
    })
  }
  const isPower = Number.isInteger(Math.log2(startBytes)) && Number.isInteger(Math.log2(directBytes))
  const isSane = isPower && startBytes <= directBytes && directBytes <= LIMITS.metadataBlockBytes
  const hasSaneTable = width > 0 && Number.isInteger(Math.log2(width)) && heapBits > 0 && heapBits <= 64
  if (!isSane || !hasSaneTable || rootRows > 64 || idBytes < 2) {
    throw header.damage('the fractal heap has impossible sizes')
  }
  const shape: Shape = {
    headerAddress,
    idBytes,
    hasBlockChecksums: (flags & FLAG_CHECKED_BLOCKS) !== 0,
    hugeTreeAddress,
    width,
    startBytes,
    directBytes,
    offsetBytes: Math.ceil(heapBits / 8),
    lengthBytes: Math.min(Math.ceil(Math.log2(directBytes) / 8), countBytesFor(largestObject)),
    rootAddress,
    rootRows,
  }
  return { shape, freeSpaceAddress }
}

function countBytesFor(limit: number): number {
  return Math.floor(Math.log2(Math.max(limit, 1)) / 8) + 1
}
