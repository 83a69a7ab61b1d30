import { app, type Session, session, type WebContents } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'

/** The one permission that the page uses: to put a command on the clipboard. */
const grantedPermission = 'clipboard-sanitized-write'

/** No permission, no device, no network: only the page's own addresses and the inspector's are let through. */
export function lockSession(target: Session = session.defaultSession): void {
  target.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permission === grantedPermission),
  )
  target.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === grantedPermission && isOwnOrigin(origin),
  )
  target.setDevicePermissionHandler(() => false)
  target.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isLocalAddress(details.url) }))
}

/** The page never leaves its address and never opens a window. */
export function lockNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  // Calls between browsers would go past `webRequest`.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

function isOwnOrigin(origin: string): boolean {
  return origin === APP_ORIGIN || origin === `${APP_ORIGIN}/`
}

function isLocalAddress(address: string): boolean {
  return (app.isPackaged ? /^(?:app|blob|data):/ : /^(?:app|devtools|blob|data):/).test(address)
}
