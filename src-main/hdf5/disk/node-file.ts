import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Hdf5Error, type WeirError } from '../../errors.ts'
import { fullDisk, systemCode, toDiskError } from './disk-errors.ts'
import type { PathFacts, WritableFile } from './disk-port.ts'

/** One call moves at most this much: the systems' own limit lies just below 2 GiB. */
const MAX_CALL_BYTES = 2 ** 30
const READ_RETRIES = 3
const READ_RETRY_PAUSE_MS = 100
/** What a second attempt can cure: a network share that stumbled, a disk that reported a soft error. */
const PASSING_ERRORS: ReadonlySet<string> = new Set(['EIO', 'EAGAIN', 'EINTR', 'ETIMEDOUT', 'UNKNOWN'])

/** The calls of a FileHandle that are used, so that a test can put faults below the retries. */
export type RawFile = Pick<FileHandle, 'read' | 'write' | 'sync' | 'close'> & {
  stat(options: { readonly bigint: true }): Promise<BigIntStats>
}

/** An open file: positional reads and writes that are whole or an error. */
export class NodeFile implements WritableFile {
  readonly #raw: RawFile
  readonly #retryPauseMs: number
  #closing: Promise<void> | undefined
  /** Why nothing more may be written. */
  #spoilt: WeirError | undefined

  constructor(
    readonly path: string,
    raw: RawFile,
    options: { readonly retryPauseMs?: number } = {},
  ) {
    this.#raw = raw
    this.#retryPauseMs = options.retryPauseMs ?? READ_RETRY_PAUSE_MS
  }

  async size(): Promise<number> {
    return (await this.facts()).bytes
  }

  async facts(): Promise<PathFacts> {
    try {
      return toPathFacts(await this.#raw.stat({ bigint: true }))
    } catch (thrown) {
      throw toDiskError(thrown, { path: this.path, purpose: 'read' })
    }
  }

  async readExactly(into: Uint8Array, position: number): Promise<void> {
    let done = 0
    while (done < into.byteLength) {
      const count = await this.#readSome(into.subarray(done, done + MAX_CALL_BYTES), position + done)
      if (count === 0) throw this.#endedBefore(position + into.byteLength, position + done)
      done += count
    }
  }

  async write(data: Uint8Array, position: number): Promise<void> {
    let done = 0
    while (done < data.byteLength) {
      if (this.#spoilt) throw this.#spoilt
      const count = await this.#writeSome(data.subarray(done, done + MAX_CALL_BYTES), position + done)
      if (count === 0) throw fullDisk(this.path, position + done)
      done += count
    }
  }

  /** Rule: after a failed sync the system may have dropped the data and say yes to the next sync. So it is the last. */
  async sync(): Promise<void> {
    if (this.#spoilt) throw this.#spoilt
    try {
      await this.#raw.sync()
    } catch (thrown) {
      this.#spoilt = toDiskError(thrown, { path: this.path, purpose: 'write' })
      throw this.#spoilt
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeOnce()
    return this.#closing
  }

  async #closeOnce(): Promise<void> {
    try {
      await this.#raw.close()
    } catch (thrown) {
      throw toDiskError(thrown, { path: this.path, purpose: 'write' })
    }
  }

  async #readSome(into: Uint8Array, position: number): Promise<number> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return (await this.#raw.read(into, 0, into.byteLength, position)).bytesRead
      } catch (thrown) {
        const isPassing = PASSING_ERRORS.has(systemCode(thrown) ?? '')
        if (!isPassing || attempt === READ_RETRIES) {
          throw toDiskError(thrown, { path: this.path, purpose: 'read', offset: position })
        }
      }
      await wait(this.#retryPauseMs * 2 ** attempt)
    }
  }

  async #writeSome(data: Uint8Array, position: number): Promise<number> {
    try {
      return (await this.#raw.write(data, 0, data.byteLength, position)).bytesWritten
    } catch (thrown) {
      throw toDiskError(thrown, { path: this.path, purpose: 'write', offset: position })
    }
  }

  #endedBefore(expectedEnd: number, actualEnd: number): WeirError {
    const text = `${this.path}: the file ends at byte ${actualEnd}, but has to reach byte ${expectedEnd}; copy it again`
    const details = { path: this.path, offset: actualEnd, expected: expectedEnd, actual: actualEnd }
    return new Hdf5Error('E_TRUNC', text, details)
  }
}

/** The facts of the port from what the system tells. */
export function toPathFacts(stats: BigIntStats): PathFacts {
  // Some file systems under Windows have no inode numbers; there the moment of birth has to tell files apart.
  const inode = stats.ino === 0n ? `0:${stats.birthtimeNs}:${stats.size}` : `${stats.ino}`
  return {
    kind: kindOf(stats),
    bytes: Number(stats.size),
    modifiedMs: Number(stats.mtimeMs),
    identity: `${stats.dev}:${inode}`,
  }
}

function kindOf(stats: BigIntStats): PathFacts['kind'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSymbolicLink() ? 'link' : 'other'
}
