import { BasinUnresolved, type Warning } from '../errors.ts'
import { isCarriable } from '../hdf5/model.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import type { BasinNode, BasinTree } from '../read/basin-tree.ts'
import { isDatasetFeature, type FeatureInfo } from '../read/feature-info.ts'
import { isScalarFeatureName } from '../read/feature-names.ts'
import { makeWarning } from '../read/make-warning.ts'
import type { Measurement } from '../read/measurement.ts'
import { MappingReader, selectMapped, type MappedRows } from './mapped-rows.ts'
import { describePlace } from './relink-basins.ts'
import type { ChosenRows, RowSelection } from './row-selection.ts'

/** A feature of a basin that becomes one of the output. */
export interface FilledFeature {
  readonly feature: FeatureInfo
  /** The file that holds it. */
  readonly source: Measurement
  /** Rows of it that the output takes. */
  readonly rows: RowSelection
  /** A mapping says which rows these are; else it should hold the events of the input. */
  readonly isMapped: boolean
  /** Key of the input's definition that led to it. */
  readonly key: string
}

export interface FillPlan {
  readonly features: readonly FilledFeature[]
  /** Keys of definitions that the output does not need any more. */
  readonly filledKeys: ReadonlySet<string>
  readonly warnings: readonly Warning[]
}

export interface FillRequest {
  readonly choice: RewriteJob['features']
  readonly measurement: Measurement
  readonly tree: BasinTree
  readonly rows: ChosenRows
  readonly lengths: RewriteJob['lengths']
}

/**
 * What the basins give and the input lacks. The input's own features win, then the first definition that gives one.
 *
 * Throws E_BASIN for a `file` basin of the input that was not found or is another measurement, and for one further down without which a
 * feature is lost; E_BASIN and E_RANGE as `MappingReader` and `selectMapped`. Remote basins, unknown ones and internal ones without data
 * stay defined, with a warning each.
 */
export async function planFill(request: FillRequest): Promise<FillPlan> {
  const filling = new Filling(request)
  for (const node of request.tree.nodes) await filling.takeFromTop(node)
  filling.checkUnresolved()
  return { features: filling.list(), filledKeys: filling.filledKeys, warnings: filling.warnings }
}

type IsWanted = (name: string) => boolean

class Filling {
  readonly filledKeys = new Set<string>()
  readonly warnings: Warning[] = []
  readonly #request: FillRequest
  readonly #found = new Map<string, FilledFeature>()
  readonly #mappings = new MappingReader()
  readonly #unresolved: { readonly node: BasinNode; readonly isWanted: IsWanted }[] = []
  readonly #own: ReadonlySet<string>
  readonly #listed: ReadonlySet<string> | undefined

  constructor(request: FillRequest) {
    this.#request = request
    const { choice, measurement } = request
    this.#own = new Set(measurement.features.map(({ name }) => name))
    this.#listed = typeof choice === 'string' ? undefined : new Set(choice)
  }

