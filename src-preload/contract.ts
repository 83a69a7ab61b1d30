import { z } from 'zod'
import {
  basinPathReportsSchema,
  relinkReportSchema,
  type BasinPathReport,
  type RelinkReport,
} from '../src-main/jobs/basin-report.ts'
import { fileViewSchema, logViewSchema, type FileView, type LogView } from '../src-main/jobs/file-view.ts'
import { indexListViewSchema, type IndexListView } from '../src-main/jobs/index-list-view.ts'
import {
  addedJobsSchema,
  basinFileDraftSchema,
  basinSourceDraftSchema,
  changedJobsSchema,
  jobChangeSchema,
  outputChoiceSchema,
  outputPreviewSchema,
  outputStateSchema,
  recordDraftSchema,
  relinkDraftSchema,
  retryOptionsSchema,
  rewriteDraftSchema,
  type AddedJobs,
  type BasinFileDraft,
  type BasinPathDraft,
  type ChangedJobs,
  type JobChange,
  type OutputChoice,
  type OutputPreview,
  type OutputState,
  type RecordDraft,
  type RelinkDraft,
  type RetryOptions,
  type RewriteDraft,
} from '../src-main/jobs/job-draft.ts'
import {
  fileRefSchema,
  queueSnapshotSchema,
  tokenSchema,
  type FileRef,
  type QueueSnapshot,
  type Token,
} from '../src-main/jobs/queue-view.ts'

/**
 * What the window can ask for and be told: every request and every payload.
 * Preload and main are typed by it; whoever receives validates.
 */

// zod would probe `new Function` otherwise, which the window's content security policy reports.
z.config({ jitless: true })

export type * from '../src-main/jobs/basin-report.ts'
export type * from '../src-main/jobs/file-view.ts'
export type * from '../src-main/jobs/index-list-view.ts'
export type * from '../src-main/jobs/job-draft.ts'
export type * from '../src-main/jobs/job-report.ts'
export type * from '../src-main/jobs/job-schema.ts'
export type * from '../src-main/jobs/queue-view.ts'
export { outputChoiceSchema, rewriteSettingsSchema } from '../src-main/jobs/job-draft.ts'
export { windowEventSchema } from '../src-main/jobs/queue-view.ts'

export const appInfoSchema = z.strictObject({
  /** Version of Weir. */
  version: z.string().min(1),
  platform: z.enum(['linux', 'darwin', 'win32', 'other']),
  /** Version of Electron that runs the window. */
  electron: z.string().min(1),
  /** `checkout`: started from the sources, where npm scripts are at hand; `installed`: a packaged application. */
  startedFrom: z.enum(['checkout', 'installed']),
  /** Threads that a job uses where nothing else is said. */
  cores: z.int().min(1),
  /** Does zstd take more than a level here? Before Node 22.15 (Electron 33) it is that of the addon, which does not. */
  tunesZstd: z.boolean(),
})

export type AppInfo = z.infer<typeof appInfoSchema>

/** A failure as it crosses the border: a code `E_*` and a message for people. */
export interface RequestFailure {
  readonly code: string
  readonly message: string
}

/** The answer to every request: errors are data at the border. */
export type Reply<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: RequestFailure }

const id = z.string().min(1).max(100)
const ids = z.array(id).max(100_000)

/** Files that the user chose or dropped; folders are searched for `.rtdc` files. */
const foundFilesSchema = z.strictObject({
  files: z.array(fileRefSchema),
  refused: z.array(z.strictObject({ path: z.string(), code: z.string(), message: z.string() })),
})

export type FoundFiles = Readonly<z.infer<typeof foundFilesSchema>>

