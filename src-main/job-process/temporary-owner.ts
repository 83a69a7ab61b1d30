import { hostname } from 'node:os'

import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { NOTE_OFFSET } from '../hdf5/writing/file-writer.ts'

/**
 * Who writes a temporary file. The note lies in the first sector, behind the place of the superblock, until the file is
 * finished: so it needs no file of its own and cannot be left behind.
 */
export interface TemporaryOwner {
  readonly host: string
  readonly pid: number
  readonly startedAt: string
}

const MAGIC = 'weir-writer '
const OWNER_BYTES = 512

export function composeOwnerNote(): Uint8Array {
  const owner: TemporaryOwner = { host: hostname(), pid: process.pid, startedAt: new Date().toISOString() }
  return new TextEncoder().encode(`${MAGIC}${JSON.stringify(owner)}\n`)
}

/** The owner's note of a temporary file; undefined where there is none. */
export async function readOwner(path: string, disk: DiskPort): Promise<TemporaryOwner | undefined> {
  const file = await disk.openForRead(path)
  try {
    const bytes = new Uint8Array(Math.min(OWNER_BYTES, Math.max(0, (await file.size()) - NOTE_OFFSET)))
    if (bytes.length === 0) return undefined
    await file.readExactly(bytes, NOTE_OFFSET)
    return parseOwner(new TextDecoder().decode(bytes))
  } finally {
    await file.close()
  }
}

function parseOwner(text: string): TemporaryOwner | undefined {
  if (!text.startsWith(MAGIC)) return undefined
  const json = text.slice(MAGIC.length).split('\n')[0] ?? ''
  try {
    const { host, pid, startedAt } = JSON.parse(json) as Partial<TemporaryOwner>
    if (typeof host !== 'string' || typeof pid !== 'number' || typeof startedAt !== 'string') return undefined
    return { host, pid, startedAt }
  } catch (error) {
    // A note cut off by a crash names nobody.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A process on another machine cannot be asked, so it counts as living. */
export function isOwnerAlive(owner: TemporaryOwner): boolean {
  if (owner.host !== hostname()) return true
  // In containers each run may have the same number: a note from before this process began is not its own.
  if (owner.pid === process.pid) return Date.parse(owner.startedAt) >= performance.timeOrigin
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export function describeOwner(owner: TemporaryOwner): string {
  return `process ${owner.pid} on ${owner.host} since ${owner.startedAt}`
}
