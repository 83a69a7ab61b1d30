import { link, lstat, unlink } from 'node:fs/promises'
import { isAbsence, systemCode } from './disk-errors.ts'
import { renameWithRetry } from './rename-with-retry.ts'

/** What systems say where a file can have one name only: FAT and its kin, many network shares. */
const NO_SECOND_NAME: ReadonlySet<string> = new Set([
  ...['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EINVAL', 'EISDIR', 'UNKNOWN'],
])

export interface RenameIfFreeOptions {
  /** Gives a file a second name; fails with EEXIST where something has it. */
  readonly addName?: (from: string, to: string) => Promise<void>
}

/**
 * Renames a file unless something has the new name: then it rejects with EEXIST and both are as they were. Node knows no rename that
 * replaces nothing; a second name, and the first one taken away, is one. Where a file can have one name only there is a moment between
 * the look and the rename in which something that appears is replaced.
 */
export async function renameIfFree(
  from: string,
  to: string,
  { addName = link }: RenameIfFreeOptions = {},
): Promise<void> {
  try {
    await addName(from, to)
  } catch (thrown) {
    if (!NO_SECOND_NAME.has(systemCode(thrown) ?? '')) throw thrown
    await refuseTaken(to)
    await renameWithRetry(from, to)
    return
  }
  await dropFirstName(from, to)
}

async function refuseTaken(path: string): Promise<void> {
  try {
    await lstat(path)
  } catch (thrown) {
    if (isAbsence(thrown)) return
    throw thrown
  }
  throw Object.assign(new Error(`EEXIST: ${path} exists`), { code: 'EEXIST' })
}

/** A rename that fails changes nothing: the new name is not left as a second one. */
async function dropFirstName(from: string, to: string): Promise<void> {
  try {
    await unlink(from)
  } catch (thrown) {
    // Somebody else has taken it away: the new name is the only one.
    if (isAbsence(thrown)) return
    await unlink(to).catch(() => undefined)
    throw thrown
  }
}
