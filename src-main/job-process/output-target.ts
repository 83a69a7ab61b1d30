import { basename, dirname } from 'node:path'

import { Hdf5Error, OutputConflict } from '../errors.ts'
import type { DiskPort, PathFacts, ReadableFile } from '../hdf5/disk/disk-port.ts'
import { placeOf } from '../hdf5/disk/place-of.ts'
import { readNote } from '../hdf5/unfinished-note.ts'
import { isUnchanged } from './input-identity.ts'
import { findLeftover, refuseInUse, type Leftover } from './leftover.ts'
import { findNearestFolder } from './output-folders.ts'

/** Most file systems take names of up to 255 bytes; the temporary name is one longer. */
const MAX_NAME_BYTES = 254

/** Where an output goes: the name it will have and the temporary one it has until it is verified. */
export interface OutputTarget {
  readonly path: string
  readonly temporaryPath: string
  readonly folder: string
  /** The folder below which those that are missing are made; undefined: `folder` is there. */
  readonly root: string | undefined
  /** The innermost folder that is there already. */
  readonly nearestFolder: string
  /** A leftover of an earlier run that `--overwrite` allows to put away. */
  readonly leftover: Leftover | undefined
  /** The file that `--overwrite` allows to replace, as it was found. */
  readonly existing: PathFacts | undefined
  readonly overwrite: boolean
}

export interface OutputRequest {
  readonly path: string
  readonly overwrite: boolean
  /** A folder below which those on the way to the output may be made. */
  readonly root?: string | undefined
  /** Files that must never be written to, be they there or not: what the job reads or refers to. */
  readonly inputs: readonly string[]
}

/** Finds every reason not to write before anything is written. Throws E_SAME, E_EXISTS or one of E_OUT_*. */
export async function checkOutput(request: OutputRequest, disk: DiskPort): Promise<OutputTarget> {
  const { path, root } = request
  const folder = dirname(path)
  const nearestFolder = root === undefined ? folder : await findNearestFolder({ path, root }, disk)
  await checkFolder(nearestFolder, path, disk)
  if (Buffer.byteLength(basename(path)) > MAX_NAME_BYTES) {
    throw new OutputConflict(
      'E_OUT_PATH',
      `the name of ${path} is too long; choose one of at most ${MAX_NAME_BYTES} bytes`,
      { path },
    )
  }
  const temporaryPath = `${path}~`
  for (const input of request.inputs) {
    await refuseSameFile({ path, temporaryPath, input }, disk)
  }
  const { overwrite } = request
  const existing = await checkExisting(request, disk)
  if (existing !== undefined) await refuseHalfWritten(path, disk)
  const leftover = await findLeftover({ temporaryPath, overwrite, existing }, disk)
  return { path, temporaryPath, folder, root, nearestFolder, leftover, existing, overwrite }
}

async function checkFolder(folder: string, path: string, disk: DiskPort): Promise<void> {
  const facts = await disk.follow(folder)
  if (facts === undefined) {
    throw new OutputConflict(
      'E_OUT_FOLDER',
      `the folder ${folder} does not exist; create it or choose another one`,
      { path },
    )
  }
  if (facts.kind !== 'folder') {
    throw new OutputConflict('E_OUT_FOLDER', `${folder} is not a folder; choose another output`, { path })
  }
  if (!(await disk.isFolderWritable(folder))) {
    throw new OutputConflict('E_OUT_PERM', `no permission to write into ${folder}; choose another folder`, {
      path,
    })
  }
}

/**
 * Refuses an output that is one of these files, by whatever path or link: nothing that a job reads is ever written to. One that is not
 * there yet would come to refer to itself. Throws E_SAME.
 */
export async function refuseSameFiles(
  { path, temporaryPath }: OutputTarget,
  inputs: readonly string[],
  disk: DiskPort,
): Promise<void> {
  for (const input of new Set(inputs)) await refuseSameFile({ path, temporaryPath, input }, disk)
}

interface SamePaths {
  readonly path: string
  readonly temporaryPath: string
  readonly input: string
}

