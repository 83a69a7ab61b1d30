import type { BasinDefinition } from './basins.ts'
import type { FeatureInfo } from './feature-info.ts'
import { isBasinmap } from './feature-names.ts'
import type { Measurement } from './measurement.ts'
import { BasinFiles, openBasin, type BasinFile, type BasinOpening, type BasinPlace } from './open-basin.ts'
import type { PlaceState } from './open-basin.ts'
import { readFeatures } from './read-features.ts'

/**
 * What became of a definition. Of `internal` basins `found` or `missing`. `remote`: never contacted; `unknown`: a type or format that
 * Weir does not read; `bound`: not followed, because too many lie above it.
 */
export type BasinNodeState = PlaceState | 'remote' | 'unknown' | 'bound'

/** A definition, what it leads to, and what that leads to. */
export interface BasinNode {
  readonly definition: BasinDefinition
  /** The file that holds the definition. */
  readonly referrer: Measurement
  readonly state: BasinNodeState
  /** Of `file` basins: every path up to the one that was found. */
  readonly places: readonly BasinPlace[]
  /** Of the file that holds the data; null: not found. */
  readonly path: string | null
  readonly identifier: string | null
  /** The file that holds the data, of an internal basin the referrer; null: not found. */
  readonly source: Measurement | null
  /** Features in that file itself (of an internal basin in `basin_events`) that the definition gives, by name. */
  readonly data: ReadonlyMap<string, FeatureInfo>
  /** Names of all features that it gives, those of its children too, sorted. */
  readonly features: readonly string[]
  /** Basins of the basin, in the order in which they are asked. */
  readonly children: readonly BasinNode[]
}

/** Cycles end by themselves; these end what grows. */
const MOST_DEPTH = 16
const MOST_NODES = 2000

/**
 * What a measurement refers to, directly and through its basins; every file is open until `close`. Definitions are in the order in which
 * readers ask them: internal, file, remote; then by format; those without a mapping first; else as in the file. A definition that leads
 * back to a file from which it was reached is `cyclic` and not followed.
 */
export class BasinTree {
  readonly nodes: readonly BasinNode[]
  readonly #files: BasinFiles

  private constructor(nodes: readonly BasinNode[], files: BasinFiles) {
    this.nodes = nodes
    this.#files = files
  }

  /**
   * `definitions`: in place of those of the measurement. Opens every file that it finds; throws only for a basin that is the right
   * measurement and damaged.
   */
  static async open(
    measurement: Measurement,
    opening: BasinOpening,
    definitions: readonly BasinDefinition[] = measurement.basins,
  ): Promise<BasinTree> {
    const files = new BasinFiles(opening)
    try {
      const facts = await opening.disk.follow(measurement.path)
      const chain = facts === undefined ? [] : [facts.identity]
      const nodes = await new TreeWalk(files).readNodes(measurement, definitions, chain)
      return new BasinTree(nodes, files)
    } catch (error) {
      await files.close()
      throw error
    }
  }

  /** Files that were opened as basins. */
  get files(): readonly BasinFile[] {
    return this.#files.list
  }

  /** Closes all files but the measurement itself. */
  close(): Promise<void> {
    return this.#files.close()
  }
}

/** Every node, each before its children. */
export function* iterateNodes(nodes: readonly BasinNode[]): Generator<BasinNode> {
  for (const node of nodes) {
    yield node
    yield* iterateNodes(node.children)
  }
}

type NodeFindings = Pick<BasinNode, 'state' | 'places' | 'source' | 'data' | 'children'>

const NOTHING = { places: [], source: null, data: new Map<string, FeatureInfo>(), children: [] } as const

class TreeWalk {
  readonly #files: BasinFiles
  #nodeCount = 0

  constructor(files: BasinFiles) {
    this.#files = files
  }

