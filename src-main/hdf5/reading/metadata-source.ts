import type { ReadableFile } from '../disk/disk-port.ts'
import { LIMITS } from '../model.ts'
import { ByteCursor } from './byte-cursor.ts'
import { makeDamage } from './damage.ts'
import type { Place } from './damage.ts'
import type { SharedHeap } from './shared-table.ts'
import type { FileFrame, TreeRanks } from './superblock-extension.ts'

const PAGE_BYTES = 64 * 1024
const PAGES_KEPT = 256
/** Larger pieces are read once and would only push out what is read again and again. */
const LARGEST_CACHED_BYTES = 16 * PAGE_BYTES

/**
 * Bytes of the open file, each request checked against its size. Metadata go through a bounded cache of pages, since headers are small
 * and lie side by side; data do not.
 */
export class MetadataSource {
  private readonly pages = new Map<number, Promise<Uint8Array>>()

  constructor(
    private readonly file: ReadableFile,
    /** What may be read: the file, or what its superblock says belongs to it. */
    readonly bytes: number,
    /** Without what the superblock's extension says: that is not known yet. */
    private readonly frame: { readonly baseAddress: number } & Partial<FileFrame>,
  ) {}

  get baseAddress(): number {
    return this.frame.baseAddress
  }

  get treeRanks(): TreeRanks | undefined {
    return this.frame.treeRanks
  }

  get sharedHeaps(): readonly SharedHeap[] {
    return this.frame.sharedHeaps ?? []
  }

  get path(): string {
    return this.file.path
  }

  /** A fresh buffer of exactly these bytes, not cached. */
  async readBytes(address: number, byteCount: number, place: Place): Promise<Uint8Array<ArrayBuffer>> {
    this.checkRange(address, byteCount, place)
    const into = new Uint8Array(byteCount)
    await this.readInto(into, address, place)
    return into
  }

  /** Fills a buffer with the bytes at this address, not cached. */
  async readInto(into: Uint8Array, address: number, place: Place): Promise<void> {
    this.checkRange(address, into.length, place)
    if (into.length > 0) {
      await this.file.readExactly(into, address)
    }
  }

  /** A cursor over metadata; at most LIMITS.metadataBlockBytes. */
  async read(address: number, byteCount: number, place: Place): Promise<ByteCursor> {
    this.checkRange(address, byteCount, place)
    if (byteCount > LIMITS.metadataBlockBytes) {
      throw makeDamage(place, `a metadata block of ${byteCount} bytes is too large`, {
        offset: address,
        expected: LIMITS.metadataBlockBytes,
        actual: byteCount,
      })
    }
    const bytes =
      byteCount > LARGEST_CACHED_BYTES
        ? await this.readBytes(address, byteCount, place)
        : await this.readCached(address, byteCount)
    return new ByteCursor(bytes, { place, fileOffset: address, baseAddress: this.baseAddress })
  }

  /** At most `byteCount` bytes: fewer where the file ends. */
  async readUpTo(address: number, byteCount: number, place: Place): Promise<ByteCursor> {
    this.checkRange(address, 0, place)
    return this.read(address, Math.min(byteCount, this.bytes - address), place)
  }

  checkRange(address: number, byteCount: number, place: Place): void {
    if (address >= 0 && byteCount >= 0 && address <= this.bytes && byteCount <= this.bytes - address) {
      return
    }
    throw makeDamage(place, `${byteCount} bytes lie outside of the file of ${this.bytes} bytes`, {
      offset: address,
      expected: this.bytes,
      actual: address + byteCount,
    })
  }

  private async readCached(address: number, byteCount: number): Promise<Uint8Array> {
    const first = Math.floor(address / PAGE_BYTES)
    const last = Math.floor((address + Math.max(byteCount, 1) - 1) / PAGE_BYTES)
    if (first === last) {
      const start = address - first * PAGE_BYTES
      return (await this.readPage(first)).subarray(start, start + byteCount)
    }
    const joined = new Uint8Array(byteCount)
    for (let page = first; page <= last; page += 1) {
      const pageStart = page * PAGE_BYTES
      const start = Math.max(address, pageStart)
      const end = Math.min(address + byteCount, pageStart + PAGE_BYTES)
      joined.set((await this.readPage(page)).subarray(start - pageStart, end - pageStart), start - address)
    }
    return joined
  }

  private readPage(page: number): Promise<Uint8Array> {
    const known = this.pages.get(page)
    this.pages.delete(page)
    const wanted = known ?? this.loadPage(page)
    this.pages.set(page, wanted)
    if (this.pages.size > PAGES_KEPT) {
      const [oldest] = this.pages.keys()
      this.pages.delete(oldest!)
    }
    return wanted
  }

  private async loadPage(page: number): Promise<Uint8Array> {
    const start = page * PAGE_BYTES
    const into = new Uint8Array(Math.max(0, Math.min(PAGE_BYTES, this.bytes - start)))
    try {
      if (into.length > 0) {
        await this.file.readExactly(into, start)
      }
    } catch (error) {
      // A page that could not be read is asked for again next time.
      this.pages.delete(page)
      throw error
    }
    return into
  }
}
