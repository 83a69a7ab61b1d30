import { rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'

import { OutputConflict } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'

/** Makes the folder of `--out-dir` if only it is missing; true: it is new. Throws E_OUT_FOLDER or E_PERM. */
export async function prepareOutputFolder(path: string, disk: DiskPort): Promise<boolean> {
  const facts = await disk.follow(path)
  if (facts?.kind === 'folder') return false
  if (facts !== undefined) {
    throw new OutputConflict('E_OUT_FOLDER', `${path} is not a folder; choose another --out-dir`, { path })
  }
  const parent = dirname(path)
  if ((await disk.follow(parent))?.kind !== 'folder') {
    const message = `the folder ${parent} does not exist, so ${path} is not made in it; create it or choose another --out-dir`
    throw new OutputConflict('E_OUT_FOLDER', message, { path })
  }
  await disk.makeFolder(path)
  return true
}

/** Takes a new folder away again when nothing came into it. */
export async function removeEmptyFolder(path: string): Promise<void> {
  try {
    await rmdir(path)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    const isInUse = code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT'
    // Somebody else has put something into it, or took it away: then it is no longer ours.
    if (!isInUse) throw thrown
  }
}