/** Arguments of each request, as main validates them. */
export const requestArguments = {
  'weir:read-app-info': z.tuple([]),
  'weir:choose-files': z.tuple([]),
  'weir:choose-input-folder': z.tuple([]),
  'weir:choose-output-folder': z.tuple([]),
  'weir:choose-basin-file': z.tuple([]),
  'weir:choose-list-file': z.tuple([]),
  'weir:take-dropped': z.tuple([z.array(z.string().min(1).max(32_768)).max(10_000)]),
  'weir:take-opened': z.tuple([]),
  'weir:make-sample': z.tuple([]),
  'weir:describe-file': z.tuple([tokenSchema]),
  'weir:read-log': z.tuple([tokenSchema, z.string().max(4096)]),
  'weir:confirm-basin-folder': z.tuple([tokenSchema, z.string().max(32_768)]),
  'weir:look-at-indices': z.tuple([tokenSchema, z.array(z.int().min(0)).max(1000)]),
  'weir:describe-basin-paths': z.tuple([basinSourceDraftSchema, tokenSchema.nullable()]),
  'weir:confirm-typed-folder': z.tuple([z.string().max(32_768)]),
  'weir:check-relink': z.tuple([tokenSchema, z.string().max(4096), tokenSchema]),
  'weir:find-output': z.tuple([id]),
  'weir:read-queue': z.tuple([]),
  'weir:add-rewrites': z.tuple([rewriteDraftSchema]),
  'weir:add-recording': z.tuple([recordDraftSchema]),
  'weir:add-basin-file': z.tuple([basinFileDraftSchema]),
  'weir:relink-basins': z.tuple([relinkDraftSchema]),
  'weir:change-jobs': z.tuple([ids, jobChangeSchema]),
  'weir:look-at-outputs': z.tuple([ids]),
  'weir:preview-outputs': z.tuple([ids, outputChoiceSchema.partial()]),
  'weir:start-jobs': z.tuple([ids]),
  'weir:hold-jobs': z.tuple([ids]),
  'weir:cancel-jobs': z.tuple([ids]),
  'weir:stop-recording': z.tuple([id]),
  'weir:retry-job': z.tuple([id, retryOptionsSchema]),
  'weir:remove-jobs': z.tuple([ids]),
  'weir:move-job': z.tuple([id, z.int().min(0)]),
  'weir:set-jobs-at-once': z.tuple([z.int()]),
  'weir:show-in-folder': z.tuple([id, z.enum(['input', 'output', 'leftover'])]),
} as const satisfies Record<string, z.ZodType<readonly unknown[]>>

/** Values of the answers, as the window validates them; `z.null()`: nothing to tell. */
export const requestValues = {
  'weir:read-app-info': appInfoSchema,
  'weir:choose-files': foundFilesSchema,
  'weir:choose-input-folder': foundFilesSchema,
  'weir:choose-output-folder': fileRefSchema.nullable(),
  'weir:choose-basin-file': fileRefSchema.nullable(),
  'weir:choose-list-file': fileRefSchema.nullable(),
  'weir:take-dropped': foundFilesSchema,
  'weir:take-opened': foundFilesSchema,
  'weir:make-sample': fileRefSchema,
  'weir:describe-file': fileViewSchema,
  'weir:read-log': logViewSchema,
  'weir:confirm-basin-folder': z.boolean(),
  'weir:look-at-indices': indexListViewSchema,
  'weir:describe-basin-paths': basinPathReportsSchema,
  'weir:confirm-typed-folder': z.boolean(),
  'weir:check-relink': relinkReportSchema,
  'weir:find-output': fileRefSchema,
  'weir:read-queue': queueSnapshotSchema,
  'weir:add-rewrites': addedJobsSchema,
  'weir:add-recording': addedJobsSchema,
  'weir:add-basin-file': addedJobsSchema,
  'weir:relink-basins': addedJobsSchema,
  'weir:change-jobs': changedJobsSchema,
  'weir:look-at-outputs': z.array(outputStateSchema),
  'weir:preview-outputs': z.array(outputPreviewSchema),
  'weir:start-jobs': z.null(),
  'weir:hold-jobs': z.null(),
  'weir:cancel-jobs': z.null(),
  'weir:stop-recording': z.null(),
  'weir:retry-job': z.null(),
  'weir:remove-jobs': z.null(),
  'weir:move-job': z.null(),
  'weir:set-jobs-at-once': z.null(),
  'weir:show-in-folder': z.null(),
} as const satisfies Record<RequestChannel, z.ZodType>

/** Channel of each request. */
export type RequestChannel = keyof typeof requestArguments

/** Arguments and value of each request; `handle()` refuses arguments that do not fit. */
export type Requests = {
  readonly [Channel in RequestChannel]: {
    readonly arguments: z.infer<(typeof requestArguments)[Channel]>
    readonly value: z.infer<(typeof requestValues)[Channel]>
  }
}

/** The one channel on which main speaks unasked; each message is a `WindowEvent`. */
export const EVENT_CHANNEL = 'weir:event'

type Answer<Value> = Promise<Reply<Value>>

