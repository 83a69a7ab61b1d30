import { fileURLToPath } from 'node:url'
import { BrowserWindow, nativeTheme } from 'electron'
import { START_PAGE } from './app-protocol.ts'

/** Colours of the page behind everything, so that nothing flashes while it loads. As in src-renderer/look.css. */
const pageColours = { light: '#f4f6f7', dark: '#14191c' } as const

/** Opens the window on the start page; it appears when it has something to show. */
export async function createWindow(preloadFile: URL): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1280,
    height: 720,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Weir',
    backgroundColor: nativeTheme.shouldUseDarkColors ? pageColours.dark : pageColours.light,
    webPreferences: {
      preload: fileURLToPath(preloadFile),
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
    },
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(START_PAGE)
  return window
}
