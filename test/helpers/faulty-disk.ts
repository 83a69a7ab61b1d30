import { setTimeout as wait } from 'node:timers/promises'
import type { WeirError } from '../../src-main/errors.ts'
import { toDiskError } from '../../src-main/hdf5/disk/disk-errors.ts'
import type { DiskPort, ReadableFile, WritableFile } from '../../src-main/hdf5/disk/disk-port.ts'

export type OperationKind =
  | 'open'
  | 'create'
  | 'read'
  | 'write'
  | 'sync'
  | 'close'
  | 'look'
  | 'rename'
  | 'remove'
  | 'make-folder'
  | 'sync-folder'
  | 'free-bytes'
  | 'read-text'
  | 'write-text'

/** One call of the port, before it is done. */
export interface DiskOperation {
  /** 1, 2, ... over all calls of this disk. */
  readonly number: number
  readonly kind: OperationKind
  readonly path: string
  /** `read` and `write`: where and how much. */
  readonly offset?: number
  readonly bytes?: number
  /** `rename`: the new path. */
  readonly to?: string
}

export type Fault =
  /** The call fails as the system would; of a write, the first `doneBytes` are on the disk nevertheless. */
  | { readonly kind: 'fail'; readonly code: string; readonly doneBytes?: number }
  /** A write reaches the disk in pieces of at most so many bytes. */
  | { readonly kind: 'split'; readonly pieceBytes: number }
  | { readonly kind: 'delay'; readonly ms: number }
  /** A write says that it is done, and nothing of it is on the disk. */
  | { readonly kind: 'lose' }
  /** One byte of what is written or read is another one: `index` counts from the start of the call's bytes. */
  | { readonly kind: 'flip'; readonly index: number; readonly mask: number }

export interface FaultPlan {
  /** Called before each operation, and waited for. Whatever it throws is what the operation rejects with. */
  readonly hook?: (operation: DiskOperation) => void | Promise<void>
  readonly fault?: (operation: DiskOperation) => Fault | undefined
}

/** A disk with faults in it that keeps the list of what was asked of it. */
export interface FaultyDisk extends DiskPort {
  readonly operations: readonly DiskOperation[]
}

/** A plan that fails operation k (1, 2, ...), counted among the given kinds only. */
export function failOperation(k: number, code: string, kinds?: readonly OperationKind[]): FaultPlan {
  let count = 0
  return {
    fault: (operation) => {
      if (kinds && !kinds.includes(operation.kind)) return undefined
      count += 1
      return count === k ? { kind: 'fail', code } : undefined
    },
  }
}

/** Puts the faults of a plan before a disk. Errors come as the port promises them. */
export function wrapDisk(disk: DiskPort, plan: FaultPlan): FaultyDisk {
  const log = new OperationLog(plan)
  return {
    operations: log.operations,
    async openForRead(path) {
      await log.begin({ kind: 'open', path })
      return new FaultyFile(await disk.openForRead(path), log)
    },
    async createExclusive(path) {
      await log.begin({ kind: 'create', path })
      return new FaultyWritableFile(await disk.createExclusive(path), log)
    },
    async lookAt(path) {
      await log.begin({ kind: 'look', path })
      return disk.lookAt(path)
    },
    async follow(path) {
      await log.begin({ kind: 'look', path })
      return disk.follow(path)
    },
    async resolveLinks(path) {
      await log.begin({ kind: 'look', path })
      return disk.resolveLinks(path)
    },
    async readLink(path) {
      await log.begin({ kind: 'look', path })
      return disk.readLink(path)
    },
    async isFolderWritable(path) {
      await log.begin({ kind: 'look', path })
      return disk.isFolderWritable(path)
    },
    async rename(from, to) {
      await log.begin({ kind: 'rename', path: from, to })
      await disk.rename(from, to)
    },
    async renameIfFree(from, to) {
      await log.begin({ kind: 'rename', path: from, to })
      await disk.renameIfFree(from, to)
    },
    async remove(path) {
      await log.begin({ kind: 'remove', path })
      await disk.remove(path)
    },
    removeFolder: (path) => disk.removeFolder(path),
    async makeFolder(path) {
      await log.begin({ kind: 'make-folder', path })
      await disk.makeFolder(path)
    },
    async syncFolder(path) {
      await log.begin({ kind: 'sync-folder', path })
      await disk.syncFolder(path)
    },
    async freeBytes(folder) {
      await log.begin({ kind: 'free-bytes', path: folder })
      return disk.freeBytes(folder)
    },
    async readText(path, maxBytes) {
      await log.begin({ kind: 'read-text', path })
      return disk.readText(path, maxBytes)
    },
    async writeText(path, text) {
      await log.begin({ kind: 'write-text', path })
      await disk.writeText(path, text)
    },
  }
}

