import { Hdf5Error, Unsupported } from '../../errors.ts'
import type { Warning } from '../../errors.ts'
import type { ReadableFile } from '../disk/disk-port.ts'
import { lookup3 } from '../lookup3.ts'
import { askForWriter, describeWriter, isRepeatable, readNoteOf } from '../unfinished-note.ts'
import { ByteCursor } from './byte-cursor.ts'
import { guessFormat } from './guess-format.ts'

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
const SHORTEST_FILE = 48
const HEAD_BYTES = 512
/** Spec: "Symbol Table Entry": nothing, a group, a soft link. */
const LARGEST_CACHE_TYPE = 2
/** Spec: open for writing, single writer and multiple readers. */
const KNOWN_FLAGS = 0b111
const LARGEST_SUPERBLOCK = 24 + 4 + 32 + 40
/** Sizes at which copies to FAT32 or by old tools stop. */
const COPY_LIMITS = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]

/** What the superblock says; addresses are offsets in the file. */
export interface Superblock {
  readonly version: 0 | 1 | 2 | 3
  /** Where the superblock lies: 0, or behind a user block. All stored addresses count from here. */
  readonly baseAddress: number
  /** Where the file should end. */
  readonly end: number
  /** Object header of the root group. */
  readonly rootAddress: number
  /** Object header of the superblock extension (version 2 and 3). */
  readonly extensionAddress: number | null
  /** Spec: bit 0 open for writing, bit 2 (version 3) single writer, multiple readers. HDF5 sets bit 0 in every version. */
  readonly consistencyFlags: number
  /** Group leaf and internal node K, indexed storage K (version 0 and 1). */
  readonly treeRanks?: {
    readonly leaf: number
    readonly internal: number
    readonly chunks: number | undefined
  }
}

interface Located {
  readonly start: number
  readonly bytes: Uint8Array
}

/**
 * Finds and checks the superblock.
 * @throws E_SHORT, E_UNFINISHED (one of Weir), E_MAGIC (naming what the file looks like), E_SUPER, E_TRUNC; Unsupported for odd field sizes.
 */
export async function readSuperblock(file: ReadableFile, size: number): Promise<Superblock> {
  const located = await locate(file, size)
  const superblock = parse(file.path, located)
  checkEnd(file.path, size, superblock.end)
  return superblock
}

/** Does the file say that a program has it open for writing? One that was killed leaves the mark for ever. */
export function isMarkedInUse({ consistencyFlags }: Superblock): boolean {
  return (consistencyFlags & 0b101) !== 0
}

/** W_DIRTY if the file says that it is, or was left, open for writing. */
export function findSuperblockWarnings(path: string, superblock: Superblock): Warning[] {
  if (!isMarkedInUse(superblock)) {
    return []
  }
  return [{ code: 'W_DIRTY', message: `${path} was not closed properly, or is still being written`, path }]
}

async function locate(file: ReadableFile, size: number): Promise<Located> {
  const { path } = file
  if (size < SHORTEST_FILE) {
    const what = size === 0 ? 'is empty' : `has only ${size} bytes, too short to be HDF5`
    throw new Hdf5Error('E_SHORT', `${path} ${what}; copy it again`, {
      path,
      expected: SHORTEST_FILE,
      actual: size,
    })
  }
  // Spec: the superblock may begin at byte 0, 512, 1024 and each doubling.
  for (let start = 0; start + SHORTEST_FILE <= size; start = start === 0 ? 512 : start * 2) {
    const bytes = new Uint8Array(Math.min(LARGEST_SUPERBLOCK, size - start))
    await file.readExactly(bytes, start)
    if (SIGNATURE.every((byte, index) => bytes[index] === byte)) {
      return { start, bytes }
    }
  }
  await refuseUnfinished(file, size)
  const head = new Uint8Array(Math.min(HEAD_BYTES, size))
  await file.readExactly(head, 0)
  const guess = guessFormat(head)
  const looks = guess === undefined ? '' : `: it looks like ${guess}`
  throw new Hdf5Error('E_MAGIC', `${path} is not an HDF5 file${looks}`, { path, offset: 0, actual: guess })
}

/** Weir writes the superblock last: until then the note of the writer is all that there is. */
async function refuseUnfinished(file: ReadableFile, size: number): Promise<void> {
  const { path } = file
  const note = await readNoteOf(file, size)
  if (note === undefined) return
  const state = await askForWriter(note)
  const what = note.task === undefined ? '' : ` of its task ${note.task}`
  const advice = isRepeatable(note)
    ? 'start the job again'
    : 'it may be all that is left of a recording, so keep it and record under another name'
  const message =
    state === 'alive'
      ? `${path} is a file that Weir has not finished: ${describeWriter(note)} still writes it; wait until it has ended`
      : `${path} is a file${what} that Weir had not finished (${describeWriter(note)}): its index, which is written at the end, is missing, so nothing can be read of it; ${advice}`
  throw new Hdf5Error('E_UNFINISHED', message, { path, offset: 0 })
}

