import { dirname, isAbsolute, join, relative, sep } from 'node:path'

import { OutputConflict, WeirError } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'

/** Folders of a mirrored tree: only such as are below the folder that the user chose are ever made. */

export interface FolderPlace {
  /** Path of the output. */
  readonly path: string
  /** The chosen folder, which has to be there. */
  readonly root: string
}

/**
 * The innermost folder on the way to the output that is there; those below it are to be made. Nothing is written. Throws E_OUT_FOLDER
 * where the way leads out of the chosen folder, also by a link, or over something that is no folder.
 */
export async function findNearestFolder(place: FolderPlace, disk: DiskPort): Promise<string> {
  let nearest = place.root
  for (const folder of listFolders(place)) {
    if (!(await isFolder(folder, place, disk))) break
    nearest = folder
  }
  await refuseWayOut(nearest, place, disk)
  return nearest
}

/** Makes the folders that are missing and gives them, the outermost first. After an error none of them is left. Throws as `findNearestFolder`. */
export async function makeOutputFolders(place: FolderPlace, disk: DiskPort): Promise<readonly string[]> {
  const made: string[] = []
  try {
    for (const folder of listFolders(place)) {
      if (await isFolder(folder, place, disk)) continue
      await refuseWayOut(dirname(folder), place, disk)
      if (await makeFolder(folder, disk)) made.push(folder)
    }
    await refuseWayOut(dirname(place.path), place, disk)
    return made
  } catch (error) {
    await removeMadeFolders(made, disk)
    throw error
  }
}

/** Takes away again what was made for an output that did not come; a folder that others have put something into stays. */
export async function removeMadeFolders(made: readonly string[], disk: DiskPort): Promise<void> {
  for (const folder of made.toReversed()) await disk.removeFolder(folder)
}

/** Every folder from below the root to that of the output. */
function listFolders({ path, root }: FolderPlace): readonly string[] {
  const way = relative(root, dirname(path))
  if (!isWayInside(way)) throw describeWayOut(dirname(path), { path, root })
  const names = way === '' ? [] : way.split(sep)
  return names.map((_name, index) => join(root, ...names.slice(0, index + 1)))
}

function isWayInside(way: string): boolean {
  return !isAbsolute(way) && way.split(sep)[0] !== '..'
}

/** False: there is nothing. */
async function isFolder(folder: string, { path }: FolderPlace, disk: DiskPort): Promise<boolean> {
  const facts = await disk.follow(folder)
  if (facts?.kind === 'folder') return true
  const there = facts ?? (await disk.lookAt(folder))
  if (there === undefined) return false
  // Another job has made it between the two looks.
  if (there.kind === 'folder') return true
  const message = `${folder} is in the way: it is no folder. Move it away or choose another output folder`
  throw new OutputConflict('E_OUT_FOLDER', message, { path })
}

async function refuseWayOut(folder: string, place: FolderPlace, disk: DiskPort): Promise<void> {
  const [real, realRoot] = [await disk.resolveLinks(folder), await disk.resolveLinks(place.root)]
  if (real === undefined || realRoot === undefined) {
    const message = `the folder ${place.root} does not exist; create it or choose another one`
    throw new OutputConflict('E_OUT_FOLDER', message, { path: place.path })
  }
  if (!isWayInside(relative(realRoot, real))) throw describeWayOut(folder, place)
}

function describeWayOut(folder: string, { path, root }: FolderPlace): OutputConflict {
  const message = `${folder} leads out of ${root}, below which Weir makes the folders of the outputs; choose another output folder`
  return new OutputConflict('E_OUT_FOLDER', message, { path })
}

/** False: another job has just made it. */
async function makeFolder(folder: string, disk: DiskPort): Promise<boolean> {
  try {
    await disk.makeFolder(folder)
  } catch (thrown) {
    const isTaken = thrown instanceof WeirError && thrown.code === 'E_EXISTS'
    if (isTaken && (await disk.lookAt(folder))?.kind === 'folder') return false
    throw thrown
  }
  await disk.syncFolder(dirname(folder))
  return true
}
