import type { OutputPreview } from '../../../src-preload/contract.ts'
import { folderOf, nameOf, writeToken } from './output-name.ts'

/** What there is to say of names before they are given. */

const KINDS = {
  unchanged: 'quiet',
  newFolder: 'quiet',
  numberedJob: 'notable',
  numberedInput: 'notable',
  numberedDisk: 'notable',
  unknown: 'notable',
  replaced: 'notable',
  leftoverReplaced: 'notable',
  refused: 'blocking',
  leftoverRefused: 'blocking',
  long: 'blocking',
} as const

export type RemarkKind = keyof typeof KINDS

/** `quiet`: no reason to look; `notable`: the name may not be what was meant; `blocking`: the job would be refused. */
export type RemarkWeight = (typeof KINDS)[RemarkKind]

export interface NameRemark {
  readonly kind: RemarkKind
  readonly weight: RemarkWeight
  /** As `{run}, {sample}`: tokens without a value; else empty. */
  readonly tokens: string
}

/** The temporary name is one byte longer than the output's; most file systems take 255. */
const MOST_BYTES = 254

/** The heaviest first. */
export function listRemarks(preview: OutputPreview): readonly NameRemark[] {
  const order: readonly RemarkWeight[] = ['blocking', 'notable', 'quiet']
  const tokens = preview.unknownTokens.map(writeToken).join(', ')
  return listKinds(preview)
    .map((kind) => ({ kind, weight: KINDS[kind], tokens: kind === 'unknown' ? tokens : '' }))
    .sort((one, other) => order.indexOf(one.weight) - order.indexOf(other.weight))
}

function listKinds(preview: OutputPreview): readonly RemarkKind[] {
  const { output, current, isNewFolder, unknownTokens } = preview
  if (output === null) return []
  return [
    ...(output === current ? (['unchanged'] as const) : []),
    ...listCollisions(preview),
    ...(unknownTokens.length > 0 ? (['unknown'] as const) : []),
    ...(new TextEncoder().encode(nameOf(output)).length > MOST_BYTES ? (['long'] as const) : []),
    ...(isNewFolder ? (['newFolder'] as const) : []),
  ]
}

function listCollisions({ collision, exists, hasLeftover, numberedFor }: OutputPreview): RemarkKind[] {
  const kinds: RemarkKind[] = []
  if (numberedFor !== null) {
    kinds.push(({ job: 'numberedJob', input: 'numberedInput', disk: 'numberedDisk' } as const)[numberedFor])
  }
  const mayReplace = collision === 'replace'
  if (exists) kinds.push(mayReplace ? 'replaced' : 'refused')
  if (hasLeftover) kinds.push(mayReplace ? 'leftoverReplaced' : 'leftoverRefused')
  return kinds
}

/** Is there a reason to look at it? */
export function isRemarkable(preview: OutputPreview): boolean {
  return preview.failure !== null || listRemarks(preview).some(({ weight }) => weight !== 'quiet')
}

export interface NamesSum {
  readonly total: number
  readonly changed: number
  /** Jobs that have a name then; the others keep what they have. */
  readonly named: number
  /** Jobs that would be refused. */
  readonly blocked: number
  readonly remarked: number
}

export function sumUpNames(previews: readonly OutputPreview[]): NamesSum {
  const isBlocked = (preview: OutputPreview): boolean =>
    listRemarks(preview).some(({ weight }) => weight === 'blocking')
  const named = previews.filter(({ output }) => output !== null)
  return {
    total: previews.length,
    named: named.length,
    changed: named.filter(({ output, current }) => output !== current).length,
    blocked: previews.filter(isBlocked).length,
    remarked: previews.filter(isRemarkable).length,
  }
}

/** Folders without what all of them have in common, but for the last name of that: they differ at their ends. */
export function shortenFolders(folders: readonly string[]): ReadonlyMap<string, string> {
  const split = folders.map((folder) => folder.split(/(?<=[/\\])/))
  const [first = [], ...others] = split
  const isShared = (part: string, index: number): boolean =>
    others.every((parts) => withoutEnd(parts[index] ?? '') === withoutEnd(part))
  const differing = first.findIndex((part, index) => !isShared(part, index))
  const sharedCount = differing === -1 ? first.length : differing
  // One name of what is shared stays, and the root of the system is no name.
  const cut = sharedCount - 1
  return new Map(
    folders.map((folder, index) => {
      const kept = split[index]?.slice(cut).join('') ?? folder
      return [folder, cut < 2 ? folder : `…/${kept}`]
    }),
  )
}

function withoutEnd(part: string): string {
  return part.replace(/[/\\]$/, '')
}

/** Where the output lies, as far as that is worth a word: null: beside its input. */
export function describeFolder({ input, output, root }: OutputPreview): string | null {
  if (output === null) return null
  const folder = folderOf(output)
  if (input !== null && folderOf(input) === folder) return null
  // The chosen folder is named once, above the list.
  return root !== null && folder.startsWith(root) ? `…${folder.slice(root.length)}` : folder
}
