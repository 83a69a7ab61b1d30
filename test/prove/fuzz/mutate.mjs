// Makes broken files out of sound ones: everything follows from one random sequence, so a mutant can be made again from its number.
import '../../helpers/register-typescript.mjs'

const { lookup3 } = await import('../../../src-main/hdf5/lookup3.ts')

const signatures = [
  'FSHD',
  'OHDR',
  'OCHK',
  'FRHP',
  'FHIB',
  'BTHD',
  'BTIN',
  'BTLF',
  'FAHD',
  'FADB',
  'EAHD',
  'EAIB',
  'EASB',
  'EADB',
]
const unchecked = ['TREE', 'SNOD', 'HEAP', 'GCOL']
const longestChecked = 6000
/** Bytes of heap blocks that the library makes. */
const heapBlockSizes = [512, 1024, 2048, 4096, 8192]
const checksumBytes = 4

/**
 * What the mutator knows of a sound file.
 * @typedef {{ start: number, end: number, at: number }} Checked bytes and where their checksum lies
 * @typedef {{ name: string, bytes: Buffer, data: [number, number][], metadata: number[], checked: Checked[],
 *   addresses: number[], pointers: number[] }} Seed
 */

/** @returns {Seed} */
export function studySeed({ name, data, objects }, bytes) {
  const checked = findChecked(bytes)
  const isData = new Uint8Array(bytes.length)
  for (const [start, end] of data) isData.fill(1, start, end)
  const metadata = [...bytes.keys()].filter((at) => isData[at] === 0 && isUsed(bytes, at))
  const blocks = [...signatures, 'FHDB', ...unchecked].flatMap((signature) => findAll(bytes, signature))
  const addresses = [...new Set([...objects, ...blocks, ...data.map(([start]) => start)])]
  const known = new Set(addresses)
  const pointers = metadata.filter((at) => at + 8 <= bytes.length && known.has(readAddress(bytes, at)))
  return { name, bytes, data, metadata, checked, addresses, pointers }
}

/** Space that nobody uses is zeros; a few of them stay in, since fields are zeros too. */
function isUsed(bytes, at) {
  return bytes.subarray(Math.max(0, at - 16), at + 16).some((byte) => byte !== 0)
}

function readAddress(bytes, at) {
  return bytes.readUInt32LE(at + 4) === 0 ? bytes.readUInt32LE(at) : -1
}

function findAll(bytes, text) {
  const found = []
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found.push(at)
  return found
}

/** Everything that has a checksum, found by trying where one fits. @returns {Checked[]} */
function findChecked(bytes) {
  const found = bytes[8] >= 2 ? [{ start: 0, end: 44, at: 44 }] : []
  for (const signature of signatures)
    for (const start of findAll(bytes, signature)) {
      const end = findEnd(bytes, start)
      if (end === undefined) continue
      found.push({ start, end, at: end })
      if (signature === 'FADB' || signature === 'EADB') found.push(...findPages(bytes, end + checksumBytes))
    }
  for (const start of findAll(bytes, 'FHDB')) found.push(...findHeapBlock(bytes, start))
  return found
}

function findEnd(bytes, start) {
  const last = Math.min(start + longestChecked, bytes.length - checksumBytes)
  for (let end = start + 8; end <= last; end += 1)
    if (lookup3(bytes, start, end) === bytes.readUInt32LE(end)) return end
  return undefined
}

function findPages(bytes, first) {
  const pages = []
  for (const elementBytes of [8, 9, 10, 11, 12, 13, 14]) {
    const pageBytes = 1024 * elementBytes
    for (
      let start = first;
      start + pageBytes + checksumBytes <= bytes.length;
      start += pageBytes + checksumBytes
    ) {
      const end = start + pageBytes
      if (lookup3(bytes, start, end) !== bytes.readUInt32LE(end)) break
      pages.push({ start, end, at: end })
    }
  }
  return pages
}

/** Their checksum lies inside and counts as zeros; in front of it an offset of 4 or 5 bytes. */
function findHeapBlock(bytes, start) {
  for (const at of [start + 17, start + 18])
    for (const size of heapBlockSizes) {
      if (start + size > bytes.length) continue
      const checked = { start, end: start + size, at }
      if (computeChecksum(bytes, checked) === bytes.readUInt32LE(at)) return [checked]
    }
  return []
}

function computeChecksum(bytes, { start, end, at }) {
  if (at >= end) return lookup3(bytes, start, end)
  const blanked = Buffer.from(bytes.subarray(start, end))
  blanked.fill(0, at - start, at - start + checksumBytes)
  return lookup3(blanked, 0, blanked.length)
}

/** One broken file and what was done to it. @param {Seed} seed @param {() => number} random */
export function mutate(seed, random) {
  const mutation = { seed, random, bytes: Buffer.from(seed.bytes), touched: [], story: [] }
  const rounds = random() < 0.75 ? 1 : 2
  for (let round = 0; round < rounds; round += 1) pick(random, actions)(mutation)
  const repaired = random() < 0.8
  if (repaired) repairChecksums(mutation)
  return {
    bytes: mutation.bytes,
    story: `${mutation.story.join('; ')}${repaired ? '; checksums repaired' : ''}`,
  }
}

function pick(random, list) {
  return list[Math.floor(random() * list.length)]
}

/** @param {[at: number, count: number]} range */
function touch({ touched, story }, [at, count], what) {
  touched.push([at, at + count])
  story.push(`${what} at ${at}`)
}

/** Mostly metadata: wrong data are what checksums of chunks are for. */
function choosePlace({ seed, random, bytes }) {
  const isInData = seed.data.length > 0 && random() < 0.08
  if (!isInData) return pick(random, seed.metadata)
  const [start, end] = pick(random, seed.data)
  return Math.min(bytes.length - 1, start + Math.floor(random() * (end - start)))
}

