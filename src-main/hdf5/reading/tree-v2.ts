import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import type { Walk } from './walk.ts'

const HEADER_BYTES = 38
/** Signature, version, type, checksum. */
const NODE_OVERHEAD = 10
const ADDRESS_BYTES = 8

/** What to do with the records of a version 2 B-tree. */
export interface TreeV2Visit {
  /** Record types that are expected. */
  readonly types: readonly number[]
  /** Bytes of one record: HDF5 knows them from the type, whatever the tree says. */
  readonly recordBytes: number
  readonly walk: Walk
  readonly place: Place
  /** Called for every record in order of the tree; the record is a view. */
  onRecord(record: ByteCursor): void
}

interface Shape {
  readonly type: number
  readonly nodeBytes: number
  readonly recordBytes: number
  /** Bytes of a child's record count. */
  readonly countBytes: number
  /** Bytes of the count of all records below a child, by the child's level. */
  readonly totalBytes: readonly number[]
}

interface NodePointer {
  readonly address: number
  readonly recordCount: number
  /** With all nodes below. */
  readonly totalCount: number
  readonly level: number
}

/** Spec: "Version 2 B-trees". Verifies all checksums. */
export async function visitTreeV2(
  source: MetadataSource,
  address: number,
  visit: TreeV2Visit,
): Promise<void> {
  visit.walk.enter(address, 'a B-tree')
  const header = await source.read(address, HEADER_BYTES, visit.place)
  header.expectSignature('BTHD', 'the B-tree').expectVersion([0], 'the B-tree')
  const type = header.uint8()
  const nodeBytes = header.uint32()
  const recordBytes = header.uint16()
  const level = header.uint16()
  header.skip(2)
  const root = header.address()
  const recordCount = header.uint16()
  const totalCount = header.length()
  header.expectChecksum('the B-tree')
  if (!visit.types.includes(type)) {
    throw header.damage(`B-tree of type ${type} instead of ${visit.types.join(' or ')}`)
  }
  if (recordBytes !== visit.recordBytes) {
    throw header.damage(`B-tree with records of ${recordBytes} instead of ${visit.recordBytes} bytes`)
  }
  const shape = makeShape(header, { type, nodeBytes, recordBytes, level })
  if ((root === null || recordCount === 0) && totalCount > 0) {
    throw header.damage(`B-tree of ${totalCount} records without a root`)
  }
  if (root === null || recordCount === 0) {
    return
  }
  await visitNode(source, { address: root, recordCount, totalCount, level }, { visit, shape })
}

interface Dimensions {
  readonly type: number
  readonly nodeBytes: number
  readonly recordBytes: number
  readonly level: number
}

/** The widths of the counts follow from how many records fit at each level. */
function makeShape(header: ByteCursor, dimensions: Dimensions): Shape {
  const { type, nodeBytes, recordBytes, level } = dimensions
  if (level > LIMITS.depth || recordBytes === 0 || nodeBytes < NODE_OVERHEAD + recordBytes) {
    throw header.damage(
      `B-tree of ${level} levels, nodes of ${nodeBytes} and records of ${recordBytes} bytes is impossible`,
    )
  }
  const leafRecords = Math.floor((nodeBytes - NODE_OVERHEAD) / recordBytes)
  const countBytes = countBytesFor(leafRecords)
  const totalBytes = [0]
  let total = leafRecords
  for (let below = 1; below <= level; below += 1) {
    const pointerBytes = ADDRESS_BYTES + countBytes + totalBytes[below - 1]!
    const records = Math.floor((nodeBytes - NODE_OVERHEAD - pointerBytes) / (recordBytes + pointerBytes))
    total = Math.min((records + 1) * total + records, Number.MAX_SAFE_INTEGER)
    totalBytes.push(countBytesFor(total))
  }
  return { type, nodeBytes, recordBytes, countBytes, totalBytes }
}

function countBytesFor(limit: number): number {
  return Math.floor(Math.log2(Math.max(limit, 1)) / 8) + 1
}

interface NodeVisit {
  readonly visit: TreeV2Visit
  readonly shape: Shape
}

async function visitNode(source: MetadataSource, node: NodePointer, options: NodeVisit): Promise<void> {
  const { visit, shape } = options
  const isLeaf = node.level === 0
  visit.walk.enter(node.address, 'a B-tree node')
  visit.walk.spend(shape.nodeBytes, node.address)
  const cursor = await source.read(node.address, shape.nodeBytes, visit.place)
  cursor.expectSignature(isLeaf ? 'BTLF' : 'BTIN', 'a B-tree node').expectVersion([0], 'a B-tree node')
  const type = cursor.uint8()
  if (type !== shape.type) {
    throw cursor.damage(`B-tree node of type ${type} instead of ${shape.type}`, { back: 1 })
  }
  const records = cursor.part(node.recordCount * shape.recordBytes)
  const children = isLeaf ? [] : readPointers(cursor, node, shape)
  cursor.expectChecksum('a B-tree node')
  const counted = children.reduce((sum, child) => sum + child.totalCount, node.recordCount)
  if (counted !== node.totalCount) {
    throw cursor.damage(`B-tree node of ${counted} records, its parent says ${node.totalCount}`)
  }
  for (let index = 0; index <= node.recordCount; index += 1) {
    const child = children[index]
    if (child !== undefined) {
      await visitNode(source, child, options)
    }
    if (index < node.recordCount) {
      visit.onRecord(records.part(shape.recordBytes))
    }
  }
}

function readPointers(cursor: ByteCursor, node: NodePointer, shape: Shape): NodePointer[] {
  const level = node.level - 1
  return Array.from({ length: node.recordCount + 1 }, () => {
    const address = cursor.requireAddress('a B-tree child')
    const recordCount = cursor.uint(shape.countBytes)
    const totalCount = level > 0 ? cursor.uint(shape.totalBytes[level]!) : recordCount
    return { address, recordCount, totalCount, level }
  })
}
