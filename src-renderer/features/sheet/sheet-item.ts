import type {
  Collision,
  FileRef,
  JobChange,
  QueueRow,
  RecordSettings,
  RewriteSettings,
} from '../../../src-preload/contract.ts'
import { folderOf, guessTemplate } from './output-name.ts'

/** One job as the sheet sees it: its settings, apart from where it stands in its life. */

export interface OutputSettings {
  /** Null: the folder of the input. */
  readonly folder: string | null
  readonly template: string
  readonly collision: Collision
}

interface ItemShape {
  /** Null: no job, but the settings for files that are added next. */
  readonly id: string | null
  readonly input: FileRef | null
  readonly output: OutputSettings
}

export interface RewriteItem extends ItemShape {
  readonly task: 'rewrite'
  readonly settings: RewriteSettings
}

export interface RecordItem extends ItemShape {
  readonly task: 'record'
  readonly settings: RecordSettings
}

export type SheetItem = RewriteItem | RecordItem

/** What every job has, whatever its task. */
export type SharedSettings = Pick<RewriteSettings & RecordSettings, 'compression' | 'verify' | 'threads'>

export function toSheetItem({ id, job, input, collision }: QueueRow): SheetItem {
  const output = describeOutput(job.output, input, collision)
  if (job.task === 'record') {
    const { compression, verify, threads, seed, threshold } = job
    return { id, task: 'record', input, output, settings: { compression, verify, threads, seed, threshold } }
  }
  const { features, events, compression, metadata, basins, verify, threads } = job
  const settings = { features, events, compression, metadata, basins, verify, threads }
  return { id, task: 'rewrite', input, output, settings }
}

function describeOutput(path: string, input: FileRef | null, collision: Collision): OutputSettings {
  const folder = folderOf(path)
  const isBeside = input !== null && folderOf(input.path) === folder
  return { folder: isBeside ? null : folder, template: guessTemplate(path, input?.path ?? null), collision }
}

export function isRewrite(item: SheetItem): item is RewriteItem {
  return item.task === 'rewrite'
}

export interface JobsChange {
  readonly ids: readonly string[]
  readonly change: JobChange
}

/** Jobs that change alike, together: main takes all of a request or nothing. Items without a change are left out. */
export function groupChanges<Item extends SheetItem>(
  items: readonly Item[],
  makeChange: (item: Item) => JobChange | null,
): readonly JobsChange[] {
  const groups = new Map<string, { ids: string[]; change: JobChange }>()
  for (const item of items) {
    const change = makeChange(item)
    if (change === null || item.id === null) continue
    const key = JSON.stringify(change)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { ids: [item.id], change })
    else group.ids.push(item.id)
  }
  return [...groups.values()]
}
