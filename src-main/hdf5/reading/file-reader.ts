import { Hdf5Error } from '../../errors.ts'
import type { Warning } from '../../errors.ts'
import type { DiskPort, ReadableFile } from '../disk/disk-port.ts'
import { chunkBuffers } from '../filters/chunk-buffers.ts'
import type { ChunkRecord } from '../model.ts'
import { makeDamage } from './damage.ts'
import { MetadataSource } from './metadata-source.ts'
import { FilledHoles } from './filled-holes.ts'
import { OddChunks } from './odd-chunks.ts'
import { readStoredObject } from './read-object.ts'
import { compareNames } from './order-names.ts'
import type { Link, StoredGroup, StoredObject } from './stored-object.ts'
import { findSuperblockWarnings, isMarkedInUse, readSuperblock } from './superblock.ts'
import { readFileFrame } from './superblock-extension.ts'
import type { Superblock } from './superblock.ts'

const MOST_SOFT_LINKS = 16
const MOST_STEPS = 1000
const GROUPS_KEPT = 8

interface OpenedFile {
  readonly file: ReadableFile
  /** Size of the file when it was opened. */
  readonly bytes: number
  readonly superblock: Superblock
}

/**
 * An open HDF5 file: its structure, read by address or by path. Nothing is followed out of the file, and nothing that the file
 * says is used before it was checked against the file's size and LIMITS.
 */
export class FileReader {
  /** Those among the chunks that were read so far; whoever tells of them takes them. */
  readonly oddChunks = new OddChunks()
  /** Never-written rows that were read as fill values. */
  readonly filledHoles = new FilledHoles()
  /** Groups looked up last; a path asks for the same ones again and again. */
  private readonly groups = new Map<string, StoredGroup>()

  private constructor(
    /** Checked access to the file's bytes. */
    readonly source: MetadataSource,
    private readonly opened: OpenedFile,
  ) {}

  get superblock(): Superblock {
    return this.opened.superblock
  }

  private get file(): ReadableFile {
    return this.opened.file
  }

  /** W_DIRTY where the file says that it is being written. */
  get warnings(): readonly Warning[] {
    return findSuperblockWarnings(this.path, this.superblock)
  }

  /** @throws E_SHORT, E_MAGIC, E_SUPER, E_TRUNC and what the disk throws. */
  static async open(disk: DiskPort, path: string): Promise<FileReader> {
    const file = await disk.openForRead(path)
    try {
      const bytes = await file.size()
      const superblock = await readSuperblock(file, bytes)
      return new FileReader(await openSource(file, bytes, superblock), { file, bytes, superblock })
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get path(): string {
    return this.file.path
  }

  /** Size of the file when it was opened. */
  get bytes(): number {
    return this.opened.bytes
  }

  get superblockVersion(): number {
    return this.superblock.version
  }

  get rootAddress(): number {
    return this.superblock.rootAddress
  }

  /** The object whose header lies at `address`; `path` is what errors and the object itself name. */
  readObject(address: number, path: string): Promise<StoredObject> {
    return readStoredObject(this.source, address, { path: this.path, object: path })
  }

  async root(): Promise<StoredGroup> {
    const root = await this.readChild(this.rootAddress, '/')
    if (root.kind !== 'group') {
      throw makeDamage({ path: this.path, object: '/' }, 'the root is not a group', {
        offset: this.rootAddress,
      })
    }
    return root
  }

  /**
   * The object at a path, hard links and soft links inside the file followed; undefined if there is none (or it lies in
   * another file). @throws E_CYCLE for soft links in a circle.
   */
  async find(path: string): Promise<StoredObject | undefined> {
    const waiting = splitPath(path)
    let current: StoredObject = await this.root()
    let soft = 0
    for (let steps = 0; waiting.length > 0; steps += 1) {
      const name = waiting.shift()!
      if (current.kind !== 'group') {
        return undefined
      }
      const link = findLink(current, name)
      if (link?.kind === 'hard') {
        current = await this.readChild(link.address, joinPath(current.path, name))
      } else if (link?.kind === 'soft') {
        soft += 1
        this.checkBounds(path, soft, steps)
        waiting.unshift(...splitPath(link.target))
        current = link.target.startsWith('/') ? await this.root() : current
      } else {
        return undefined
      }
    }
    return current
  }

  /** A fresh buffer of exactly these bytes. @throws E_META if they lie outside of the file. */
  readBytes(address: number, byteCount: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.source.readBytes(address, byteCount, { path: this.path, object: '/' })
  }

  /**
   * The bytes of a chunk in a buffer of `chunkBuffers` with room for `rawBytes`, that is, for the decoded chunk too.
   * @throws E_META if they lie outside of the file.
   */
  async readChunk(
    { address, storedBytes }: Pick<ChunkRecord, 'address' | 'storedBytes'>,
    rawBytes: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const place = { path: this.path, object: '/' }
    this.source.checkRange(address, storedBytes, place)
    const into = chunkBuffers.take(storedBytes, Math.max(storedBytes, rawBytes))
    await this.source.readInto(into, address, place)
    return into
  }

  async close(): Promise<void> {
    this.groups.clear()
    await this.file.close()
  }

  /** Groups are kept by path: the same header may be reached, and then named, in more than one way. */
  private async readChild(address: number, path: string): Promise<StoredObject> {
    const known = this.groups.get(path)
    if (known !== undefined) {
      return known
    }
    const object = await this.readObject(address, path)
    if (object.kind === 'group') {
      this.keep(object)
    }
    return object
  }

  private keep(group: StoredGroup): void {
    this.groups.set(group.path, group)
    if (this.groups.size > GROUPS_KEPT) {
      const [oldest] = this.groups.keys()
      this.groups.delete(oldest!)
    }
  }

  private checkBounds(path: string, soft: number, steps: number): void {
    if (soft <= MOST_SOFT_LINKS && steps <= MOST_STEPS) {
      return
    }
    const message = `${this.path}: ${path}: soft links lead in a circle`
    throw new Hdf5Error('E_CYCLE', message, { path: this.path, object: path })
  }
}

/**
 * What lies behind the end that the superblock names is no part of the file: HDF5 reads nothing there. While a program writes, the end
 * moves.
 */
async function openSource(
  file: ReadableFile,
  bytes: number,
  superblock: Superblock,
): Promise<MetadataSource> {
  const { baseAddress } = superblock
  const readable = isMarkedInUse(superblock) ? bytes : Math.min(bytes, superblock.end)
  const frame = await readFileFrame(new MetadataSource(file, readable, { baseAddress }), superblock)
  return new MetadataSource(file, readable, { baseAddress, ...frame })
}

/** The link of this name; links are sorted, and groups of 100,000 are met. */
export function findLink(group: StoredGroup, name: string): Link | undefined {
  let low = 0
  let high = group.links.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const link = group.links[middle]!
    const order = compareNames(link.name, name)
    if (order === 0) return link
    if (order < 0) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

/** `.` names the group itself; nothing in HDF5 goes up. */
function splitPath(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}

/** Path of a child. */
export function joinPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`
}
