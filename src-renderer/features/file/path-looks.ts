import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert, Unplug } from '@lucide/vue'
import type { Component } from 'vue'
import type { BasinPathView } from '../../../src-preload/contract.ts'

interface PathLook {
  readonly icon: Component
  readonly kind: 'ok' | 'warn' | 'bad' | 'plain'
}

/** How the state of a path looks; its word stands in `file.basins.states`. */
export const pathLooks: Readonly<Record<BasinPathView['state'], PathLook>> = {
  found: { icon: CircleCheck, kind: 'ok' },
  other: { icon: TriangleAlert, kind: 'bad' },
  missing: { icon: CircleAlert, kind: 'bad' },
  unconfirmed: { icon: CircleHelp, kind: 'plain' },
  network: { icon: Unplug, kind: 'warn' },
}