/** The one object that the window finds, as `window.weir`. Everything else than `ok: true` comes with a code and a message. */
export interface WeirBridge {
  /** Tells what runs here. */
  readAppInfo(): Answer<AppInfo>
  /** Asks the user for measurements; none chosen: empty lists. */
  chooseFiles(): Answer<FoundFiles>
  /** Asks for a folder and finds the measurements in it and below. */
  chooseInputFolder(): Answer<FoundFiles>
  /** Asks for a folder to write to; null: the user thought better of it. */
  chooseOutputFolder(): Answer<FileRef | null>
  /** Asks for one measurement; null: the user thought better of it. */
  chooseBasinFile(): Answer<FileRef | null>
  /** Asks for a text file with one event number a line. */
  chooseListFile(): Answer<FileRef | null>
  /** Files and folders that were dropped on the window. Only real ones count: objects made by a script have no path. */
  takeDropped(files: readonly File[]): Answer<FoundFiles>
  /** Files that came before the window listened, each once. */
  takeOpened(): Answer<FoundFiles>
  /** A simulated measurement to try things with; made when it is first asked for, which takes some seconds. */
  makeSample(): Answer<FileRef>
  /** What is in a file. Opened read-only in a process of its own. E_MISSING, E_MAGIC, E_NOT_RTDC and the like, E_GONE, E_TIMEOUT. */
  describeFile(file: Token): Answer<FileView>
  readLog(file: Token, name: string): Answer<LogView>
  /** Asks the user whether Weir may look for basins of this file in the folder, one that `describeFile` named. Then describe again. */
  confirmBasinFolder(file: Token, folder: string): Answer<boolean>
  /** What a list of events holds, and which of these numbers of events it goes beyond. E_MISSING, E_SIZE and the like. */
  lookAtIndices(list: Token, eventCounts: readonly number[]): Answer<IndexListView>
  /**
   * What becomes of the paths of one basin of a basin file in `folder`, in their order. Typed ones are looked for only where the user chose
   * or confirmed a folder.
   */
  describeBasinPaths(
    paths: readonly BasinPathDraft[],
    folder: Token | null,
  ): Answer<readonly BasinPathReport[]>
  /** As `confirmBasinFolder`, for a folder that `describeBasinPaths` named. */
  confirmTypedFolder(folder: string): Answer<boolean>
  /** Is `candidate` the measurement that the basin `key` of the file needs? Nothing is changed. E_BASIN: there is no such basin. */
  checkRelink(file: Token, key: string, candidate: Token): Answer<RelinkReport>
  /** The output of a job that is done, to be looked at. */
  findOutput(id: string): Answer<FileRef>
  readQueue(): Answer<QueueSnapshot>
  /** Puts one waiting job for each input at the end of the queue. */
  addRewrites(draft: RewriteDraft): Answer<AddedJobs>
  addRecording(draft: RecordDraft): Answer<AddedJobs>
  /** E_REQUEST where a typed path lies in a folder that is not confirmed. */
  addBasinFile(draft: BasinFileDraft): Answer<AddedJobs>
  /** Adds a rewrite that keeps everything and finds the basins elsewhere. */
  relinkBasins(draft: RelinkDraft): Answer<AddedJobs>
  /** Changes jobs that wait; all or none (E_QUEUE), but for those whose name cannot be made: they stay as they are and are named. */
  changeJobs(ids: readonly string[], change: JobChange): Answer<ChangedJobs>
  lookAtOutputs(ids: readonly string[]): Answer<readonly OutputState[]>
  /** What a change of their output would call these jobs; nothing is changed. A newer call ends an older one (E_CANCELLED). */
  previewOutputs(ids: readonly string[], output: Partial<OutputChoice>): Answer<readonly OutputPreview[]>
  /** Lets waiting jobs run as soon as there is room. */
  startJobs(ids: readonly string[]): Answer<null>
  /** Takes that back for jobs that have not begun. */
  holdJobs(ids: readonly string[]): Answer<null>
  cancelJobs(ids: readonly string[]): Answer<null>
  /** Ends a recording in good order: what was begun still arrives. */
  stopRecording(id: string): Answer<null>
  /** Runs an ended job again. `mayReplace`: what stands under the output's name and its temporary name may be replaced. */
  retryJob(id: string, options: RetryOptions): Answer<null>
  removeJobs(ids: readonly string[]): Answer<null>
  moveJob(id: string, place: number): Answer<null>
  setJobsAtOnce(count: number): Answer<null>
  showInFolder(id: string, which: 'input' | 'output' | 'leftover'): Answer<null>
  /** Calls with every event (`WindowEvent`, to be validated) until the returned function is called. */
  onEvent(listener: (event: unknown) => void): () => void
}
