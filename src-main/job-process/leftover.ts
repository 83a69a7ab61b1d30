import { dirname } from 'node:path'

import { OutputConflict, WeirError, type Warning } from '../errors.ts'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'
import {
  askForWriter,
  describeInUse,
  describeWriter,
  isRepeatable,
  readNote,
  type UnfinishedNote,
} from '../hdf5/unfinished-note.ts'
import { isUnchanged } from './input-identity.ts'

/** A file under the temporary name of an output, left by an earlier run, that the new one may put out of its way. */
export interface Leftover {
  /** As it was found. */
  readonly facts: PathFacts
  /** Only what nobody can miss is removed; a recording, and whatever might be one, is moved aside. */
  readonly fate: 'remove' | 'move-aside'
}

export interface LeftoverQuestion {
  readonly temporaryPath: string
  readonly overwrite: boolean
  /** What has the name of the output already. */
  readonly existing: PathFacts | undefined
}

const MAX_NUMBER = 99_999

/** Looks for a leftover. Throws E_EXISTS where one is in use, or may not be put away. */
export async function findLeftover(
  { temporaryPath: path, overwrite, existing }: LeftoverQuestion,
  disk: DiskPort,
): Promise<Leftover | undefined> {
  const facts = await disk.lookAt(path)
  if (facts === undefined) return undefined
  if (facts.kind !== 'file') {
    throw new OutputConflict('E_EXISTS', `${path} is in the way and is no plain file; remove it`, { path })
  }
  const note = await readNote(path, disk)
  if (note !== undefined) await refuseInUse(path, note)
  if (!overwrite) {
    const advice = 'look at it, then remove it or allow overwriting, which moves a recording aside'
    const message = `${path} is left over from an interrupted run; ${advice}`
    throw new OutputConflict('E_EXISTS', message, { path })
  }
  return { facts, fate: chooseFate(facts, note, existing) }
}

/** Throws E_EXISTS where the writer of an unfinished file may still be at work. */
export async function refuseInUse(path: string, note: UnfinishedNote): Promise<void> {
  switch (await askForWriter(note)) {
    case 'gone':
      return
    case 'alive':
      throw new OutputConflict('E_EXISTS', describeInUse(path, note), { path })
    case 'unknown': {
      const advice = `which cannot be asked from here; if it has ended, move the file away, else choose another output`
      throw new OutputConflict('E_EXISTS', `${path} was begun by ${describeWriter(note)}, ${advice}`, {
        path,
      })
    }
  }
}

function chooseFate(
  facts: PathFacts,
  note: UnfinishedNote | undefined,
  existing: PathFacts | undefined,
): Leftover['fate'] {
  // A run that ended between the two steps of the rename: the file has its proper name too.
  const isSecondName = existing?.identity === facts.identity
  const canBeMissed = facts.bytes === 0 || isSecondName || (note !== undefined && isRepeatable(note))
  return canBeMissed ? 'remove' : 'move-aside'
}

export interface LeftoverPlace {
  readonly temporaryPath: string
  readonly leftover: Leftover | undefined
}

/** Puts a leftover out of the way, if it is still the file that was found. What is moved aside is told, with its new path. */
export async function clearLeftover(
  { temporaryPath, leftover }: LeftoverPlace,
  { disk, reportWarning }: { readonly disk: DiskPort; readonly reportWarning: (warning: Warning) => void },
): Promise<void> {
  if (leftover === undefined) return
  const now = await disk.lookAt(temporaryPath)
  if (now === undefined) return
  if (!isUnchanged(now, leftover.facts)) {
    const message = `another program has begun to write ${temporaryPath}; choose another output`
    throw new OutputConflict('E_EXISTS', message, { path: temporaryPath })
  }
  if (leftover.fate === 'remove') return disk.remove(temporaryPath)
  const path = await moveAside(temporaryPath, disk)
  const message = `${temporaryPath} was left over from an interrupted run and may hold a recording: it was moved aside and is ${path} now`
  reportWarning({ code: 'W_ASIDE', message, path })
}

/** To the first numbered name that is free, as `x.rtdc~1`. Gives the path. */
async function moveAside(path: string, disk: DiskPort): Promise<string> {
  for (let number = 1; number <= MAX_NUMBER; number += 1) {
    const aside = `${path}${number}`
    try {
      await disk.renameIfFree(path, aside)
    } catch (thrown) {
      if (thrown instanceof WeirError && thrown.code === 'E_EXISTS') continue
      throw thrown
    }
    await disk.syncFolder(dirname(path))
    return aside
  }
  throw new OutputConflict('E_EXISTS', `${path}: no number up to ${MAX_NUMBER} is free`, { path })
}
