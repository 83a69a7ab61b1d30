import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { START_PAGE } from './app-protocol.ts'
import type { LogFile } from './log-file.ts'
import { readPackKind } from './pack-kind.ts'
import { isReachable, readWindowPlace, saveWindowPlace } from './window-place.ts'

/** Colours of the page behind everything, so that nothing flashes while it loads. As in src-renderer/look.css. */
const pageColours = { light: '#f4f6f7', dark: '#14191c' } as const

export interface WindowOptions {
  readonly preloadFile: URL
  /** Where size and place last. */
  readonly placeFile: string
  /** Before anything is loaded. */
  readonly onCreated: (window: BrowserWindow) => void
  readonly log: LogFile
}

/** Opens the window on the start page where it was last; it appears when it has something to show. */
export async function createWindow(options: WindowOptions): Promise<BrowserWindow> {
  const last = readWindowPlace(options.placeFile)
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const { isMaximized = false, ...place } = last ?? { width: 1280, height: 720 }
  const window = new BrowserWindow({
    ...(last === undefined || isReachable(last, areas) ? place : { width: last.width, height: last.height }),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Weir',
    backgroundColor: nativeTheme.shouldUseDarkColors ? pageColours.dark : pageColours.light,
    webPreferences: {
      preload: fileURLToPath(options.preloadFile),
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      spellcheck: false,
      devTools: readPackKind(app.getAppPath()) !== 'shipping',
    },
  })
  if (isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => rememberPlace(window, options))
  options.onCreated(window)
  await window.loadURL(START_PAGE)
  return window
}

function rememberPlace(window: BrowserWindow, { placeFile, log }: WindowOptions): void {
  try {
    saveWindowPlace(placeFile, { ...window.getNormalBounds(), isMaximized: window.isMaximized() })
  } catch (thrown) {
    log.warn(`the place of the window could not be saved: ${String(thrown)}`)
  }
}
