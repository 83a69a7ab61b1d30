import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Reply, RequestChannel, Requests, WeirBridge } from './contract.ts'

function ask<Channel extends RequestChannel>(
  channel: Channel,
  ...requestArguments: Requests[Channel]['arguments']
): Promise<Reply<Requests[Channel]['value']>> {
  return ipcRenderer.invoke(channel, ...requestArguments)
}

contextBridge.exposeInMainWorld('weir', {
  readAppInfo: () => ask('weir:read-app-info'),
  chooseFiles: () => ask('weir:choose-files'),
  chooseInputFolder: () => ask('weir:choose-input-folder'),
  chooseOutputFolder: () => ask('weir:choose-output-folder'),
  chooseBasinFile: () => ask('weir:choose-basin-file'),
  chooseListFile: () => ask('weir:choose-list-file'),
  takeDropped: (files) =>
    ask(
      'weir:take-dropped',
      files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== ''),
    ),
  takeOpened: () => ask('weir:take-opened'),
  makeSample: () => ask('weir:make-sample'),
  describeFile: (file) => ask('weir:describe-file', file),
  readLog: (file, name) => ask('weir:read-log', file, name),
  confirmBasinFolder: (file, folder) => ask('weir:confirm-basin-folder', file, folder),
  lookAtIndices: (list, eventCounts) => ask('weir:look-at-indices', list, [...eventCounts]),
  describeBasinPaths: (paths, folder) => ask('weir:describe-basin-paths', [...paths], folder),
  confirmTypedFolder: (folder) => ask('weir:confirm-typed-folder', folder),
  checkRelink: (file, key, candidate) => ask('weir:check-relink', file, key, candidate),
  findOutput: (id) => ask('weir:find-output', id),
  readQueue: () => ask('weir:read-queue'),
  addRewrites: (draft) => ask('weir:add-rewrites', draft),
  addRecording: (draft) => ask('weir:add-recording', draft),
  addBasinFile: (draft) => ask('weir:add-basin-file', draft),
  relinkBasins: (draft) => ask('weir:relink-basins', draft),
  changeJobs: (ids, change) => ask('weir:change-jobs', [...ids], change),
  lookAtOutputs: (ids) => ask('weir:look-at-outputs', [...ids]),
  previewOutputs: (ids, output) => ask('weir:preview-outputs', [...ids], output),
  startJobs: (ids) => ask('weir:start-jobs', [...ids]),
  holdJobs: (ids) => ask('weir:hold-jobs', [...ids]),
  cancelJobs: (ids) => ask('weir:cancel-jobs', [...ids]),
  stopRecording: (id) => ask('weir:stop-recording', id),
  retryJob: (id, options) => ask('weir:retry-job', id, options),
  removeJobs: (ids) => ask('weir:remove-jobs', [...ids]),
  moveJob: (id, place) => ask('weir:move-job', id, place),
  setJobsAtOnce: (count) => ask('weir:set-jobs-at-once', count),
  showInFolder: (id, which) => ask('weir:show-in-folder', id, which),
  onEvent: (listener) => {
    const forward = (_event: unknown, payload: unknown): void => listener(payload)
    // The name stands in contract.ts too; a value imported from there would bring all schemas into the preload.
    ipcRenderer.on('weir:event', forward)
    return () => ipcRenderer.off('weir:event', forward)
  },
} satisfies WeirBridge)
