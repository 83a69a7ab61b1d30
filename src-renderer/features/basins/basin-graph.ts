import type { BasinView, FileView } from '../../../src-preload/contract.ts'
import { nameOf } from '../sheet/output-name.ts'

/** What a file refers to, as a tree for the window. */

/**
 * Of a `file` basin what became of its best path. `internal`: inside the file; `lost`: it should be, but is not; `remote`: in the
 * internet, never asked; `unknown`: a type that Weir does not know.
 */
export type NodeState =
  'found' | 'other' | 'missing' | 'unconfirmed' | 'network' | 'internal' | 'lost' | 'remote' | 'unknown'

type InnerBasin = Omit<BasinView, 'basins'> & { readonly basins?: readonly InnerBasin[] | undefined }

export interface BasinNode {
  /** Keys from the top, which no two nodes share. */
  readonly id: string
  readonly basin: InnerBasin
  readonly state: NodeState
  /** The name of the file that was found or wanted, else what the definition calls itself. */
  readonly name: string
  /** The file that the definition stands in. */
  readonly referrer: string
  /** Only a basin of the file itself can be relinked in a copy of it. */
  readonly isOwn: boolean
  readonly children: readonly BasinNode[]
}

export function buildGraph(view: FileView): readonly BasinNode[] {
  const broken = new Set(
    view.warnings.flatMap(({ code, object }) => (code === 'W_BASIN' ? (object ?? []) : [])),
  )
  return view.basins.map((basin) =>
    buildNode(basin, {
      id: '',
      referrer: view.path,
      isBroken: broken.has(`/basins/${basin.key}`),
      isOwn: true,
    }),
  )
}

interface Place {
  readonly id: string
  readonly referrer: string
  readonly isBroken: boolean
  readonly isOwn: boolean
}

function buildNode(basin: InnerBasin, { id: above, referrer, isBroken, isOwn }: Place): BasinNode {
  const id = `${above}/${basin.key}`
  const found = basin.paths.find(({ state }) => state === 'found')
  const state = judgeBasin(basin, isBroken)
  const inner = { id, referrer: found?.resolved ?? referrer, isBroken: false, isOwn: false }
  return {
    ...{ id, basin, state, referrer, isOwn },
    name: nameNode(basin, state),
    children: (basin.basins ?? []).map((child) => buildNode(child, inner)),
  }
}

/** From what is most worth telling of several paths to what is least. */
const ORDER = ['found', 'unconfirmed', 'network', 'other', 'missing'] as const

function judgeBasin({ type, paths }: InnerBasin, isBroken: boolean): NodeState {
  switch (type) {
    case 'internal':
      return isBroken ? 'lost' : 'internal'
    case 'remote':
      return 'remote'
    case 'file':
      return ORDER.find((state) => paths.some((path) => path.state === state)) ?? 'missing'
    default:
      return 'unknown'
  }
}

function nameNode({ key, name, paths, urls }: InnerBasin, state: NodeState): string {
  const best = paths.find((path) => path.state === state) ?? paths[0]
  const file = best === undefined ? '' : nameOf(best.resolved ?? best.given)
  return file || (name ?? urls[0] ?? key)
}

export function findNode(nodes: readonly BasinNode[], id: string | null): BasinNode | null {
  for (const node of nodes) {
    if (node.id === id) return node
    const below = findNode(node.children, id)
    if (below !== null) return below
  }
  return null
}

/** Can a user make it lead somewhere by choosing a file? */
export function canRelink({ isOwn, basin, state }: BasinNode): boolean {
  return isOwn && basin.type === 'file' && state !== 'found'
}

/** What is shown first: what is broken, else the first. */
export function pickFirst(nodes: readonly BasinNode[]): string | null {
  const broken = nodes.find(({ state }) => state === 'missing' || state === 'other' || state === 'lost')
  return (broken ?? nodes[0])?.id ?? null
}