  list(): FilledFeature[] {
    return [...this.#found.values()].sort((a, b) => (a.feature.name < b.feature.name ? -1 : 1))
  }

  async takeFromTop(node: BasinNode): Promise<void> {
    const { state, definition, places } = node
    const { selection, eventCount: count } = this.#request.rows
    if (state === 'remote' || state === 'unknown' || (state === 'missing' && definition.type !== 'file')) {
      this.#warn(node, describeKept(node))
      return
    }
    if (state === 'cyclic') this.#unresolved.push({ node, isWanted: this.#isWanted })
    else if (state === 'bound') throw refuse(node, 'there are too many basins')
    else if (state !== 'found') throw refuse(node, places.map(describePlace).join('; '))
    this.filledKeys.add(definition.key)
    const rows = { kind: 'same', selection, count, lengths: this.#request.lengths } as const
    await this.#take(node, rows, { isWanted: this.#isWanted, key: definition.key })
    if (state === 'found') this.#warnOfLacking(node)
  }

  readonly #isWanted: IsWanted = (name) => !this.#own.has(name) && (this.#listed?.has(name) ?? true)

  /** A basin below another one, or one that leads back, matters only if something is lost without it. */
  checkUnresolved(): void {
    for (const { node, isWanted } of this.#unresolved) {
      const names = node.definition.features
      const lost = names?.filter((name) => this.#isMissed(name, isWanted))
      if (lost?.length === 0) continue
      if (node.state === 'cyclic' && lost === undefined) {
        this.#warn(node, 'leads back to the file itself and gives nothing; it is left out')
        continue
      }
      const what = lost === undefined ? 'what it gives' : lost.join(', ')
      if (node.definition.type !== 'file' || node.state === 'unknown') {
        this.#warn(node, `gives nothing here, so that ${what} cannot be copied in`)
        continue
      }
      const why = node.state === 'bound' ? 'it lies too deep' : node.places.map(describePlace).join('; ')
      throw refuse(node, `${what} cannot be copied in: ${why}`)
    }
  }

  async #take(
    node: BasinNode,
    from: MappedRows,
    { isWanted, key }: { readonly isWanted: IsWanted; readonly key: string },
  ): Promise<void> {
    const { definition, source } = node
    if (source === null) return
    const names = [...node.data.values()].filter((feature) => this.#isTaken(node, feature, isWanted))
    if (names.length === 0 && node.children.length === 0) return
    const rows = await this.#mappings.follow(node, from)
    for (const feature of names) {
      const selected = selectMapped(rows, feature, source)
      const isMapped = rows.kind === 'mapped'
      this.#found.set(feature.name, { feature, source, rows: selected, isMapped, key })
    }
    const isWantedBelow: IsWanted = (name) =>
      isWanted(name) && (definition.features === null || definition.features.includes(name))
    for (const child of node.children) {
      if (child.source === null && child.state !== 'cyclic')
        this.#unresolved.push({ node: child, isWanted: isWantedBelow })
      await this.#take(child, rows, { isWanted: isWantedBelow, key })
    }
  }

  #isTaken(node: BasinNode, feature: FeatureInfo, isWanted: IsWanted): boolean {
    const { name } = feature
    if (!isWanted(name) || this.#found.has(name)) return false
    if (this.#request.choice === 'scalar' && feature.kind !== 'scalar') return false
    if (isCutInRows(feature)) return true
    this.#warn(node, `gives ${name}, whose values cannot be cut in rows; it is not copied in`)
    return false
  }

  #warnOfLacking(node: BasinNode): void {
    const lacking = (node.definition.features ?? []).filter((name) => this.#isMissed(name, this.#isWanted))
    if (lacking.length > 0) this.#warn(node, `names features that it does not give: ${lacking.join(', ')}`)
  }

  #isMissed(name: string, isWanted: IsWanted): boolean {
    if (!isWanted(name) || this.#found.has(name)) return false
    return this.#request.choice !== 'scalar' || isScalarFeatureName(name)
  }

  #warn({ referrer, definition }: BasinNode, what: string): void {
    this.warnings.push(makeWarning(referrer.path, `/basins/${definition.key}`, { code: 'W_BASIN', what }))
  }
}

/** Whatever goes over row by row. */
function isCutInRows(feature: FeatureInfo): boolean {
  if (feature.kind === 'contour') return true
  if (feature.kind !== 'trace' && !isDatasetFeature(feature)) return false
  return feature.datasets.every(({ datatype }) => isCarriable(datatype))
}

function describeKept({ state, definition }: BasinNode): string {
  if (state === 'remote') return 'is a remote basin, which is not contacted; it stays a basin'
  if (state === 'missing') return 'names features that /basin_events does not have; it stays a basin'
  return `is a basin of type '${definition.type}' and format '${definition.format}', which is not read here; it stays a basin`
}

function refuse({ referrer, definition }: BasinNode, what: string): BasinUnresolved {
  const { path } = referrer
  const object = `/basins/${definition.key}`
  const name = definition.name === null ? object : `"${definition.name}" (${object})`
  const advice = 'put the file there, relink the basin, or keep it as a basin (--basins keep)'
  const message = `${path}: the basin ${name} cannot be filled in: ${what || 'no path is named'}; ${advice}`
  return new BasinUnresolved('E_BASIN', message, { path, object })
}
