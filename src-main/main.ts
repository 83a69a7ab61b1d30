import { app, dialog } from 'electron'
import { answerStartRequest } from './answer-start-request.ts'
import { toErrorData } from './errors.ts'
import type { Call } from './shell/file-arguments.ts'
import { startSelfTest } from './shell/self-test.ts'
import { startDesktop } from './start-desktop.ts'
import { refuseDebugger } from './refuse-debugger.ts'

refuseDebugger(process)

/** The entry of the desktop application: one at a time, a second start hands its files to the first. */
const call: Call = { argv: process.argv, folder: process.cwd() }

async function start(): Promise<void> {
  await startDesktop(call, new URL('./', import.meta.url))
}

function reportFailedStart(thrown: unknown): void {
  dialog.showErrorBox('Weir could not start', toErrorData(thrown).message)
  app.exit(1)
}

const request = await answerStartRequest(process.argv.slice(1))
// What follows is not awaited at the top level: Electron becomes ready only after this module was evaluated.
if (request.kind === 'self-test') startSelfTest(request, start)
else if (app.requestSingleInstanceLock()) start().catch(reportFailedStart)
else app.quit()