  async readNodes(
    referrer: Measurement,
    definitions: readonly BasinDefinition[],
    chain: readonly string[],
  ): Promise<BasinNode[]> {
    const nodes: BasinNode[] = []
    for (const definition of sortDefinitions(definitions)) {
      const findings = await this.#look(definition, referrer, chain)
      const features = new Set([
        ...findings.data.keys(),
        ...findings.children.flatMap((child) => selectNames(definition, child.features)),
      ])
      nodes.push({
        definition,
        referrer,
        path: findings.source?.path ?? null,
        identifier: findings.source?.identifier ?? null,
        features: [...features].sort(),
        ...findings,
      })
    }
    return nodes
  }

  async #look(
    definition: BasinDefinition,
    referrer: Measurement,
    chain: readonly string[],
  ): Promise<NodeFindings> {
    const { type, format } = definition
    this.#nodeCount++
    if (chain.length > MOST_DEPTH || this.#nodeCount > MOST_NODES) return { ...NOTHING, state: 'bound' }
    if (type === 'remote') return { ...NOTHING, state: 'remote' }
    if (type === 'internal' && format === 'h5dataset') return readInternal(definition, referrer)
    if (type === 'file' && format === 'hdf5') return this.#readFile(definition, referrer, chain)
    return { ...NOTHING, state: 'unknown' }
  }

  async #readFile(
    definition: BasinDefinition,
    referrer: Measurement,
    chain: readonly string[],
  ): Promise<NodeFindings> {
    const { path, identifier } = referrer
    const { state, places, file } = await openBasin(definition, { path, identifier, chain }, this.#files)
    if (file === null) return { ...NOTHING, state, places }
    const source = file.measurement
    const below = [...chain, file.facts.identity]
    const children = await this.readNodes(source, source.basins, below)
    return { state, places, source, data: selectFeatures(definition, source.features), children }
  }
}

async function readInternal(definition: BasinDefinition, referrer: Measurement): Promise<NodeFindings> {
  const { group } = referrer.structure.basinEvents
  // Spec: an internal basin lists its features; one that does not gives none.
  if (group === undefined || definition.features === null) return { ...NOTHING, state: 'missing' }
  const { features } = await readFeatures(referrer.file, group)
  const data = selectFeatures(definition, features)
  if (data.size === 0 && definition.features.length > 0) return { ...NOTHING, state: 'missing' }
  return { ...NOTHING, state: 'found', source: referrer, data }
}

/** What counts in events and may be given by the definition; mappings belong to the file that holds them. */
function selectFeatures(
  definition: BasinDefinition,
  features: readonly FeatureInfo[],
): ReadonlyMap<string, FeatureInfo> {
  const counted = features.filter(
    ({ kind, name, length }) => length !== null && kind !== 'group' && kind !== 'other' && !isBasinmap(name),
  )
  const names = new Set(
    selectNames(
      definition,
      counted.map(({ name }) => name),
    ),
  )
  return new Map(counted.filter(({ name }) => names.has(name)).map((feature) => [feature.name, feature]))
}

function selectNames({ features }: BasinDefinition, names: readonly string[]): readonly string[] {
  if (features === null) return names
  const listed = new Set(features)
  return names.filter((name) => listed.has(name))
}

const TYPE_ORDER = ['internal', 'file', 'remote']
const FORMAT_ORDER = ['h5dataset', 'hdf5', 'http', 's3', 'dcor']

/** The order in which readers ask basins; those that are equal in it keep theirs. */
export function sortDefinitions(definitions: readonly BasinDefinition[]): BasinDefinition[] {
  return [...definitions].sort((a, b) => {
    const byType = rank(TYPE_ORDER, a.type) - rank(TYPE_ORDER, b.type)
    const byFormat = rank(FORMAT_ORDER, a.format) - rank(FORMAT_ORDER, b.format)
    return byType || byFormat || compareMappings(a.mapping, b.mapping)
  })
}

function rank(order: readonly string[], word: string): number {
  const place = order.indexOf(word)
  return place < 0 ? order.length : place
}

function compareMappings(a: string, b: string): number {
  if (a === b) return 0
  if (a === 'same' || b === 'same') return a === 'same' ? -1 : 1
  return a < b ? -1 : 1
}
