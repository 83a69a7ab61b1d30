import { isAbsolute, join, win32 } from 'node:path'

import { toWeirError } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { BasinPathReport } from '../jobs/basin-report.ts'
import { UNSAFE } from '../jobs/safe-text.ts'
import { inspectOpenFile } from '../read/inspect-file.ts'
import { listOfferedFeatures } from '../read/offered-features.ts'
import { PlaceSearch } from './look-at-place.ts'
import { showName, showText } from './show-text.ts'
import { VIEW_LIMITS } from './view-limits.ts'

export interface BasinPathQuestion {
  /** Of one basin, in order of preference, as they were typed or chosen. */
  readonly paths: readonly string[]
  /** Folder of the basin file to be, where relative paths start. */
  readonly outputFolder: string
  /** Folders that were chosen or confirmed; the output's is one of them. */
  readonly folders: readonly string[]
}

/** A measurement that a path leads to. */
interface Offer {
  readonly features: readonly string[]
  readonly events: number | null
  readonly identifier: string | null
}

/**
 * Tells of each path of a basin what is there: looked for only in the output's folder, in those that are allowed, and below them. Typed
 * paths are data: what lies elsewhere or on another computer is named, not touched. Throws nothing for what a path or a file may be.
 */
export async function describeBasinPaths(
  disk: DiskPort,
  { paths, outputFolder, folders }: BasinPathQuestion,
): Promise<BasinPathReport[]> {
  const places = await PlaceSearch.open(disk, outputFolder, folders)
  const description = new PathsDescription(disk, places)
  const reports: BasinPathReport[] = []
  for (const given of paths) reports.push(await description.describe(given, outputFolder))
  return reports
}

class PathsDescription {
  readonly #disk: DiskPort
  readonly #places: PlaceSearch
  /** Characters of feature names that may still be listed, in all reports together. */
  #charactersLeft: number = VIEW_LIMITS.viewCharacters
  #first: { readonly path: string; readonly offer: Offer } | undefined

  constructor(disk: DiskPort, places: PlaceSearch) {
    this.#disk = disk
    this.#places = places
  }

  async describe(given: string, outputFolder: string): Promise<BasinPathReport> {
    const nothing = { given, features: null, events: null, identifier: null, reason: null }
    const place = findPlace(given, outputFolder)
    const look =
      this.#places.lookAtForeign(given) ?? (place === undefined ? undefined : await this.#places.look(place))
    if (look === undefined) return { ...nothing, state: 'missing', resolved: null, folder: null }
    const resolved = look.path.search(UNSAFE) < 0 ? look.path : null
    if (look.state !== 'file') return { ...nothing, state: look.state, resolved, folder: look.folder }
    const offer = await this.#learn(look.path)
    const file = { given, resolved, folder: null }
    if (typeof offer === 'string') return { ...nothing, ...file, state: 'other', reason: showText(offer) }
    this.#first ??= { path: look.path, offer }
    const mismatch = findDifference(this.#first, offer)
    return {
      ...file,
      state: mismatch === undefined ? 'found' : 'other',
      features: this.#list(offer.features),
      events: offer.events,
      identifier: offer.identifier === null ? null : showName(offer.identifier),
      reason: mismatch === undefined ? null : showText(mismatch),
    }
  }

  async #learn(path: string): Promise<Offer | string> {
    try {
      const file = await FileReader.open(this.#disk, path)
      try {
        const { events, identifier } = await inspectOpenFile(file)
        return { features: await listOfferedFeatures(file), events, identifier }
      } finally {
        await file.close()
      }
    } catch (thrown) {
      const error = toWeirError(thrown, { path })
      if (error.tag === 'Internal') throw thrown
      return error.message
    }
  }

  #list(features: readonly string[]): string[] {
    const listed: string[] = []
    for (const name of new Set(features)) {
      const shown = showName(name)
      this.#charactersLeft -= shown.length
      if (listed.length >= VIEW_LIMITS.features || this.#charactersLeft < 0) break
      listed.push(shown)
    }
    return listed
  }
}

/** Undefined: on this system the path leads nowhere. */
function findPlace(given: string, outputFolder: string): string | undefined {
  if (given === '' || given.includes('\0')) return undefined
  if (isAbsolute(given)) return given
  return win32.isAbsolute(given) ? undefined : join(outputFolder, given)
}

function findDifference(
  first: { readonly path: string; readonly offer: Offer },
  { identifier, events }: Offer,
): string | undefined {
  const { path, offer } = first
  if (offer.identifier !== null && identifier !== null && offer.identifier !== identifier)
    return `it is the measurement ${identifier}, but ${path} is ${offer.identifier}`
  if (offer.events === events) return undefined
  return `it has ${describeCount(events)}, but ${path} has ${describeCount(offer.events)}`
}

function describeCount(events: number | null): string {
  return events === null ? 'features that disagree on their number of events' : `${events} events`
}