async function refuseSameFile({ path, temporaryPath, input }: SamePaths, disk: DiskPort): Promise<void> {
  // What cannot be asked is not there; whoever reads it says what is wrong with it.
  const source = await disk.follow(input).catch(() => undefined)
  const place = await placeOf(input, disk)
  for (const target of [path, temporaryPath]) {
    const facts = await disk.follow(target)
    const isThere = source !== undefined && facts?.identity === source.identity
    if (!isThere && (await placeOf(target, disk)) !== place) continue
    const what = isThere
      ? `is the input itself (${input}); it would be overwritten`
      : `is also named as a file that the output refers to (${input}), which would then be the output itself`
    throw new OutputConflict('E_SAME', `${target} ${what}. Choose another output`, { path })
  }
}

async function checkExisting(
  { path, overwrite }: Pick<OutputRequest, 'path' | 'overwrite'>,
  disk: DiskPort,
): Promise<PathFacts | undefined> {
  const facts = await disk.lookAt(path)
  if (facts === undefined) return undefined
  if (facts.kind === 'link') {
    throw new OutputConflict(
      'E_EXISTS',
      `${path} is a symbolic link; Weir does not write through links. Name the file itself`,
      { path },
    )
  }
  if (facts.kind !== 'file') {
    throw new OutputConflict('E_EXISTS', `${path} exists and is no file; choose another output`, { path })
  }
  if (!overwrite) {
    throw new OutputConflict('E_EXISTS', `${path} exists; choose another output or allow overwriting`, {
      path,
    })
  }
  return facts
}

/** Programs that use the library write under the final name: such a file is not replaced while they do. */
async function refuseHalfWritten(path: string, disk: DiskPort): Promise<void> {
  // What may not be read may still be replaced.
  const note = await readNote(path, disk).catch(() => undefined)
  if (note !== undefined) await refuseInUse(path, note)
}

/** The file that was written and proven, held open so that it cannot be taken for another one. */
export interface ProvenFile {
  readonly file: ReadableFile
  readonly bytes: number
}

/**
 * Gives the proven file its name. Nothing that appeared meanwhile is replaced, and nothing but the file that was proven gets the name.
 * Throws E_EXISTS or E_VERIFY.
 */
export async function commitOutput(target: OutputTarget, proven: ProvenFile, disk: DiskPort): Promise<void> {
  const { path, temporaryPath } = target
  const own = await proven.file.facts()
  const there = await disk.lookAt(temporaryPath)
  const isProven = there?.kind === 'file' && there.identity === own.identity && own.bytes === proven.bytes
  if (!isProven) throw describeExchanged(temporaryPath, proven, there)
  const replaced = await lookAgain(target, disk)
  if (replaced === undefined) await disk.renameIfFree(temporaryPath, path)
  else await disk.rename(temporaryPath, path)
  const named = await disk.lookAt(path)
  // Some file systems give each name of a file a number of its own.
  const isSame =
    named?.identity === own.identity || isUnchanged(named, { ...own, identity: named?.identity ?? '' })
  if (!isSame) throw describeExchanged(path, proven, named)
}

/** Makes the name of a committed output durable. */
export async function settleOutput({ path, folder }: OutputTarget, disk: DiskPort): Promise<void> {
  await disk.syncFolder(folder).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const message = `${path} is written and whole, but a power cut may take its name away again, because its folder could not be synced: ${reason}`
    throw new Hdf5Error('E_IO', message, { path, cause })
  })
}

function describeExchanged(path: string, { bytes }: ProvenFile, there: PathFacts | undefined): Hdf5Error {
  const what = there === undefined ? 'is gone' : 'is not the file that was written'
  const message = `${path} ${what}: another program has removed, replaced or changed it; find out which, then start again`
  return new Hdf5Error('E_VERIFY', message, { path, expected: bytes, actual: there?.bytes ?? 'gone' })
}

/** The file that the output replaces, if any: with leave to overwrite, only that which was there when the job was checked. */
async function lookAgain(target: OutputTarget, disk: DiskPort): Promise<PathFacts | undefined> {
  const { path, existing } = target
  const now = await checkExisting(target, disk)
  if (now === undefined || (existing !== undefined && isUnchanged(now, existing))) return now
  const message = `${path} was put there or changed by another program while the job ran; it is not replaced. Look at it, then start again`
  throw new OutputConflict('E_EXISTS', message, { path })
}
