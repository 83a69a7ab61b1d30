import { expectOwner, makeElementForm, takeElements } from './array-elements.ts'
import type { BlockOwner, ElementForm } from './array-elements.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { MOST_CHUNKS } from './chunk-collector.ts'
import type { ChunkCollector } from './chunk-collector.ts'
import { Walk } from './walk.ts'

const HEADER_BYTES = 4 + 1 + 1 + 1 + 1 + 8 + 8 + 4
const BLOCK_PREFIX_BYTES = 4 + 1 + 1 + 8
const CHECKSUM_BYTES = 4

/** Spec: "Fixed Array": for datasets whose dimensions all have a limit. */
export async function readFixedArray(collector: ChunkCollector, address: number): Promise<void> {
  const { source, place } = collector
  const walk = new Walk(source, place)
  walk.enter(address, 'a chunk index')
  const header = await source.read(address, HEADER_BYTES, place)
  header.expectSignature('FAHD', 'the chunk index').expectVersion([0], 'the chunk index')
  const client = header.uint8()
  const elementBytes = header.uint8()
  const pageBits = header.uint8()
  const count = header.length()
  const blockAddress = header.address()
  header.expectChecksum('the chunk index')
  if (count > MOST_CHUNKS || pageBits > 32) {
    throw header.damage(`a chunk index of ${count} elements is too large`)
  }
  checkCount(header, collector, count)
  const form = makeElementForm(header, collector, { client, elementBytes })
  if (blockAddress !== null) {
    walk.enter(blockAddress, 'a chunk index block')
    const owner = { headerAddress: address, client }
    await readBlock(collector, {
      address: blockAddress,
      owner,
      form,
      count,
      pageElements: 2 ** pageBits,
      walk,
    })
  }
}

/** Spec: one element for every chunk of the maximum shape. */
function checkCount(header: ByteCursor, { geometry }: ChunkCollector, count: number): void {
  const needed = geometry.maxGridShape.reduce<number>((product, length) => product * (length ?? 1), 1)
  if (count < needed) {
    throw header.damage(`a chunk index of ${count} elements for ${needed} chunks`)
  }
}

interface Block {
  readonly address: number
  readonly owner: BlockOwner
  readonly form: ElementForm
  readonly count: number
  readonly pageElements: number
  readonly walk: Walk
}

async function readBlock(collector: ChunkCollector, block: Block): Promise<void> {
  const { form, count } = block
  const isPaged = count > block.pageElements
  const pageCount = isPaged ? Math.ceil(count / block.pageElements) : 0
  const bitmapBytes = Math.ceil(pageCount / 8)
  const byteCount =
    BLOCK_PREFIX_BYTES + bitmapBytes + (isPaged ? 0 : count * form.elementBytes) + CHECKSUM_BYTES
  block.walk.spend(byteCount, block.address)
  const cursor = await collector.source.read(block.address, byteCount, collector.place)
  cursor.expectSignature('FADB', 'a chunk index block').expectVersion([0], 'a chunk index block')
  expectOwner(cursor, block.owner)
  const bitmap = cursor.run(bitmapBytes)
  const elements = cursor.part(isPaged ? 0 : count * form.elementBytes)
  cursor.expectChecksum('a chunk index block')
  if (!isPaged) {
    takeElements(elements, collector, { form, first: 0, count })
    return
  }
  for (let page = 0; page < pageCount; page += 1) {
    if (hasBit(bitmap, page)) {
      await readPage(collector, block, { page, start: block.address + byteCount })
    }
  }
}

async function readPage(
  collector: ChunkCollector,
  block: Block,
  at: { readonly page: number; readonly start: number },
): Promise<void> {
  const { form, pageElements } = block
  const first = at.page * pageElements
  const count = Math.min(pageElements, block.count - first)
  const address = at.start + at.page * (pageElements * form.elementBytes + CHECKSUM_BYTES)
  const byteCount = count * form.elementBytes
  block.walk.spend(byteCount, address)
  const cursor = await collector.source.read(address, byteCount + CHECKSUM_BYTES, collector.place)
  const elements = cursor.part(byteCount)
  cursor.expectChecksum('a page of the chunk index')
  takeElements(elements, collector, { form, first, count })
}

/** Bitmaps of pages count from the highest bit of each byte. */
export function hasBit(bitmap: Uint8Array, index: number): boolean {
  return ((bitmap[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0
}
