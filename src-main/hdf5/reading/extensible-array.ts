import { expectOwner, makeElementForm, takeElements } from './array-elements.ts'
import type { BlockOwner, ElementForm } from './array-elements.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { MOST_CHUNKS } from './chunk-collector.ts'
import type { ChunkCollector } from './chunk-collector.ts'
import { hasBit } from './fixed-array.ts'
import { Walk } from './walk.ts'

const HEADER_BYTES = 4 + 1 + 1 + 6 + 6 * 8 + 8 + 4
const PREFIX_BYTES = 4 + 1 + 1 + 8
const ADDRESS_BYTES = 8
const CHECKSUM_BYTES = 4

/** Blocks of the same size come in groups, which the specification calls super blocks. */
interface BlockGroup {
  readonly blockCount: number
  readonly elementsPerBlock: number
  /** Index of the first element. */
  readonly first: number
}

interface ArrayReading {
  readonly collector: ChunkCollector
  readonly walk: Walk
  readonly owner: BlockOwner
  readonly form: ElementForm
  /** Elements in the index block itself. */
  readonly directElements: number
  readonly groups: readonly BlockGroup[]
  /** Groups whose blocks the index block names itself. */
  readonly directGroups: number
  readonly offsetBytes: number
  readonly pageElements: number
  /** Elements behind this were never set. */
  readonly elementCount: number
}

/** Spec: "Extensible Array": for datasets with one unlimited dimension. */
export async function readExtensibleArray(collector: ChunkCollector, address: number): Promise<void> {
  const walk = new Walk(collector.source, collector.place)
  walk.enter(address, 'a chunk index')
  const header = await collector.source.read(address, HEADER_BYTES, collector.place)
  const { reading, indexAddress } = parseHeader(header, collector, walk)
  if (indexAddress !== null) {
    await readIndexBlock(reading, indexAddress)
  }
}

function parseHeader(
  header: ByteCursor,
  collector: ChunkCollector,
  walk: Walk,
): { readonly reading: ArrayReading; readonly indexAddress: number | null } {
  header.expectSignature('EAHD', 'the chunk index').expectVersion([0], 'the chunk index')
  const client = header.uint8()
  const elementBytes = header.uint8()
  const countBits = header.uint8()
  const directElements = header.uint8()
  const smallestBlock = header.uint8()
  const fewestPointers = header.uint8()
  const pageBits = header.uint8()
  // Number and size of super blocks and of data blocks.
  const elementCount = header.skip(4 * 8).length()
  const indexAddress = header.skip(8).address()
  header.expectChecksum('the chunk index')
  const isSane = isPowerOf2(smallestBlock) && isPowerOf2(fewestPointers) && countBits <= 64 && pageBits <= 32
  if (!isSane || elementCount > MOST_CHUNKS || 2 ** countBits < smallestBlock) {
    throw header.damage(`a chunk index of ${elementCount} elements with ${countBits} bits is impossible`)
  }
  const form = makeElementForm(header, collector, { client, elementBytes })
  const groupCount = 1 + countBits - Math.log2(smallestBlock)
  const reading: ArrayReading = {
    collector,
    walk,
    owner: { headerAddress: header.offset - HEADER_BYTES, client },
    form,
    directElements,
    groups: makeGroups(groupCount, directElements, smallestBlock),
    directGroups: Math.min(groupCount, 2 * Math.log2(fewestPointers)),
    offsetBytes: Math.ceil(countBits / 8),
    pageElements: 2 ** pageBits,
    elementCount,
  }
  return { reading, indexAddress }
}

function isPowerOf2(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value))
}

/** Spec: group n has 2^floor(n/2) blocks of 2^ceil(n/2) times the smallest number of elements. */
function makeGroups(count: number, directElements: number, smallestBlock: number): BlockGroup[] {
  let first = directElements
  return Array.from({ length: count }, (_, index) => {
    const blockCount = 2 ** Math.floor(index / 2)
    const group = { blockCount, elementsPerBlock: 2 ** Math.ceil(index / 2) * smallestBlock, first }
    first += blockCount * group.elementsPerBlock
    return group
  })
}

async function readIndexBlock(reading: ArrayReading, address: number): Promise<void> {
  const { collector, form, groups, directGroups, directElements } = reading
  reading.walk.enter(address, 'a chunk index block')
  const direct = groups.slice(0, directGroups)
  const indirect = groups.slice(directGroups)
  const blockCount = direct.reduce((sum, group) => sum + group.blockCount, 0)
  const addressBytes = (blockCount + indirect.length) * ADDRESS_BYTES
  const byteCount = PREFIX_BYTES + directElements * form.elementBytes + addressBytes + CHECKSUM_BYTES
  const cursor = await collector.source.read(address, byteCount, collector.place)
  cursor.expectSignature('EAIB', 'a chunk index block').expectVersion([0], 'a chunk index block')
  expectOwner(cursor, reading.owner)
  takeElements(cursor.part(directElements * form.elementBytes), collector, {
    form,
    first: 0,
    count: directElements,
  })
  const addresses = cursor.part(addressBytes)
  cursor.expectChecksum('a chunk index block')
  for (const group of direct) {
    await readBlocks(reading, group, { addresses, pageBits: undefined })
  }
  for (const group of indirect) {
    const groupAddress = addresses.address()
    if (groupAddress !== null && group.first < reading.elementCount) {
      await readGroup(reading, group, groupAddress)
    }
  }
}