const READING: ReadonlySet<OperationKind> = new Set(['open', 'read', 'look', 'read-text'])

class OperationLog {
  readonly operations: DiskOperation[] = []
  readonly #plan: FaultPlan

  constructor(plan: FaultPlan) {
    this.#plan = plan
  }

  /** Notes an operation and throws if it is to fail before it starts; gives back a fault for its data. */
  async begin(asked: Omit<DiskOperation, 'number'>): Promise<Fault | undefined> {
    const operation = { ...asked, number: this.operations.length + 1 }
    this.operations.push(operation)
    await this.#plan.hook?.(operation)
    const fault = this.#plan.fault?.(operation)
    if (fault?.kind === 'delay') await wait(fault.ms)
    if (fault?.kind === 'fail' && !fault.doneBytes) throw systemError(fault.code, operation)
    return fault
  }
}

/** What the port makes of that error of the system. */
function systemError(code: string, operation: Omit<DiskOperation, 'number'>): WeirError {
  const thrown = Object.assign(new Error(`${code}: injected`), { code })
  const purpose = READING.has(operation.kind) ? 'read' : 'write'
  return toDiskError(thrown, { path: operation.path, purpose, offset: operation.offset })
}

class FaultyFile implements ReadableFile {
  constructor(
    protected readonly inner: ReadableFile,
    protected readonly log: OperationLog,
  ) {}

  get path(): string {
    return this.inner.path
  }

  size(): ReturnType<ReadableFile['size']> {
    return this.inner.size()
  }

  facts(): ReturnType<ReadableFile['facts']> {
    return this.inner.facts()
  }

  async readExactly(into: Uint8Array, position: number): Promise<void> {
    const { path } = this
    const fault = await this.log.begin({ kind: 'read', path, offset: position, bytes: into.byteLength })
    await this.inner.readExactly(into, position)
    if (fault?.kind === 'flip') flipByte(into, fault)
  }

  async close(): Promise<void> {
    await this.log.begin({ kind: 'close', path: this.path })
    await this.inner.close()
  }
}

class FaultyWritableFile extends FaultyFile implements WritableFile {
  readonly #file: WritableFile
  #spoilt: WeirError | undefined

  constructor(file: WritableFile, log: OperationLog) {
    super(file, log)
    this.#file = file
  }

  async write(data: Uint8Array, position: number): Promise<void> {
    if (this.#spoilt) throw this.#spoilt
    const operation = { kind: 'write', path: this.path, offset: position, bytes: data.byteLength } as const
    const fault = await this.log.begin(operation)
    switch (fault?.kind) {
      case 'fail':
        await this.#file.write(data.subarray(0, fault.doneBytes), position)
        throw systemError(fault.code, operation)
      case 'flip':
        return this.#file.write(flipByte(data.slice(), fault), position)
      case 'lose':
        return
      case 'split':
        return this.#writePieces(data, position, fault.pieceBytes)
      default:
        return this.#file.write(data, position)
    }
  }

  /** As the port promises: a sync that failed is final. */
  async sync(): Promise<void> {
    if (this.#spoilt) throw this.#spoilt
    try {
      await this.log.begin({ kind: 'sync', path: this.path })
    } catch (thrown) {
      this.#spoilt = toDiskError(thrown, { path: this.path, purpose: 'write' })
      throw this.#spoilt
    }
    await this.#file.sync()
  }

  async #writePieces(data: Uint8Array, position: number, pieceBytes: number): Promise<void> {
    for (let done = 0; done < data.byteLength; done += pieceBytes) {
      await this.#file.write(data.subarray(done, done + pieceBytes), position + done)
    }
  }
}

function flipByte(data: Uint8Array, fault: { readonly index: number; readonly mask: number }): Uint8Array {
  const at = fault.index % Math.max(1, data.byteLength)
  const byte = data[at]
  if (byte !== undefined) data[at] = byte ^ fault.mask
  return data
}
