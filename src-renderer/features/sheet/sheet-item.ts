import type {
  BasinsJob,
  Collision,
  EventChoice,
  EventSelection,
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
  /** The folders of the input are kept below `folder`. */
  readonly mirror: boolean
}

interface ItemShape {
  /** Null: no job, but the settings for files that are added next. */
  readonly id: string | null
  readonly input: FileRef | null
  /** The list of events that the job takes; `events` of its settings has the token. */
  readonly indexFile: FileRef | null
  /** The folder in which the input was found, whose folders can be kept; null: it was added by itself. */
  readonly inputRoot: string | null
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
  readonly settings: Readonly<Pick<BasinsJob, 'sources' | 'paths'>> & { readonly events: EventChoice }
}

export type SheetItem = RewriteItem | RecordItem | BasinsItem

/** What every job has that writes data. */
export type SharedSettings = Pick<RewriteSettings & RecordSettings, 'compression' | 'verify' | 'threads'>

export function toSheetItem(row: QueueRow): SheetItem {
  const { id, job, input, indexFile, inputRoot } = row
  const shape = { id, input, indexFile, inputRoot: null, output: describeOutput(row) }
  if (job.task === 'record') {
    const { compression, verify, threads, seed, threshold } = job
    return { ...shape, task: 'record', settings: { compression, verify, threads, seed, threshold } }
  }
  const events = toChoice(job.events, indexFile)
  if (job.task === 'basins') {
    const { sources, paths } = job
    return { ...shape, task: 'basins', settings: { sources, paths, events } }
  }
  const { features, compression, metadata, basins, addSourceBasin, lengths, holes, verify, threads } = job
  const ofInput = { features, events, metadata, basins, addSourceBasin, lengths, holes }
  return { ...shape, task: 'rewrite', inputRoot, settings: { ...ofInput, compression, verify, threads } }
}

function toChoice(events: EventSelection, indexFile: FileRef | null): EventChoice {
  return events.kind === 'indices' ? { kind: 'indices', file: indexFile?.token ?? '' } : events
}

function describeOutput({ job, input, collision, wantedName, nameTemplate }: QueueRow): OutputSettings {
  const root = job.task === 'rewrite' ? job.outputRoot : undefined
  const folder = folderOf(job.output)
  const isBeside = root === undefined && input !== null && folderOf(input.path) === folder
  const template = nameTemplate ?? guessTemplate(wantedName ?? job.output, input?.path ?? null)
  return { folder: isBeside ? null : (root ?? folder), template, collision, mirror: root !== undefined }
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