/** Spec: "Extensible Array Secondary Block": the addresses of one group's blocks, and which of their pages were written. */
async function readGroup(reading: ArrayReading, group: BlockGroup, address: number): Promise<void> {
  const { collector } = reading
  reading.walk.enter(address, 'a chunk index block')
  const pages = countPages(reading, group)
  const bitmapBytes = group.blockCount * Math.ceil(pages / 8)
  const addressBytes = group.blockCount * ADDRESS_BYTES
  const byteCount = PREFIX_BYTES + reading.offsetBytes + bitmapBytes + addressBytes + CHECKSUM_BYTES
  reading.walk.spend(byteCount, address)
  const cursor = await collector.source.read(address, byteCount, collector.place)
  cursor.expectSignature('EASB', 'a chunk index block').expectVersion([0], 'a chunk index block')
  expectOwner(cursor, reading.owner)
  // Its first element: the library counts it in two ways, and never looks at it.
  cursor.skip(reading.offsetBytes)
  const pageBits = cursor.run(bitmapBytes)
  const addresses = cursor.part(addressBytes)
  cursor.expectChecksum('a chunk index block')
  await readBlocks(reading, group, { addresses, pageBits })
}

/** 0: the blocks of this group are not cut into pages. */
function countPages(reading: ArrayReading, group: BlockGroup): number {
  return group.elementsPerBlock > reading.pageElements ? group.elementsPerBlock / reading.pageElements : 0
}

interface GroupBlocks {
  readonly addresses: ByteCursor
  readonly pageBits: Uint8Array | undefined
}

async function readBlocks(reading: ArrayReading, group: BlockGroup, blocks: GroupBlocks): Promise<void> {
  const pages = countPages(reading, group)
  for (let block = 0; block < group.blockCount; block += 1) {
    const address = blocks.addresses.address()
    const first = group.first + block * group.elementsPerBlock
    if (address === null || first >= reading.elementCount) {
      continue
    }
    reading.walk.enter(address, 'a chunk index block')
    if (pages === 0) {
      await readWholeBlock(reading, address, { first, count: group.elementsPerBlock })
    } else if (blocks.pageBits === undefined) {
      throw blocks.addresses.damage('a chunk index block of the first groups has pages')
    } else {
      const { pageBits } = blocks
      const isWritten = (page: number): boolean => hasBit(pageBits, block * pages + page)
      await readPages(reading, address, { first, pages, isWritten })
    }
  }
}

interface ElementRun {
  readonly first: number
  readonly count: number
}

async function readWholeBlock(reading: ArrayReading, address: number, run: ElementRun): Promise<void> {
  const { collector, form } = reading
  const elementsBytes = run.count * form.elementBytes
  const byteCount = PREFIX_BYTES + reading.offsetBytes + elementsBytes + CHECKSUM_BYTES
  reading.walk.spend(byteCount, address)
  const cursor = await collector.source.read(address, byteCount, collector.place)
  cursor.expectSignature('EADB', 'a chunk index block').expectVersion([0], 'a chunk index block')
  expectOwner(cursor, reading.owner)
  // Its first element: the library counts it in two ways, and never looks at it.
  cursor.skip(reading.offsetBytes)
  const elements = cursor.part(elementsBytes)
  cursor.expectChecksum('a chunk index block')
  takeElements(elements, collector, { form, ...run })
}

interface PagedBlock {
  readonly first: number
  readonly pages: number
  isWritten(page: number): boolean
}

async function readPages(reading: ArrayReading, address: number, block: PagedBlock): Promise<void> {
  const { collector, form, pageElements } = reading
  const prefixBytes = PREFIX_BYTES + reading.offsetBytes + CHECKSUM_BYTES
  const prefix = await collector.source.read(address, prefixBytes, collector.place)
  prefix.expectSignature('EADB', 'a chunk index block').expectVersion([0], 'a chunk index block')
  expectOwner(prefix, reading.owner)
  // Its first element: the library counts it in two ways, and never looks at it.
  prefix.skip(reading.offsetBytes)
  prefix.expectChecksum('a chunk index block')
  const elementsBytes = pageElements * form.elementBytes
  for (let page = 0; page < block.pages; page += 1) {
    const first = block.first + page * pageElements
    if (first >= reading.elementCount) {
      return
    }
    if (block.isWritten(page)) {
      const start = address + prefixBytes + page * (elementsBytes + CHECKSUM_BYTES)
      reading.walk.spend(elementsBytes, start)
      const cursor = await collector.source.read(start, elementsBytes + CHECKSUM_BYTES, collector.place)
      const elements = cursor.part(elementsBytes)
      cursor.expectChecksum('a page of the chunk index')
      takeElements(elements, collector, { form, first, count: pageElements })
    }
  }
}
