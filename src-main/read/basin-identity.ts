import { toWeirError } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { BasinDefinition } from './basins.ts'
import { findIdentifier } from './identifier.ts'
import { lookUpAttribute } from './measurement-structure.ts'

/** What a file that a basin names is: a measurement, or no such thing for a reason. */
export type BasinIdentity = { readonly identifier: string | null } | { readonly reason: string }

/** Opens a file read-only and tells which measurement it is; its own basins are not followed. */
export async function readIdentity(disk: DiskPort, path: string): Promise<BasinIdentity> {
  try {
    const file = await FileReader.open(disk, path)
    try {
      const root = await file.root()
      if (!root.links.some((link) => link.name === 'events')) return { reason: 'it has no group /events' }
      return { identifier: findIdentifier((name) => lookUpAttribute(root, name)) }
    } finally {
      await file.close()
    }
  } catch (thrown) {
    const error = toWeirError(thrown, { path })
    if (error.tag === 'Internal') throw thrown
    return { reason: error.message }
  }
}

/**
 * Why the measurement is not the one that the basin should be; undefined: nothing speaks against it.
 * dclab: an unmapped basin has the identifier of its referrer, a mapped one the beginning of it; one that is missing fits all.
 */
export function findMismatch(
  basin: BasinDefinition,
  referrer: string | null,
  identity: BasinIdentity,
): string | undefined {
  if ('reason' in identity) return identity.reason
  const { identifier } = identity
  if (identifier === null) return undefined
  const isWanted = (basin.identifier ?? '') === '' || basin.identifier === identifier
  if (!isWanted) return `it is the measurement ${identifier}, but ${basin.identifier} is wanted`
  if (referrer === null) return undefined
  const fits = basin.mapping === 'same' ? referrer === identifier : referrer.startsWith(identifier)
  return fits ? undefined : `it is the measurement ${identifier}, but this file is ${referrer}`
}
