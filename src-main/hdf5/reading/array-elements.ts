import type { ByteCursor } from './byte-cursor.ts'
import type { ChunkCollector } from './chunk-collector.ts'

/** Elements of fixed and extensible arrays: one a chunk, in the order of the maximum grid. */
export interface ElementForm {
  readonly isFiltered: boolean
  readonly elementBytes: number
  /** Dimensions from the slowest to the fastest: an unlimited one always comes first. */
  readonly order: readonly number[]
}

const ADDRESS_BYTES = 8
const MASK_BYTES = 4

/** Spec: client 0 stores addresses, client 1 addresses, sizes and filter masks. */
export function makeElementForm(
  header: ByteCursor,
  collector: ChunkCollector,
  stored: { readonly client: number; readonly elementBytes: number },
): ElementForm {
  const isFiltered = collector.dataset.filters.length > 0
  const neededBytes = ADDRESS_BYTES + (isFiltered ? collector.sizeBytes + MASK_BYTES : 0)
  if (stored.client !== (isFiltered ? 1 : 0) || stored.elementBytes !== neededBytes) {
    throw header.damage(
      `chunk index of kind ${stored.client} with elements of ${stored.elementBytes} instead of ${neededBytes} bytes`,
    )
  }
  const { maxGridShape } = collector.geometry
  const unlimited = maxGridShape.indexOf(null)
  const order = maxGridShape.map((_, dim) => dim).filter((dim) => dim !== unlimited)
  return {
    isFiltered,
    elementBytes: stored.elementBytes,
    order: unlimited < 0 ? order : [unlimited, ...order],
  }
}

/** To which index a block belongs. */
export interface BlockOwner {
  readonly headerAddress: number
  readonly client: number
}

/** Spec: each block names its kind of elements and its header: a block of another dataset is none of this one's. */
export function expectOwner(block: ByteCursor, { headerAddress, client }: BlockOwner): void {
  const found = block.uint8()
  if (found !== client) {
    throw block.damage(`a chunk index block of kind ${found} instead of ${client}`, { back: 1 })
  }
  const owner = block.address()
  if (owner !== headerAddress) {
    throw block.damage(`a chunk index block belongs to the index at ${owner}, not to this one`, { back: 8 })
  }
}

/** Hands `count` elements, of which the first has this index, to the collector. */
export function takeElements(
  cursor: ByteCursor,
  collector: ChunkCollector,
  run: { readonly form: ElementForm; readonly first: number; readonly count: number },
): void {
  const { form } = run
  for (let index = run.first; index < run.first + run.count; index += 1) {
    const element = cursor.part(form.elementBytes)
    const address = element.address()
    if (address === null) {
      continue
    }
    const coordinates = locateElement(collector, form, index)
    const sizeBytes = form.elementBytes - ADDRESS_BYTES - MASK_BYTES
    collector.add(
      form.isFiltered
        ? { coordinates, address, storedBytes: element.uint(sizeBytes), filterMask: element.uint32() }
        : { coordinates, address },
    )
  }
}

function locateElement(collector: ChunkCollector, form: ElementForm, index: number): number[] {
  const { maxGridShape } = collector.geometry
  const coordinates = maxGridShape.map(() => 0)
  let rest = index
  for (let position = form.order.length - 1; position > 0; position -= 1) {
    const dim = form.order[position]!
    const count = Math.max(1, maxGridShape[dim] ?? 1)
    coordinates[dim] = rest % count
    rest = Math.floor(rest / count)
  }
  coordinates[form.order[0]!] = rest
  return coordinates
}
