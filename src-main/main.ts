import { app, BrowserWindow, dialog } from 'electron'
import { answerStartRequest } from './answer-start-request.ts'
import { answerAppInfo } from './bridge/answer-app-info.ts'
import { toErrorData } from './errors.ts'
import { registerAppScheme, serveApp } from './shell/app-protocol.ts'
import { setApplicationMenu } from './shell/application-menu.ts'
import { createWindow } from './shell/create-window.ts'
import { lockNavigation, lockSession } from './shell/deny-by-default.ts'
import { startSelfTest } from './shell/self-test.ts'
import { showExistingWindow } from './shell/show-existing-window.ts'

/** The composition root: builds, connects, starts. */
const preloadFile = new URL('preload/preload.cjs', import.meta.url)
const pageFolder = new URL('renderer/', import.meta.url)

async function start(): Promise<void> {
  app.on('second-instance', () => showExistingWindow(BrowserWindow.getAllWindows()[0]))
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents))
  app.on('window-all-closed', () => app.quit())
  registerAppScheme()
  await app.whenReady()
  lockSession()
  serveApp(pageFolder)
  answerAppInfo()
  setApplicationMenu()
  await createWindow(preloadFile)
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
