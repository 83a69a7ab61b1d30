import type {
  BasinFileDraft,
  BasinPathDraft,
  BasinPathReport,
  Collision,
  FileRef,
  PathStyle,
} from '../../../src-preload/contract.ts'
import type { Asked } from '../file/use-file-store.ts'
import { parseRange, type RangeTexts } from '../sheet/event-range.ts'
import { folderOf, isPlainName } from '../sheet/output-name.ts'
import { isAbsolutePath } from './preview-paths.ts'

/** A path in the form; `id` tells it from others that read the same. */
export type FormPath =
  | { readonly id: number; readonly kind: 'file'; readonly file: FileRef }
  | { readonly id: number; readonly kind: 'typed'; readonly path: string }

/** One basin: its path, then alternatives that hold the same measurement. */
export interface FormSource {
  readonly id: number
  readonly paths: readonly FormPath[]
}

/** Which events the basin file has; the texts of a range as they are typed. */
export interface MappingInput {
  readonly kind: 'all' | 'range' | 'indices'
  readonly texts: RangeTexts
  readonly list: FileRef | null
}

/** What stands in the form; not all of it need fit together. */
export interface BasinFileInput {
  readonly sources: readonly FormSource[]
  readonly paths: PathStyle
  readonly mapping: MappingInput
  /** Null: beside the first chosen file. */
  readonly folder: FileRef | null
  readonly name: string
  readonly collision: Collision
}

/** What is known of each path, by its id. */
export type PathReports = ReadonlyMap<number, Asked<BasinPathReport>>

export const FIRST_INPUT: BasinFileInput = {
  sources: [],
  paths: 'both',
  mapping: { kind: 'all', texts: { start: '', stop: '', step: '' }, list: null },
  folder: null,
  name: '{stem}_basins',
  collision: 'rename',
}

export type PathProblem = 'empty' | 'relative' | 'long'

const LONGEST_PATH = 32_767

/** What is wrong with a path as it is written; null: nothing that could be seen without looking for it. */
export function judgePath(path: FormPath): PathProblem | null {
  if (path.kind === 'file') return null
  const text = path.path.trim()
  if (text === '') return 'empty'
  if (text.length > LONGEST_PATH) return 'long'
  return isAbsolutePath(text) ? null : 'relative'
}

export function textOf(path: FormPath): string {
  return path.kind === 'file' ? path.file.path : path.path.trim()
}

export function toPathDraft(path: FormPath): BasinPathDraft {
  return path.kind === 'file'
    ? { kind: 'file', file: path.file.token }
    : { kind: 'typed', path: path.path.trim() }
}

/** Where the basin file goes; null: nothing says so yet. */
export function findFolder({ folder, sources }: BasinFileInput): string | null {
  if (folder !== null) return folder.path
  const first = sources.flatMap(({ paths }) => paths).find(({ kind }) => kind === 'file')
  return first === undefined ? null : folderOf(textOf(first))
}

/** Why the form cannot be sent, by what has to be done first. */
export type BasinFileProblem =
  | 'sources'
  | PathProblem
  | 'looking'
  | 'failed'
  | 'unconfirmed'
  | 'other'
  | 'missing'
  | 'events'
  | 'range'
  | 'list'
  | 'folder'
  | 'name'

/** Null: the form can be sent. */
export function findProblem(input: BasinFileInput, reports: PathReports): BasinFileProblem | null {
  const { sources, mapping, name } = input
  if (sources.length === 0) return 'sources'
  for (const source of sources) {
    const problem = findSourceProblem(source, reports)
    if (problem !== null) return problem
  }
  if (new Set(sources.flatMap((source) => countEvents(source, reports) ?? [])).size > 1) return 'events'
  if (mapping.kind === 'range' && !('kind' in parseRange(mapping.texts))) return 'range'
  if (mapping.kind === 'indices' && mapping.list === null) return 'list'
  if (findFolder(input) === null) return 'folder'
  return isPlainName(name) ? null : 'name'
}

function findSourceProblem({ paths }: FormSource, reports: PathReports): BasinFileProblem | null {
  const written = paths.map(judgePath).find((problem) => problem !== null)
  if (written !== undefined) return written
  const states = paths.map(({ id }) => {
    const report = reports.get(id)
    if (report?.state === 'failed') return 'failed'
    return report?.state === 'there' ? report.value.state : 'looking'
  })
  for (const state of ['looking', 'failed', 'unconfirmed', 'network', 'other'] as const) {
    if (states.includes(state)) return state === 'network' ? 'unconfirmed' : state
  }
  return states.includes('found') ? null : 'missing'
}

/** Events of the measurement that a source is; null: not known. */
export function countEvents({ paths }: FormSource, reports: PathReports): number | null {
  for (const { id } of paths) {
    const report = reports.get(id)
    if (report?.state === 'there' && report.value.state === 'found') return report.value.events
  }
  return null
}

/** The request of a form without problems; null where there is one. */
export function makeDraft(input: BasinFileInput, reports: PathReports): BasinFileDraft | null {
  const events = findProblem(input, reports) === null ? makeEvents(input.mapping) : null
  if (events === null) return null
  return {
    sources: input.sources.map(({ paths }) => paths.map(toPathDraft)),
    paths: input.paths,
    events,
    output: { folder: input.folder?.token ?? null, name: input.name.trim(), collision: input.collision },
  }
}

function makeEvents({ kind, texts, list }: MappingInput): BasinFileDraft['events'] | null {
  if (kind === 'all') return { kind }
  if (kind === 'indices') return list === null ? null : { kind, file: list.token }
  const range = parseRange(texts)
  return 'kind' in range ? range : null
}