function flipBit(mutation) {
  const at = choosePlace(mutation)
  const bit = Math.floor(mutation.random() * 8)
  mutation.bytes[at] ^= 1 << bit
  touch(mutation, [at, 1], `bit ${bit} flipped`)
}

function setByte(mutation) {
  const at = choosePlace(mutation)
  const old = mutation.bytes[at]
  const value =
    pick(mutation.random, [
      0,
      1,
      2,
      3,
      0x7f,
      0x80,
      0xff,
      old + 1,
      old - 1,
      Math.floor(mutation.random() * 256),
    ]) & 0xff
  mutation.bytes[at] = value
  touch(mutation, [at, 1], `byte ${old} -> ${value}`)
}

/** A number of 2, 4 or 8 bytes becomes a neighbour, a limit, or a multiple. */
function setNumber(mutation) {
  const { bytes, random } = mutation
  const width = pick(random, [2, 4, 8])
  const at = Math.min(choosePlace(mutation), bytes.length - width)
  const old = BigInt.asUintN(8 * width, readNumber(bytes, at, width))
  const size = BigInt(bytes.length)
  const values = [
    0n,
    1n,
    old + 1n,
    old - 1n,
    old * 2n,
    old / 2n,
    -1n,
    size,
    size - 8n,
    1n << BigInt(8 * width - 1),
    old ^ 8n,
  ]
  const value = BigInt.asUintN(8 * width, pick(random, values))
  for (let index = 0; index < width; index += 1)
    bytes[at + index] = Number((value >> BigInt(8 * index)) & 0xffn)
  touch(mutation, [at, width], `${width}-byte number ${old} -> ${value}`)
}

function readNumber(bytes, at, width) {
  let value = 0n
  for (let index = width - 1; index >= 0; index -= 1) value = (value << 8n) | BigInt(bytes[at + index])
  return value
}

/** Those that an earlier mutation has not cut off. */
function listPointers({ seed, bytes }) {
  return seed.pointers.filter((at) => at + 8 <= bytes.length)
}

/** An address becomes that of another block. */
function redirectPointer(mutation) {
  const { seed, random, bytes } = mutation
  const pointers = listPointers(mutation)
  if (pointers.length === 0) return
  const at = pick(random, pointers)
  const old = readAddress(bytes, at)
  const alike = seed.addresses.filter((address) => isAlike(seed.bytes, address, old))
  const value = pick(random, random() < 0.8 && alike.length > 1 ? alike : seed.addresses)
  bytes.writeBigUInt64LE(BigInt(value), at)
  touch(mutation, [at, 8], `address ${old} -> ${value}`)
}

/** Two addresses of blocks of the same kind change places. */
function exchangePointers(mutation) {
  const { seed, random, bytes } = mutation
  const pointers = listPointers(mutation)
  if (pointers.length === 0) return
  const one = pick(random, pointers)
  const alike = pointers.filter((at) => isAlike(seed.bytes, readAddress(bytes, at), readAddress(bytes, one)))
  const other = pick(random, alike.length > 0 ? alike : pointers)
  const kept = Buffer.from(bytes.subarray(one, one + 8))
  bytes.copy(bytes, one, other, other + 8)
  kept.copy(bytes, other)
  touch(mutation, [one, 8], 'address exchanged')
  touch(mutation, [other, 8], 'with the one')
}

function isAlike(bytes, one, other) {
  if (other < 0 || other + 4 > bytes.length || one + 4 > bytes.length) return false
  return bytes.subarray(one, one + 4).equals(bytes.subarray(other, other + 4))
}

/** A piece of the file is written over another. */
function copyPiece(mutation) {
  const { bytes, random } = mutation
  const count = pick(random, [4, 8, 16, 24, 40, 64])
  const from = Math.min(choosePlace(mutation), bytes.length - count)
  const to = Math.min(choosePlace(mutation), bytes.length - count)
  bytes.copy(bytes, to, from, from + count)
  touch(mutation, [to, count], `${count} bytes from ${from}`)
}

function clearPiece(mutation) {
  const { bytes, random } = mutation
  const count = pick(random, [2, 4, 8, 16, 64, 512])
  const at = Math.min(choosePlace(mutation), bytes.length - count)
  bytes.fill(pick(random, [0, 0xff]), at, at + count)
  touch(mutation, [at, count], `${count} bytes cleared`)
}

function changeLength(mutation) {
  const { bytes, random } = mutation
  const length = Math.floor(bytes.length * (random() < 0.5 ? random() : 1 - random() * 0.02))
  mutation.bytes =
    random() < 0.8 ? Buffer.from(bytes.subarray(0, length)) : Buffer.concat([bytes, Buffer.alloc(100, 7)])
  mutation.story.push(`${mutation.bytes.length} of ${bytes.length} bytes`)
}

/** As often as they stand here. */
const actions = [
  ...Array(6).fill(flipBit),
  ...Array(7).fill(setByte),
  ...Array(8).fill(setNumber),
  ...Array(4).fill(redirectPointer),
  ...Array(3).fill(exchangePointers),
  ...Array(2).fill(copyPiece),
  clearPiece,
  changeLength,
]

/** A mutant whose checksums fit shows whether what they guard is checked too. */
function repairChecksums({ seed, bytes, touched }) {
  for (const checked of seed.checked) {
    const { start, end, at } = checked
    const isTouched = touched.some(([from, to]) => from < end && to > start)
    if (isTouched && Math.max(end, at + checksumBytes) <= bytes.length)
      bytes.writeUInt32LE(computeChecksum(bytes, checked), at)
  }
}
