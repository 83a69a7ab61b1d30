import {
  type AddedJobs,
  type AppInfo,
  type BasinFileDraft,
  type BasinPathDraft,
  type BasinPathReport,
  type ChangedJobs,
  type FileRef,
  type FileView,
  type FoundFiles,
  type IndexListView,
  type JobChange,
  type LogView,
  type OutputChoice,
  type OutputPreview,
  type OutputState,
  type QueueSnapshot,
  type RecordDraft,
  type RelinkDraft,
  type RelinkReport,
  type Reply,
  type RequestChannel,
  type Requests,
  requestValues,
  type RetryOptions,
  type RewriteDraft,
  type Token,
  type WindowEvent,
  windowEventSchema,
} from '../src-preload/contract.ts'

/** The only file that touches `window.weir`. Values are validated here; a refusal rejects with `BridgeError`. */

/** Main could not do what was asked; `code` is one of the `E_*`, the message is for people. */
export class BridgeError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'BridgeError'
  }
}

export function readAppInfo(): Promise<AppInfo> {
  return take('weir:read-app-info', window.weir.readAppInfo())
}

export function chooseFiles(): Promise<FoundFiles> {
  return take('weir:choose-files', window.weir.chooseFiles())
}

export function chooseInputFolder(): Promise<FoundFiles> {
  return take('weir:choose-input-folder', window.weir.chooseInputFolder())
}

export function chooseOutputFolder(): Promise<FileRef | null> {
  return take('weir:choose-output-folder', window.weir.chooseOutputFolder())
}

export function chooseBasinFile(): Promise<FileRef | null> {
  return take('weir:choose-basin-file', window.weir.chooseBasinFile())
}

export function chooseListFile(): Promise<FileRef | null> {
  return take('weir:choose-list-file', window.weir.chooseListFile())
}

export function takeDropped(files: readonly File[]): Promise<FoundFiles> {
  return take('weir:take-dropped', window.weir.takeDropped(files))
}

export function takeOpened(): Promise<FoundFiles> {
  return take('weir:take-opened', window.weir.takeOpened())
}

export function makeSample(): Promise<FileRef> {
  return take('weir:make-sample', window.weir.makeSample())
}

export function describeFile(file: Token): Promise<FileView> {
  return take('weir:describe-file', window.weir.describeFile(file))
}

export function readLog(file: Token, name: string): Promise<LogView> {
  return take('weir:read-log', window.weir.readLog(file, name))
}

export function confirmBasinFolder(file: Token, folder: string): Promise<boolean> {
  return take('weir:confirm-basin-folder', window.weir.confirmBasinFolder(file, folder))
}

export function lookAtIndices(list: Token, eventCounts: readonly number[]): Promise<IndexListView> {
  return take('weir:look-at-indices', window.weir.lookAtIndices(list, eventCounts))
}

export function describeBasinPaths(
  paths: readonly BasinPathDraft[],
  folder: Token | null,
): Promise<readonly BasinPathReport[]> {
  return take('weir:describe-basin-paths', window.weir.describeBasinPaths(copyPlain(paths), folder))
}

export function confirmTypedFolder(folder: string): Promise<boolean> {
  return take('weir:confirm-typed-folder', window.weir.confirmTypedFolder(folder))
}

export function checkRelink(file: Token, key: string, candidate: Token): Promise<RelinkReport> {
  return take('weir:check-relink', window.weir.checkRelink(file, key, candidate))
}

/** The output of a job that is done. */
export function findOutput(id: string): Promise<FileRef> {
  return take('weir:find-output', window.weir.findOutput(id))
}

export function readQueue(): Promise<QueueSnapshot> {
  return take('weir:read-queue', window.weir.readQueue())
}

export function addRewrites(draft: RewriteDraft): Promise<AddedJobs> {
  return take('weir:add-rewrites', window.weir.addRewrites(copyPlain(draft)))
}

export function addRecording(draft: RecordDraft): Promise<AddedJobs> {
  return take('weir:add-recording', window.weir.addRecording(copyPlain(draft)))
}

export function addBasinFile(draft: BasinFileDraft): Promise<AddedJobs> {
  return take('weir:add-basin-file', window.weir.addBasinFile(copyPlain(draft)))
}

export function relinkBasins(draft: RelinkDraft): Promise<AddedJobs> {
  return take('weir:relink-basins', window.weir.relinkBasins(copyPlain(draft)))
}

export function changeJobs(ids: readonly string[], change: JobChange): Promise<ChangedJobs> {
  return take('weir:change-jobs', window.weir.changeJobs(ids, copyPlain(change)))
}

export function lookAtOutputs(ids: readonly string[]): Promise<readonly OutputState[]> {
  return take('weir:look-at-outputs', window.weir.lookAtOutputs(ids))
}

export function previewOutputs(
  ids: readonly string[],
  output: Partial<OutputChoice>,
): Promise<readonly OutputPreview[]> {
  return take('weir:preview-outputs', window.weir.previewOutputs(ids, copyPlain(output)))
}

export async function startJobs(ids: readonly string[]): Promise<void> {
  await take('weir:start-jobs', window.weir.startJobs(ids))
}

export async function holdJobs(ids: readonly string[]): Promise<void> {
  await take('weir:hold-jobs', window.weir.holdJobs(ids))
}

export async function cancelJobs(ids: readonly string[]): Promise<void> {
  await take('weir:cancel-jobs', window.weir.cancelJobs(ids))
}

export async function stopRecording(id: string): Promise<void> {
  await take('weir:stop-recording', window.weir.stopRecording(id))
}

export async function retryJob(id: string, options: RetryOptions): Promise<void> {
  await take('weir:retry-job', window.weir.retryJob(id, options))
}

export async function removeJobs(ids: readonly string[]): Promise<void> {
  await take('weir:remove-jobs', window.weir.removeJobs(ids))
}

export async function moveJob(id: string, place: number): Promise<void> {
  await take('weir:move-job', window.weir.moveJob(id, place))
}

export async function setJobsAtOnce(count: number): Promise<void> {
  await take('weir:set-jobs-at-once', window.weir.setJobsAtOnce(count))
}

export async function showInFolder(id: string, which: 'input' | 'output' | 'leftover'): Promise<void> {
  await take('weir:show-in-folder', window.weir.showInFolder(id, which))
}

/** Calls with every valid event until the returned function is called; one that does not fit throws in the console. */
export function onWindowEvent(listener: (event: WindowEvent) => void): () => void {
  return window.weir.onEvent((payload) => listener(windowEventSchema.parse(payload)))
}

async function take<Channel extends RequestChannel>(
  channel: Channel,
  asked: Promise<Reply<unknown>>,
): Promise<Requests[Channel]['value']> {
  const reply = await asked
  if (!reply.ok) throw new BridgeError(reply.error.code, reply.error.message)
  // The compiler does not see that a channel's own schema gives that channel's value.
  return requestValues[channel].parse(reply.value) as Requests[Channel]['value']
}

/** Reactive objects cannot be cloned on their way to main. */
function copyPlain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}
