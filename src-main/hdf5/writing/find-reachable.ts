import type { GroupWriter, NodeWriter } from './group-writer.ts'

/** How an object can be reached. */
export interface Reached {
  /** Its own path, or the first that leads to it if that one was removed. */
  readonly path: string
  /** Hard links that lead to it. */
  readonly linkCount: number
}

/** All objects that hard links lead to, the root first, each once. */
export function findReachable(root: GroupWriter): ReadonlyMap<NodeWriter, Reached> {
  const reached = new Map<NodeWriter, Reached>([[root, { path: '/', linkCount: 1 }]])
  // A Map also walks over what is added on the way.
  for (const [node, { path }] of reached) {
    for (const [name, link] of node.kind === 'group' ? node.links : []) {
      if (link.kind === 'soft') continue
      const known = reached.get(link.node)
      const ownPath = path === '/' ? `/${name}` : `${path}/${name}`
      reached.set(link.node, {
        path: known?.path ?? (root.child(link.node.path) === link.node ? link.node.path : ownPath),
        linkCount: (known?.linkCount ?? 0) + 1,
      })
    }
  }
  return reached
}
