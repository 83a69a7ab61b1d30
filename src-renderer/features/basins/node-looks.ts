import { CircleHelp, CloudOff, Package, PackageX } from '@lucide/vue'
import type { Component } from 'vue'
import { pathLooks } from '../file/path-looks.ts'
import type { NodeState } from './basin-graph.ts'

interface NodeLook {
  readonly icon: Component
  readonly kind: 'ok' | 'warn' | 'bad' | 'plain'
}

/** How a basin looks in the graph; its word stands in `basins.states`. */
export const nodeLooks: Readonly<Record<NodeState, NodeLook>> = {
  ...pathLooks,
  internal: { icon: Package, kind: 'ok' },
  lost: { icon: PackageX, kind: 'bad' },
  remote: { icon: CloudOff, kind: 'plain' },
  unknown: { icon: CircleHelp, kind: 'plain' },
}
