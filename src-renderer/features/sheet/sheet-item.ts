import type {
  BasinsJob,
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

export interface BasinsItem extends ItemShape {
  readonly task: 'basins'
  readonly settings: Readonly<Pick<BasinsJob, 'sources' | 'paths' | 'events'>>
}

export type SheetItem = RewriteItem | RecordItem | BasinsItem

/** What every job has that writes data. */
export type SharedSettings = Pick<RewriteSettings & RecordSettings, 'compression' | 'verify' | 'threads'>

export function toSheetItem({ id, job, input, collision }: QueueRow): SheetItem {
  const output = describeOutput(job.output, input, collision)
  if (job.task === 'record') {
    const { compression, verify, threads, seed, threshold } = job
    return { id, task: 'record', input, output, settings: { compression, verify, threads, seed, threshold } }
  }
  if (job.task === 'basins') {
    const { sources, paths, events } = job
    return { id, task: 'basins', input, output, settings: { sources, paths, events } }
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

/** A basin file holds no data: there is nothing to compress, and nothing that could be compared. */
export function writesData(item: SheetItem): item is RewriteItem | RecordItem {
  return item.task !== 'basins'
}

export function selectsEvents(item: SheetItem): item is RewriteItem | BasinsItem {
  return item.task !== 'record'
}

export function isBasinFile(item: SheetItem): item is BasinsItem {
  return item.task === 'basins'
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
