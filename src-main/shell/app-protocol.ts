import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { protocol } from 'electron'
import { resolvePageFile } from './resolve-page-file.ts'

/** Origin of Weir's own page; nothing else is ever loaded. */
export const APP_ORIGIN = 'app://weir'
export const START_PAGE = `${APP_ORIGIN}/index.html`

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built page from `pageFolder`, a folder URL that ends in `/`, with the policy in every response. */
export function serveApp(pageFolder: URL): void {
  protocol.handle('app', async (request) => {
    const file = request.method === 'GET' ? resolvePageFile(pageFolder, request.url) : undefined
    const contentType = contentTypes[extname(file?.pathname ?? '')]
    return file === undefined || contentType === undefined
      ? answerNotFound()
      : readPageFile(file, contentType)
  })
}

async function readPageFile(file: URL, contentType: string): Promise<Response> {
  try {
    // Also from inside app.asar, which Electron's file system functions know.
    return new Response(new Uint8Array(await readFile(file)), { headers: createHeaders(contentType) })
  } catch {
    // A well-formed name of a file that the build did not put out.
    return answerNotFound()
  }
}

function answerNotFound(): Response {
  return new Response('not found', { status: 404, headers: createHeaders('text/plain; charset=utf-8') })
}

function createHeaders(contentType: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-cache',
  }
}