function parse(path: string, located: Located): Superblock {
  const version = located.bytes[8]!
  if (version > 3) {
    const message = `${path}: superblock version ${version} is not known (0 to 3 are)`
    throw new Hdf5Error('E_SUPER', message, { path, offset: located.start + 8, actual: version })
  }
  const place = { path, object: 'superblock' }
  const cursor = new ByteCursor(located.bytes, {
    place,
    fileOffset: located.start,
    baseAddress: located.start,
  })
  cursor.skip(8)
  try {
    return version < 2 ? parseOld(cursor, located.start) : parseNew(cursor, located.start)
  } catch (error) {
    if (error instanceof Hdf5Error && error.code === 'E_META') {
      throw new Hdf5Error('E_SUPER', `${path}: damaged header: ${error.message}`, {
        path,
        offset: error.offset,
        cause: error,
      })
    }
    throw error
  }
}

function checkSizes(cursor: ByteCursor, sizes: { readonly offsets: number; readonly lengths: number }): void {
  if (sizes.offsets === 8 && sizes.lengths === 8) {
    return
  }
  const { path } = cursor.place
  const message = `${path}: addresses of ${sizes.offsets} and lengths of ${sizes.lengths} bytes are not supported (8 are)`
  throw new Unsupported('E_SUPER', message, {
    path,
    offset: cursor.offset,
    expected: 8,
    actual: sizes.offsets,
  })
}

function parseOld(cursor: ByteCursor, start: number): Superblock {
  const version = cursor.uint8() === 0 ? 0 : 1
  cursor.expectVersion([0], 'the free space information')
  cursor.expectVersion([0], 'the entry of the root group')
  cursor.skip(1).expectVersion([0], 'the format of shared headers')
  checkSizes(cursor, { offsets: cursor.uint8(), lengths: cursor.uint8() })
  cursor.skip(1)
  const leaf = cursor.uint16()
  const internal = cursor.uint16()
  const consistencyFlags = cursor.uint32()
  const chunks = version === 1 ? cursor.uint16() : undefined
  if (version === 1) {
    cursor.skip(2)
  }
  if (leaf === 0 || internal === 0 || chunks === 0) {
    throw cursor.damage('B-trees whose nodes have no children are impossible')
  }
  const storedBase = cursor.length()
  if (cursor.address() !== null) {
    throw cursor.damage('free space is listed, which no version of HDF5 does here', { back: 8 })
  }
  const storedEnd = cursor.length()
  if (cursor.address() !== null) {
    throw cursor.damage('the file is one of several pieces, which are not put together', { back: 8 })
  }
  // The root's symbol table entry: name offset, header address.
  const rootAddress = cursor.skip(8).requireAddress('the root group')
  if (cursor.uint32() > LARGEST_CACHE_TYPE) {
    throw cursor.damage('the entry of the root group has an unknown cache type', { back: 4 })
  }
  return {
    version,
    baseAddress: start,
    end: storedEnd - storedBase + start,
    rootAddress,
    extensionAddress: null,
    consistencyFlags,
    treeRanks: { leaf, internal, chunks },
  }
}

function parseNew(cursor: ByteCursor, start: number): Superblock {
  const version = cursor.uint8() === 2 ? 2 : 3
  const sizes = { offsets: cursor.uint8(), lengths: cursor.uint8() }
  const stored = new DataView(cursor.bytes.buffer, cursor.bytes.byteOffset).getUint32(44, true)
  const expected = lookup3(cursor.bytes, 0, 44)
  if (sizes.offsets === 8 && sizes.lengths === 8 && stored !== expected) {
    const { path } = cursor.place
    const message = `${path}: damaged header: the superblock's checksum is wrong; copy the file again or recover it`
    throw new Hdf5Error('E_SUPER', message, { path, offset: start, expected, actual: stored })
  }
  checkSizes(cursor, sizes)
  const consistencyFlags = cursor.uint8()
  if ((consistencyFlags & ~KNOWN_FLAGS) !== 0) {
    throw cursor.damage(`the consistency flags ${consistencyFlags} are not known`, { back: 1 })
  }
  const storedBase = cursor.length()
  const extensionAddress = cursor.address()
  const storedEnd = cursor.length()
  const rootAddress = cursor.requireAddress('the root group')
  const end = storedEnd - storedBase + start
  return { version, baseAddress: start, end, rootAddress, extensionAddress, consistencyFlags }
}

function checkEnd(path: string, size: number, end: number): void {
  if (size >= end) {
    return
  }
  const hint = COPY_LIMITS.includes(size)
    ? ' (this very size suggests the limit of a copy: FAT32, an old tool or a web server)'
    : ''
  const message = `${path} is truncated: ${size} of ${end} bytes are there${hint}; copy it again`
  throw new Hdf5Error('E_TRUNC', message, { path, offset: size, expected: end, actual: size })
}
