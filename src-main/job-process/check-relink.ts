import { BasinUnresolved } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { RelinkReport } from '../jobs/basin-report.ts'
import type { BasinDefinition } from '../read/basins.ts'
import { inspectOpenFile, type FileInspection } from '../read/inspect-file.ts'
import { listOfferedFeatures } from '../read/offered-features.ts'
import { findMismatch, readIdentity } from '../read/basin-identity.ts'
import { showName, showText } from './show-text.ts'
import { VIEW_LIMITS } from './view-limits.ts'

export interface RelinkQuestion {
  /** The file whose basin is to lead elsewhere. */
  readonly path: string
  /** Name of the basin's dataset. */
  readonly key: string
  readonly candidate: string
}

interface Candidate {
  readonly events: number | null
  /** Names that it gives by itself or through its basins; null: it may give any, because one of its basins does not list them. */
  readonly features: ReadonlySet<string> | null
}

/**
 * Tells whether a file that the user chose is the one that a basin needs: the right measurement, with the features that the basin
 * should give. Both files are opened read-only. Throws E_BASIN for a key that is none of a `file` basin, and what `inspectFile` throws
 * for the referrer; a candidate that cannot be read is `other`, with the reason.
 */
export async function checkRelink(
  disk: DiskPort,
  { path, key, candidate }: RelinkQuestion,
): Promise<RelinkReport> {
  const referrer = await inspect(disk, path)
  const basin = referrer.basins.find((one) => one.key === key)
  if (basin?.type !== 'file') {
    const object = `/basins/${key}`
    const message = `${path}: ${object} is no basin that leads to a file, so it cannot be relinked`
    throw new BasinUnresolved('E_BASIN', message, { path, object })
  }
  if (await isSameFile(disk, path, candidate)) return refuse('it is this file itself')
  const identity = await readIdentity(disk, candidate)
  const mismatch = findMismatch(basin, referrer.identifier, identity)
  const identifier = 'identifier' in identity ? identity.identifier : null
  if (mismatch !== undefined) return refuse(mismatch, identifier)
  const found = await readCandidate(disk, candidate)
  const lengths = compareLengths(basin, referrer.events, found.events)
  if (lengths !== undefined) return refuse(lengths, identifier)
  const { features } = found
  const missing = features === null ? [] : (basin.features ?? []).filter((name) => !features.has(name))
  return {
    verdict: missing.length === 0 ? 'fits' : 'lacks',
    identifier: showIdentifier(identifier),
    events: found.events,
    missing: missing.slice(0, VIEW_LIMITS.featuresOfBasin).map(showName),
    reason: null,
  }
}

async function inspect(disk: DiskPort, path: string): Promise<FileInspection> {
  const file = await FileReader.open(disk, path)
  try {
    return await inspectOpenFile(file)
  } finally {
    await file.close()
  }
}

async function readCandidate(disk: DiskPort, path: string): Promise<Candidate> {
  const file = await FileReader.open(disk, path)
  try {
    const { events, basins } = await inspectOpenFile(file)
    const own = await listOfferedFeatures(file)
    // Its own basins are not followed: what they promise counts.
    const isOpen = basins.some(({ features }) => features === null)
    const promised = basins.flatMap(({ features }) => features ?? [])
    return { events, features: isOpen ? null : new Set([...own, ...promised]) }
  } finally {
    await file.close()
  }
}

async function isSameFile(disk: DiskPort, one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([disk.follow(one), disk.follow(other)])
  return first !== undefined && first.identity === second?.identity
}

/** Spec: events of an unmapped basin are those of its referrer, one by one. */
function compareLengths(
  { mapping }: BasinDefinition,
  wanted: number | null,
  events: number | null,
): string | undefined {
  if (mapping !== 'same' || wanted === null || events === null || wanted === events) return undefined
  return `it has ${events} events, but this file has ${wanted}`
}

function refuse(reason: string, identifier: string | null = null): RelinkReport {
  return {
    ...{ verdict: 'other', events: null, missing: [] },
    ...{ identifier: showIdentifier(identifier), reason: showText(reason) },
  }
}

function showIdentifier(identifier: string | null): string | null {
  return identifier === null ? null : showName(identifier)
}
