import { createHash } from 'node:crypto'
import { basename } from 'node:path'

import { Hdf5Error } from '../errors.ts'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'

/** What the job's log says of an input. */
export interface InputIdentity {
  readonly name: string
  readonly bytes: number
  /** MD5 of the first 5 MiB, the field's short fingerprint of a measurement. */
  readonly 'md5-5M': string
}

const FINGERPRINT_BYTES = 5 * 2 ** 20

export async function identifyInput(path: string, disk: DiskPort): Promise<InputIdentity> {
  const file = await disk.openForRead(path)
  try {
    const bytes = await file.size()
    const head = new Uint8Array(Math.min(bytes, FINGERPRINT_BYTES))
    await file.readExactly(head, 0)
    return { name: basename(path), bytes, 'md5-5M': createHash('md5').update(head).digest('hex') }
  } finally {
    await file.close()
  }
}

/** Whether it is the same file with, as far as size and time tell, the same content. */
export function isUnchanged(now: PathFacts | undefined, before: PathFacts): boolean {
  const isSame = now?.kind === before.kind && now.identity === before.identity
  return isSame && now.bytes === before.bytes && now.modifiedMs === before.modifiedMs
}

/** Throws E_GROWING if the input is not what it was when the job began. */
export async function refuseChangedInput(path: string, before: PathFacts, disk: DiskPort): Promise<void> {
  const now = await disk.follow(path)
  if (!isUnchanged(now, before)) {
    throw new Hdf5Error(
      'E_GROWING',
      `${path} changed while it was read; wait until the other program has finished, then start again`,
      {
        path,
        expected: before.bytes,
        actual: now?.bytes ?? 'gone',
      },
    )
  }
}
