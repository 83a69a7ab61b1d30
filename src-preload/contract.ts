import { z } from 'zod'

/**
 * What the window can ask for and be told: every request and every payload.
 * Preload and main are typed by it; whoever receives validates.
 */

// zod would probe `new Function` otherwise, which the window's content security policy reports.
z.config({ jitless: true })

export const appInfoSchema = z.strictObject({
  /** Version of Weir. */
  version: z.string().min(1),
  platform: z.enum(['linux', 'darwin', 'win32', 'other']),
  /** Version of Electron that runs the window. */
  electron: z.string().min(1),
  /** `checkout`: started from the sources, where npm scripts are at hand; `installed`: a packaged application. */
  startedFrom: z.enum(['checkout', 'installed']),
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

/** Channel of each request. */
export type RequestChannel = 'weir:read-app-info'

/** Arguments and value of each request; `handle()` refuses arguments that do not fit. */
export interface Requests {
  readonly 'weir:read-app-info': { readonly arguments: readonly []; readonly value: AppInfo }
}

export const requestArguments = {
  'weir:read-app-info': z.tuple([]),
} as const satisfies { [Channel in RequestChannel]: z.ZodType<Requests[Channel]['arguments']> }

/** The one object that the window finds, as `window.weir`. */
export interface WeirBridge {
  /** Tells what runs here. */
  readAppInfo(): Promise<Reply<AppInfo>>
}
