import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, utilityProcess } from 'electron'
import { EVENT_CHANNEL } from '../src-preload/contract.ts'
import { answerWindow } from './bridge/answer-window.ts'
import { BasinFolders } from './bridge/basin-folders.ts'
import { FileTokens } from './bridge/file-tokens.ts'
import { InputRoots } from './bridge/input-roots.ts'
import { diskLookup } from './bridge/look-at-disk.ts'
import { OpenedFiles } from './bridge/opened-files.ts'
import { tellQueue } from './bridge/tell-queue.ts'
import { WindowChannel } from './bridge/window-channel.ts'
import type { Warning } from './errors.ts'
import type { MessageToProcess } from './jobs/job-messages.ts'
import { JobQueue, type QueueOptions } from './jobs/job-queue.ts'
import { JobStore } from './jobs/job-store.ts'
import { ProcessOwner } from './jobs/process-owner.ts'
import { ReaderClient } from './jobs/reader-client.ts'
import type { ReaderRequest } from './jobs/reader-messages.ts'
import { SampleMaker } from './jobs/sample-maker.ts'
import { registerAppScheme, serveApp } from './shell/app-protocol.ts'
import { setApplicationMenu } from './shell/application-menu.ts'
import { createWindow } from './shell/create-window.ts'
import { lockNavigation, lockSession } from './shell/deny-by-default.ts'
import type { Call } from './shell/file-arguments.ts'
import { createProcessFork } from './shell/fork-process.ts'
import { WindowKeeper } from './shell/keep-window.ts'
import { openLogFile, type LogFile } from './shell/log-file.ts'
import { logJobs } from './shell/log-jobs.ts'
import { findLeftover, useQueueFile } from './shell/queue-file.ts'
import { QuitGuard } from './shell/quit-guard.ts'
import { showExistingWindow } from './shell/show-existing-window.ts'
import { showWork } from './shell/show-work.ts'
import { takeOpenedFiles } from './shell/take-opened-files.ts'
import { tellFailures } from './shell/tell-failures.ts'
import { VERSION } from './version.ts'

/**
 * The composition root of the desktop: builds, connects, opens the window. To be called before the application is ready, which
 * the promise waits for. `call`: how the program was started; `bundles`: the folder that the build puts out.
 */
export async function startDesktop(call: Call, bundles: URL): Promise<void> {
  const dataFolder = app.getPath('userData')
  const log = openLogFile(join(dataFolder, 'logs'))
  log.info(`Weir ${VERSION} on Electron ${process.versions.electron}, ${process.platform}`)
  const tokens = new FileTokens()
  const basinFolders = new BasinFolders()
  const inputRoots = new InputRoots()
  const window = new WindowKeeper(log)
  const channel = new WindowChannel((event) => window.send(EVENT_CHANNEL, event))
  const opened = new OpenedFiles({ tokens, channel, basinFolders, inputRoots })
  const findWindow = () => window.find()

  registerAppScheme()
  tellFailures(log, (warning) => opened.note(warning))
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents))
  takeOpenedFiles(call, {
    open: (paths) => void opened.open(paths),
    onSecondStart: () => showExistingWindow(window.find()),
  })
  const jobs = createJobs({ dataFolder, bundles, log, note: (warning) => opened.note(warning) })
  const [queue] = await Promise.all([jobs.openQueue(), app.whenReady()])

  const guard = new QuitGuard({
    queue,
    findWindow,
    closeOthers: jobs.close,
    note: (warning) => opened.note(warning),
  })
  guard.watch()
  tellQueue({ queue, tokens, channel })
  logJobs(queue, log)
  showWork(queue, findWindow)
  lockSession()
  serveApp(new URL('renderer/', bundles))
  const { reader, sample } = jobs
  answerWindow({
    ...{ queue, tokens, channel, opened, basinFolders, inputRoots, reader, sample, findWindow },
    lookup: diskLookup,
  })
  setApplicationMenu()
  await window.keep({
    create: () =>
      createWindow({
        preloadFile: new URL('preload/preload.cjs', bundles),
        placeFile: join(dataFolder, 'window.json'),
        onCreated: (created) => guard.watchWindow(created),
        log,
      }),
    onPageGone: () => opened.stopTelling(),
  })
}

interface JobParts {
  readonly dataFolder: string
  readonly bundles: URL
  readonly log: LogFile
  readonly note: (warning: Warning) => void
}

/** Everything that works in processes of its own. */
function createJobs({ dataFolder, bundles, log, note }: JobParts) {
  const fork = <Message>(name: string, bundle: string) =>
    createProcessFork<Message>(
      { utilityProcess, app },
      {
        name,
        modulePath: fileURLToPath(new URL(bundle, bundles)),
        workingFolder: dataFolder,
        environment: process.env,
      },
    )
  const forkJob = fork<MessageToProcess>('Weir job', 'job-process.js')
  const startProcess: QueueOptions['startProcess'] = (job, onEvent) =>
    new ProcessOwner(job, { fork: forkJob, onEvent })
  const reader = new ReaderClient({ fork: fork<ReaderRequest>('Weir reader', 'reader-process.js') })
  const sampleFolder = join(dataFolder, 'sample')
  const sample = new SampleMaker({
    path: join(sampleFolder, 'sample.rtdc'),
    isThere: diskLookup.isTaken,
    makeFolder: () => makeFolder(sampleFolder),
    startProcess,
  })
  const onTrouble = (warning: Warning): void => {
    log.warn(warning.message)
    note(warning)
  }
  return {
    reader,
    sample,
    openQueue: async () => {
      await makeFolder(dataFolder)
      const store = new JobStore(useQueueFile(join(dataFolder, 'queue.json')), onTrouble)
      return JobQueue.open({ store, startProcess, findLeftover })
    },
    close: () => {
      reader.close()
      sample.close()
    },
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
}
