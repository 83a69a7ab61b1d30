import type { FileView } from '../../../src-preload/contract.ts'

/** What the selected files have beside their events, by the name of the switch that keeps it. */

export const metadataParts = ['attributes', 'logs', 'tables'] as const
export type MetadataPart = (typeof metadataParts)[number]

export interface MetadataEntry {
  readonly name: string
  readonly fileCount: number
  /** Empty in how many of the files: there it is not written. */
  readonly emptyCount: number
}

interface Named {
  readonly name: string
  readonly isEmpty: boolean
}

function listNamed(view: FileView, part: MetadataPart): readonly Named[] {
  switch (part) {
    case 'attributes':
      return view.attributes.map(({ name }) => ({ name, isEmpty: false }))
    case 'logs':
      return view.logs.map(({ name, lineCount }) => ({ name, isEmpty: lineCount === 0 }))
    case 'tables':
      return view.tables.map(({ name, shape }) => ({ name, isEmpty: shape.includes(0) }))
  }
}

/** Every name that one of the files has, in order of appearance. */
export function listMetadata(views: readonly FileView[], part: MetadataPart): readonly MetadataEntry[] {
  const entries = new Map<string, { name: string; fileCount: number; emptyCount: number }>()
  for (const { name, isEmpty } of views.flatMap((view) => listNamed(view, part))) {
    const entry = entries.get(name) ?? { name, fileCount: 0, emptyCount: 0 }
    entry.fileCount += 1
    if (isEmpty) entry.emptyCount += 1
    entries.set(name, entry)
  }
  return [...entries.values()]
}
