import { lookup3 } from '../lookup3.ts'
import { ByteWriter } from './byte-writer.ts'

const HEADER_BYTES = 38
/** Signature, version, type, checksum. */
const NODE_OVERHEAD = 10
/** What HDF5 makes; a node is larger where its records ask for it, so that the root is the only one. */
const SMALLEST_NODE = 512
const SPLIT_PERCENT = 100
const MERGE_PERCENT = 40

/**
 * Spec: "Version 2 B-trees": a header and one leaf with all records, at least one and at most 65,535, of one size and in their order.
 *
 * A pure function: `address` is where the bytes will lie.
 */
export function encodeTreeV2(
  type: number,
  records: readonly Uint8Array[],
  address: number,
): Uint8Array<ArrayBuffer> {
  const recordBytes = records[0]?.byteLength ?? 0
  const needed = NODE_OVERHEAD + records.length * recordBytes
  const nodeBytes = Math.max(SMALLEST_NODE, 2 ** Math.ceil(Math.log2(needed)))
  const header = new ByteWriter(HEADER_BYTES).text('BTHD').uint8(0).uint8(type)
  header.uint32(nodeBytes).uint16(recordBytes).uint16(0).uint8(SPLIT_PERCENT).uint8(MERGE_PERCENT)
  header
    .uint64(address + HEADER_BYTES)
    .uint16(records.length)
    .uint64(records.length)
  const leaf = new ByteWriter(nodeBytes).text('BTLF').uint8(0).uint8(type)
  for (const record of records) leaf.bytes(record)
  leaf.uint32(lookup3(leaf.toBytes())).padTo(nodeBytes)
  header.uint32(lookup3(header.toBytes()))
  return header.bytes(leaf.toBytes()).toBytes()
}
