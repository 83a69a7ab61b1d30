import { constants, type BigIntStats } from 'node:fs'
import {
  access,
  lstat,
  mkdir,
  open,
  readlink,
  realpath,
  rm,
  rmdir,
  stat,
  statfs,
  type FileHandle,
} from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { InvalidInput } from '../../errors.ts'
import { isAbsence, systemCode, toDiskError, type DiskAttempt } from './disk-errors.ts'
import type { DiskPort, PathFacts, ReadableFile, WritableFile } from './disk-port.ts'
import { NodeFile, toPathFacts } from './node-file.ts'
import { renameIfFree } from './rename-if-free.ts'
import { renameWithRetry } from './rename-with-retry.ts'

const isWindows = process.platform === 'win32'
/** A FIFO or device would block an open without it for ever; regular files do not care. Windows has no such flags. */
const NEVER_WAIT = isWindows ? 0 : constants.O_NONBLOCK | constants.O_NOCTTY

/** The disk of this computer, through Node. */
export const nodeDisk: DiskPort = {
  openForRead,
  createExclusive,
  lookAt: (path) => factsOf(path, lstat),
  follow: (path) => factsOf(path, stat),
  resolveLinks,
  readLink,
  rename: renameFile,
  renameIfFree: (from, to) => translate({ path: to, purpose: 'write' }, () => renameIfFree(from, to)),
  remove: (path) => translate({ path, purpose: 'write' }, () => rm(path, { force: true })),
  makeFolder,
  removeFolder,
  syncFolder,
  isFolderWritable,
  freeBytes,
  readText,
  writeText,
}

async function translate<T>(attempt: DiskAttempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw toDiskError(thrown, attempt)
  }
}

async function openForRead(path: string): Promise<ReadableFile> {
  const flags = constants.O_RDONLY | NEVER_WAIT
  const handle = await translate({ path, purpose: 'read' }, () => open(path, flags))
  const file = new NodeFile(path, handle)
  try {
    const facts = await file.facts()
    if (facts.kind === 'file') return file
    throw new InvalidInput('E_KIND', `${path}: not a regular file`, {
      path,
      expected: 'file',
      actual: facts.kind,
    })
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

async function createExclusive(path: string): Promise<WritableFile> {
  const handle = await translate({ path, purpose: 'write' }, () => open(path, 'wx+'))
  return new NodeFile(path, handle)
}

type Look = (path: string, options: { readonly bigint: true }) => Promise<BigIntStats>

async function factsOf(path: string, look: Look): Promise<PathFacts | undefined> {
  try {
    return toPathFacts(await look(path, { bigint: true }))
  } catch (thrown) {
    if (isAbsence(thrown)) return undefined
    throw toDiskError(thrown, { path, purpose: 'read' })
  }
}

async function resolveLinks(path: string): Promise<string | undefined> {
  try {
    return await realpath(path)
  } catch (thrown) {
    if (isAbsence(thrown)) return undefined
    throw toDiskError(thrown, { path, purpose: 'read' })
  }
}

async function readLink(path: string): Promise<string | undefined> {
  try {
    return await readlink(path)
  } catch (thrown) {
    // The system calls it an invalid argument where something else than a link is.
    if (isAbsence(thrown) || systemCode(thrown) === 'EINVAL') return undefined
    throw toDiskError(thrown, { path, purpose: 'read' })
  }
}

async function renameFile(from: string, to: string): Promise<void> {
  await translate({ path: to, purpose: 'write' }, () => renameWithRetry(from, to))
}

async function makeFolder(path: string): Promise<void> {
  await translate({ path, purpose: 'write' }, () => mkdir(path))
}

async function removeFolder(path: string): Promise<void> {
  try {
    await rmdir(path)
  } catch (thrown) {
    const code = systemCode(thrown)
    const isLeft = code === 'ENOTEMPTY' || code === 'EEXIST' || isAbsence(thrown)
    if (!isLeft) throw toDiskError(thrown, { path, purpose: 'write' })
  }
}

async function syncFolder(path: string): Promise<void> {
  if (isWindows) return
  await translate({ path, purpose: 'write' }, async () => {
    const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      await syncIfPossible(handle)
    } finally {
      await handle.close()
    }
  })
}

/** Some network and user-space file systems know no sync of a folder; there is nothing to be done about it. */
async function syncIfPossible(folder: FileHandle): Promise<void> {
  try {
    await folder.sync()
  } catch (thrown) {
    const code = systemCode(thrown)
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw thrown
  }
}

async function isFolderWritable(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isDirectory()) return false
    await access(path, constants.W_OK | constants.X_OK)
    // On Windows `access` looks at the read-only bit alone, which says nothing about a folder.
    if (isWindows) await tryToCreate(path)
    return true
  } catch (thrown) {
    const error = toDiskError(thrown, { path, purpose: 'write' })
    if (error.code === 'E_IO') throw error
    return false
  }
}

async function tryToCreate(folder: string): Promise<void> {
  const path = join(folder, `.weir-trial-${randomBytes(6).toString('hex')}`)
  const handle = await open(path, 'wx')
  await handle.close()
  await rm(path, { force: true })
}

async function freeBytes(folder: string): Promise<number> {
  const facts = await translate({ path: folder, purpose: 'write' }, () => statfs(folder, { bigint: true }))
  return Number(facts.bavail * facts.bsize)
}

async function readText(path: string, maxBytes: number): Promise<string> {
  const file = await openForRead(path)
  try {
    const bytes = await file.size()
    if (bytes > maxBytes) {
      const text = `${path}: ${bytes} bytes, but at most ${maxBytes} are accepted here`
      throw new InvalidInput('E_SIZE', text, { path, expected: maxBytes, actual: bytes })
    }
    const content = new Uint8Array(bytes)
    await file.readExactly(content, 0)
    return new TextDecoder().decode(content)
  } finally {
    await file.close()
  }
}

async function writeText(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}~`
  const file = await createExclusive(temporary)
  try {
    try {
      await file.write(new TextEncoder().encode(text), 0)
      await file.sync()
    } finally {
      await file.close()
    }
    await renameFile(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
  await syncFolder(dirname(path))
}
