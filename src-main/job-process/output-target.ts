import { basename, dirname } from 'node:path'

import { OutputConflict } from '../errors.ts'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'
import { findNearestFolder } from './output-folders.ts'
import { describeOwner, isOwnerAlive, readOwner } from './temporary-owner.ts'

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
  /** A leftover of an earlier run that `--overwrite` allows to remove, as it was found. */
  readonly leftover: PathFacts | undefined
  readonly overwrite: boolean
}

export interface OutputRequest {
  readonly path: string
  readonly overwrite: boolean
  /** A folder below which those on the way to the output may be made. */
  readonly root?: string | undefined
  /** Files that must never be written to. */
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
  await checkExisting(request, disk)
  const leftover = await checkLeftover(temporaryPath, request.overwrite, disk)
  return { path, temporaryPath, folder, root, nearestFolder, leftover, overwrite: request.overwrite }
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

/** Refuses an output that is one of these files, by whatever path or link: nothing that a job reads is ever written to. Throws E_SAME. */
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
  const source = await disk.follow(input)
  for (const target of [path, temporaryPath]) {
    const facts = await disk.follow(target)
    if (source !== undefined && facts?.identity === source.identity) {
      throw new OutputConflict(
        'E_SAME',
        `${target} is the input itself (${input}); it would be overwritten. Choose another output`,
        { path },
      )
    }
  }
}

async function checkExisting(
  { path, overwrite }: Pick<OutputRequest, 'path' | 'overwrite'>,
  disk: DiskPort,
): Promise<void> {
  const facts = await disk.lookAt(path)
  if (facts === undefined) return
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
}

async function checkLeftover(
  temporaryPath: string,
  overwrite: boolean,
  disk: DiskPort,
): Promise<PathFacts | undefined> {
  const facts = await disk.lookAt(temporaryPath)
  if (facts === undefined) return undefined
  const path = temporaryPath
  if (facts.kind !== 'file') {
    throw new OutputConflict('E_EXISTS', `${path} is in the way and is no plain file; remove it`, { path })
  }
  const owner = await readOwner(path, disk)
  if (owner !== undefined && isOwnerAlive(owner)) {
    throw new OutputConflict(
      'E_EXISTS',
      `${path} is being written by ${describeOwner(owner)}; wait for it or choose another output`,
      { path },
    )
  }
  if (!overwrite) {
    throw new OutputConflict(
      'E_EXISTS',
      `${path} is left over from an interrupted run; look at it, then remove it or allow overwriting`,
      { path },
    )
  }
  return facts
}

/** Removes a leftover that was found by `checkOutput`, if it is still the same file. */
export async function removeLeftover(target: OutputTarget, disk: DiskPort): Promise<void> {
  if (target.leftover === undefined) return
  const now = await disk.lookAt(target.temporaryPath)
  if (now === undefined) return
  const owner = await readOwner(target.temporaryPath, disk)
  const isTaken = now.identity !== target.leftover.identity || (owner !== undefined && isOwnerAlive(owner))
  if (isTaken) {
    throw new OutputConflict(
      'E_EXISTS',
      `another program has begun to write ${target.temporaryPath}; choose another output`,
      {
        path: target.temporaryPath,
      },
    )
  }
  await disk.remove(target.temporaryPath)
}

/** Gives the verified file its name and makes that durable. Nothing that appeared meanwhile is overwritten unasked. */
export async function commitOutput(target: OutputTarget, disk: DiskPort): Promise<void> {
  await checkExisting(target, disk)
  await disk.rename(target.temporaryPath, target.path)
  await disk.syncFolder(target.folder)
}
