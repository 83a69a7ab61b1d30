import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InvalidInput } from '../errors.ts'
import type { QueueFile } from '../jobs/job-store.ts'

/** A queue of ten thousand jobs takes a tenth of it. */
const MAX_QUEUE_BYTES = 64 * 2 ** 20

/** The queue's file on the disk of this computer; its folder is made when it is first written. */
export function useQueueFile(path: string): QueueFile {
  return {
    path,
    read: () => readIfThere(path),
    write: (text) => replaceText(path, text),
    setAside: () => setAside(path),
  }
}

/** The temporary file of a job beside its output, if there is one. What cannot be looked at has none to name. */
export async function findLeftover(output: string): Promise<string | null> {
  const temporaryPath = `${output}~`
  try {
    await lstat(temporaryPath)
    return temporaryPath
  } catch (error) {
    if (isSystemError(error)) return null
    throw error
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path)
    if (size > MAX_QUEUE_BYTES) {
      throw new InvalidInput('E_QUEUE', 'it is too large', { path, expected: MAX_QUEUE_BYTES, actual: size })
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** To a file beside it, to the disk, then under its name. */
async function replaceText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const newPath = `${path}.new`
  const file = await open(newPath, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(newPath, path)
}

async function setAside(path: string): Promise<string> {
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const keptPath = `${path}.kept-${time}-${randomBytes(3).toString('hex')}`
  await rename(path, keptPath)
  return keptPath
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}
