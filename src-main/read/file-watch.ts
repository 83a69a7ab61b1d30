import { setTimeout as wait } from 'node:timers/promises'

import { Hdf5Error, WeirError, type Warning } from '../errors.ts'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'
import { isMarkedInUse, readSuperblock } from '../hdf5/reading/superblock.ts'

/** How often a file is read from its beginning while a writer is at work on it. HDF5: 100 times, of each block. */
const MOST_ATTEMPTS = 8
const PAUSE_MS = 25

/** What a reader sees where a writer has not put down everything yet, or has just moved it. */
const PASSING_DAMAGE: ReadonlySet<string> = new Set([
  ...['E_META', 'E_CHUNK', 'E_CHUNKSIZE', 'E_HOLE', 'E_BOMB', 'E_DIMS', 'E_TRUNC', 'E_SUPER', 'E_CYCLE'],
  ...['E_LEN', 'E_SHORT', 'E_MAGIC', 'E_NOT_RTDC', 'E_GROWING'],
])

/** No superblock, or half of one. */
const OF_SUPERBLOCK: ReadonlySet<string> = new Set(['E_SHORT', 'E_MAGIC', 'E_SUPER', 'E_TRUNC'])

/** Warnings about lengths and counts: what they say is another thing as soon as the writer goes on. */
export const OF_LENGTHS: ReadonlySet<string> = new Set(['W_COUNT', 'W_CUT'])

/** Code of whatever is wrong with a file that is still being written. */
const GROWING = 'E_GROWING'

/** Looks at a file again and again while it is read: is another program writing it? */
export class FileWatch {
  readonly path: string
  readonly #disk: DiskPort
  #first: PathFacts | undefined
  #last: PathFacts | undefined
  #isMarked = false
  #hasMoved = false

  /** `known`: the file as it was looked at before. */
  constructor(disk: DiskPort, path: string, known?: PathFacts) {
    this.#disk = disk
    this.path = path
    this.#first = known
    this.#last = known
  }

  /** Does its superblock say that a program has it open, or did its size or time move since the first look? */
  get isGrowing(): boolean {
    return this.#isMarked || this.#hasMoved
  }

  get hasMoved(): boolean {
    return this.#hasMoved
  }

  /** The file at the last look; for `hasMovedSince`. */
  get facts(): PathFacts | undefined {
    return this.#last
  }

  hasMovedSince(before: PathFacts | undefined): boolean {
    return before !== undefined && !isSameState(before, this.#last)
  }

  /** Throws E_GROWING where another file lies there now or none, at the first look E_MISSING, E_KIND, E_PERM, ... */
  async look(): Promise<void> {
    const now = await (this.#first === undefined ? this.#openFirst() : this.#disk.follow(this.path))
    this.#first ??= now
    if (now === undefined || now.identity !== this.#first?.identity) throw this.#describeReplaced(now)
    this.#hasMoved ||= this.#last !== undefined && !isSameState(this.#last, now)
    this.#last = now
    this.#isMarked ||= await this.#readMark()
  }

  /**
   * Reads the file from its beginning, and again where what was seen may come of its being written: the beginning of a block of metadata
   * that is new and its end that is old, rows that are counted and not there yet. A writer gets done with that, damage does not.
   * Throws E_GROWING with the last trouble as cause if it lasts; what has to do with no writer as it is.
   *
   * `read` is told whether the file is being written as far as is known; it opens the file anew.
   */
  async read<T>(read: (isGrowing: boolean) => Promise<T>, mostAttempts = MOST_ATTEMPTS): Promise<T> {
    await this.look()
    for (let attempt = 1; ; attempt++) {
      try {
        return await read(this.isGrowing)
      } catch (thrown) {
        await this.look()
        if (!this.isGrowing || !this.isOfWriter(thrown)) throw thrown
        if (attempt >= mostAttempts || thrown instanceof RowsChanged) throw this.describeTrouble(thrown)
      }
      await wait(PAUSE_MS * attempt)
    }
  }

  /** May a trouble come of the file being written? */
  isOfWriter(thrown: unknown): thrown is WeirError {
    return thrown instanceof WeirError && PASSING_DAMAGE.has(thrown.code) && thrown.path === this.path
  }

  /** Spec of the command line: damage seen meanwhile is E_GROWING. */
  describeTrouble(cause: WeirError): Hdf5Error {
    if (cause.code === GROWING && cause instanceof Hdf5Error) return cause
    const { path } = this
    const advice = this.#hasMoved
      ? 'wait until the other program has finished, then start again'
      : 'wait until that program has finished; if it was ended, what it did not write is missing'
    const state = this.#hasMoved ? 'is still being written' : 'says that a program has it open for writing'
    const message = `${path} ${state}, and could not be read: ${cause.message}; ${advice}`
    return new Hdf5Error(GROWING, message, { path, object: cause.object, offset: cause.offset, cause })
  }

  /** W_GROWING: how many events were there, and when. */
  describe(events: number, at: Date): Warning {
    const { path } = this
    const state = this.#hasMoved
      ? `${path} is still being written`
      : `${path} says that a program has it open for writing, as one that was killed leaves it`
    const clock = at.toTimeString().slice(0, 5)
    const message = `${state}; what was there at ${clock} was taken: ${events} events`
    return { code: 'W_GROWING', message, path, events, time: at.toISOString() }
  }

  async #openFirst(): Promise<PathFacts> {
    const file = await this.#disk.openForRead(this.path)
    return file.facts().finally(() => file.close())
  }

  async #readMark(): Promise<boolean> {
    const file = await this.#disk.openForRead(this.path)
    try {
      return isMarkedInUse(await readSuperblock(file, await file.size()))
    } catch (thrown) {
      // Whoever reads the file says what is wrong with it.
      if (thrown instanceof WeirError && OF_SUPERBLOCK.has(thrown.code)) return false
      throw thrown
    } finally {
      await file.close()
    }
  }

  #describeReplaced(now: PathFacts | undefined): Hdf5Error {
    const { path } = this
    const what = now === undefined ? 'is gone' : 'is another file now'
    const message = `${path} ${what}: it was there when the job began; start again when no other program changes it`
    const [expected, actual] = [this.#first?.bytes ?? 'a file', now?.bytes ?? 'gone']
    return new Hdf5Error(GROWING, message, { path, expected, actual })
  }
}

function isSameState(one: PathFacts, other: PathFacts | undefined): boolean {
  return one.bytes === other?.bytes && one.modifiedMs === other.modifiedMs
}

/** Rows that were there are not what they were: no writer that only appends does that. */
export class RowsChanged extends Hdf5Error {}
