import { dirname, resolve } from 'node:path'
import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { BasinPathView, BasinView } from '../jobs/file-view.ts'
import { findMismatch, readIdentity, type BasinIdentity } from '../read/basin-identity.ts'
import { listCandidates } from '../read/basin-paths.ts'
import type { BasinDefinition } from '../read/basins.ts'
import type { MeasurementStructure } from '../read/measurement-structure.ts'
import { makeWarning } from '../read/make-warning.ts'
import { PlaceSearch } from './look-at-place.ts'
import { showName, showText, type TextBudget } from './show-text.ts'
import { VIEW_LIMITS } from './view-limits.ts'

/** The file whose basins are looked for. */
export interface Referrer {
  readonly path: string
  readonly identifier: string | null
  /** Names in `basin_events`; undefined: there is no such group. */
  readonly internalFeatures: ReadonlySet<string> | undefined
}

/** A basin without what it refers to in turn. */
export interface DescribedBasin {
  readonly view: Omit<BasinView, 'basins'>
  /** The file that the first good path leads to, exactly; null: none. */
  readonly found: string | null
}

/** From what is most worth telling of several places to what is least. */
const STATES = ['found', 'unconfirmed', 'network', 'other', 'missing'] as const

/**
 * Looks for the files of basins, only in the referrer's own folder, in those that are allowed, and below them. Typed paths are data:
 * what lies elsewhere or on another computer is named, not touched.
 */
export class BasinSearch {
  readonly warnings: Warning[] = []
  readonly #disk: DiskPort
  readonly #referrer: Referrer
  readonly #places: PlaceSearch
  /** Files that were found, by the path that the definition has. */
  readonly #found = new Map<string, string>()
  readonly #identities = new Map<string, Promise<BasinIdentity>>()

  private constructor(disk: DiskPort, referrer: Referrer, places: PlaceSearch) {
    this.#disk = disk
    this.#referrer = referrer
    this.#places = places
  }

  static async open(disk: DiskPort, referrer: Referrer, confirmed: readonly string[]): Promise<BasinSearch> {
    const places = await PlaceSearch.open(disk, dirname(resolve(referrer.path)), confirmed)
    return new BasinSearch(disk, referrer, places)
  }

  async describe(basin: BasinDefinition, texts: TextBudget): Promise<DescribedBasin> {
    const { key, type, format, name, description, features, mapping, identifier, urls } = basin
    if (type === 'internal') this.#checkInternal(basin)
    const paths: BasinPathView[] = []
    if (type === 'file') {
      for (const given of basin.paths.slice(0, VIEW_LIMITS.pathsOfBasin))
        paths.push(await this.#lookForPath(given, basin))
    }
    const view = {
      key: showName(key),
      type: showName(type),
      format: showName(format),
      name: name === null ? null : showName(name),
      description: description === null ? null : texts.showText(description),
      features: features?.slice(0, VIEW_LIMITS.featuresOfBasin).map(showName) ?? null,
      mapping: showName(mapping),
      identifier: identifier === null ? null : showName(identifier),
      paths,
      urls: urls.slice(0, VIEW_LIMITS.pathsOfBasin).map((url) => texts.showText(url)),
    }
    const index = paths.findIndex(({ state }) => state === 'found')
    return { view, found: index < 0 ? null : (this.#found.get(basin.paths[index] ?? '') ?? null) }
  }

  async #lookForPath(given: string, basin: BasinDefinition): Promise<BasinPathView> {
    const { path } = this.#referrer
    const foreign = this.#places.lookAtForeign(given)
    const looks = foreign ? [describePath(given, foreign)] : []
    const candidates = listCandidates(dirname(resolve(path)), given)
    for (const place of new Set(candidates.map((candidate) => candidate.path)))
      looks.push(await this.#lookAtPlace(given, place, basin))
    const best = STATES.flatMap((state) => looks.filter((look) => look.state === state))[0]
    return best ?? describePath(given, { state: 'missing', path: null, folder: null })
  }

  async #lookAtPlace(given: string, place: string, basin: BasinDefinition): Promise<BasinPathView> {
    const look = await this.#places.look(place)
    if (look.state !== 'file') return describePath(given, look)
    const { path } = look
    const state = (await this.#isRightFile(path, basin)) ? 'found' : 'other'
    if (state === 'found' && !this.#found.has(given)) this.#found.set(given, path)
    return describePath(given, { state, path, folder: null })
  }

  async #isRightFile(path: string, basin: BasinDefinition): Promise<boolean> {
    const identity = this.#identities.get(path) ?? readIdentity(this.#disk, path)
    this.#identities.set(path, identity)
    const mismatch = findMismatch(basin, this.#referrer.identifier, await identity)
    if (mismatch !== undefined) this.#warn(basin, `${path} is not the basin: ${mismatch}`)
    return mismatch === undefined
  }

  #checkInternal(basin: BasinDefinition): void {
    const { internalFeatures } = this.#referrer
    if (internalFeatures === undefined) {
      this.#warn(basin, 'needs the group /basin_events, which is missing')
      return
    }
    const missing = (basin.features ?? []).filter((feature) => !internalFeatures.has(feature))
    if (missing.length > 0)
      this.#warn(basin, `names features that /basin_events lacks: ${missing.slice(0, 20).join(', ')}`)
  }

  #warn(basin: BasinDefinition, what: string): void {
    if (this.warnings.length >= VIEW_LIMITS.warnings) return
    this.warnings.push(makeWarning(this.#referrer.path, `/basins/${basin.key}`, { code: 'W_BASIN', what }))
  }
}

export function nameInternalFeatures({ basinEvents }: MeasurementStructure): ReadonlySet<string> | undefined {
  const links = basinEvents.group?.links
  return links && new Set(links.map((link) => link.name))
}

function describePath(
  given: string,
  { state, path, folder }: Pick<BasinPathView, 'state' | 'folder'> & { readonly path: string | null },
): BasinPathView {
  return { given: showText(given), state, resolved: path === null ? null : showText(path), folder }
}
