import { dirname } from 'node:path'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { findMismatch, readIdentity } from './basin-identity.ts'
import { isNetworkPath, listCandidates, type BasinCandidate } from './basin-paths.ts'
import type { BasinDefinition } from './basins.ts'
import { Measurement } from './measurement.ts'

/** What a look at one place says; `path` is the place, of a file without links where these were resolved. */
export interface PlaceLook {
  /** `outside`: not looked at, because nobody has allowed it yet. */
  readonly kind: 'file' | 'missing' | 'outside'
  readonly path: string
}

/** How basins are opened. */
export interface BasinOpening {
  readonly disk: DiskPort
  /** Decodes chunks; stays the caller's. */
  readonly pool: FilterPool
  /** See `MeasurementOptions`. */
  readonly missingChunks?: 'refuse' | 'fill' | undefined
  /**
   * Looks for an ordinary file. Left out: anywhere on this computer, as the user of a command line allows who asks for the basins' data.
   * A window that only shows a file looks in confirmed folders alone.
   */
  readonly look?: ((path: string) => Promise<PlaceLook>) | undefined
}

/** What became of a path, from what is most worth telling to what is least. */
const STATES = ['found', 'unconfirmed', 'network', 'other', 'cyclic', 'missing'] as const

/**
 * `found`: the right measurement; `unconfirmed`: outside of what may be looked at; `network`: on another computer, not looked at;
 * `other`: another measurement or none; `cyclic`: a file from which this definition was reached; `missing`: nothing.
 */
export type PlaceState = (typeof STATES)[number]

/** One path of a definition. */
export interface BasinPlace {
  /** As the definition has it. */
  readonly given: string
  readonly state: PlaceState
  /** The path that was, or would be, looked at; null: none can be made of it. */
  readonly path: string | null
  /** Why it is another measurement, else null. */
  readonly reason: string | null
}

/** A measurement that is read as a basin. */
export interface BasinFile {
  readonly path: string
  /** As it was when it was opened. */
  readonly facts: PathFacts
  readonly measurement: Measurement
}

/** What became of a `file` basin. */
export interface OpenedBasin {
  readonly state: PlaceState
  /** Every path up to the one that was found. */
  readonly places: readonly BasinPlace[]
  readonly file: BasinFile | null
}

/** The file that names a basin. */
export interface BasinReferrer {
  readonly path: string
  readonly identifier: string | null
  /** Identities (see `PathFacts`) of the files from which it was reached and, last, of this file. */
  readonly chain: readonly string[]
}

/** Basin files, each opened once however many definitions lead to it. */
export class BasinFiles {
  readonly #files = new Map<string, BasinFile>()

  constructor(readonly opening: BasinOpening) {}

  /** All that are open. */
  get list(): readonly BasinFile[] {
    return [...this.#files.values()]
  }

  /** Throws what `Measurement.open` throws, and for a damaged feature. */
  async open(path: string, facts: PathFacts): Promise<BasinFile> {
    const known = this.#files.get(facts.identity)
    if (known !== undefined) return known
    const { disk, pool, missingChunks } = this.opening
    const measurement = await Measurement.open(disk, path, { pool, missingChunks })
    const file = { path, facts, measurement }
    this.#files.set(facts.identity, file)
    measurement.refuseDamaged(() => true)
    return file
  }

  async close(): Promise<void> {
    for (const { measurement } of this.#files.values()) await measurement.close()
    this.#files.clear()
  }
}

/**
 * Looks for a `file` basin as dclab and dcnum do (see `listCandidates`) and opens the first file that is the right measurement. Throws
 * only for a right one that is damaged.
 */
export async function openBasin(
  basin: BasinDefinition,
  referrer: BasinReferrer,
  files: BasinFiles,
): Promise<OpenedBasin> {
  const search = new BasinPathSearch(basin, referrer, files)
  const places: BasinPlace[] = []
  for (const given of basin.paths) {
    const { place, file } = await search.lookForPath(given)
    places.push(place)
    if (file !== null) return { state: 'found', places, file }
  }
  const state = STATES.find((one) => places.some((place) => place.state === one)) ?? 'missing'
  return { state, places, file: null }
}

interface SearchedPath {
  readonly place: BasinPlace
  readonly file: BasinFile | null
}

class BasinPathSearch {
  readonly #basin: BasinDefinition
  readonly #referrer: BasinReferrer
  readonly #files: BasinFiles

  constructor(basin: BasinDefinition, referrer: BasinReferrer, files: BasinFiles) {
    this.#basin = basin
    this.#referrer = referrer
    this.#files = files
  }

  async lookForPath(given: string): Promise<SearchedPath> {
    // Merely asking for such a path can hand the user's credentials to a host that the file names.
    if (isNetworkPath(given)) return this.#tell({ given, state: 'network', path: given, reason: null })
    let best: SearchedPath | undefined
    for (const candidate of listCandidates(dirname(this.#referrer.path), given)) {
      const result = await this.#lookAtPlace(given, candidate)
      if (result.place.state === 'found') return result
      if (best === undefined || isBetter(result.place.state, best.place.state)) best = result
    }
    return best ?? this.#tell({ given, state: 'missing', path: null, reason: null })
  }

  async #lookAtPlace(given: string, candidate: BasinCandidate): Promise<SearchedPath> {
    const { disk, look = (path) => lookAnywhere(disk, path) } = this.#files.opening
    const { kind, path } = await look(candidate.path)
    if (kind === 'missing') return this.#tell({ given, state: 'missing', path, reason: null })
    if (kind === 'outside') return this.#tell({ given, state: 'unconfirmed', path, reason: null })
    const facts = await disk.follow(path)
    const { chain, identifier } = this.#referrer
    const isAbove = facts !== undefined && chain.includes(facts.identity)
    // A basin that is gone and had the name of its referrer is not the referrer.
    const isNamesake = isAbove && candidate.by === 'name'
    if (facts?.kind !== 'file' || isNamesake)
      return this.#tell({ given, state: 'missing', path, reason: null })
    const cyclic = { given, state: 'cyclic', path, reason: null } as const
    if (isAbove && facts.identity !== chain.at(-1)) return this.#tell(cyclic)
    const reason = findMismatch(this.#basin, identifier, await readIdentity(disk, path))
    if (reason !== undefined) return this.#tell({ given, state: 'other', path, reason })
    if (isAbove) return this.#tell(cyclic)
    const place = { given, state: 'found', path, reason: null } as const
    return { place, file: await this.#files.open(path, facts) }
  }

  #tell(place: BasinPlace): SearchedPath {
    return { place, file: null }
  }
}

function isBetter(one: PlaceState, other: PlaceState): boolean {
  return STATES.indexOf(one) < STATES.indexOf(other)
}

async function lookAnywhere(disk: DiskPort, path: string): Promise<PlaceLook> {
  // A folder that may not be entered, a name too long: the basin cannot be had there, which is all that is asked.
  const facts = await disk.follow(path).catch(() => undefined)
  return { kind: facts?.kind === 'file' ? 'file' : 'missing', path }
}
