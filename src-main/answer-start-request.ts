import { app } from 'electron'
import { runCli } from './run-cli.ts'
import { readPackKind } from './shell/pack-kind.ts'
import { readStartRequest, type StartRequest } from './shell/start-request.ts'

const EXIT_REFUSED = 2

/**
 * Reads what the program was started for. A refusal and the command line end the process in here, before Chromium has started; what is
 * left wants a window.
 */
export async function answerStartRequest(
  given: readonly string[],
): Promise<Extract<StartRequest, { readonly kind: 'window' | 'self-test' }>> {
  const situation = { packKind: readPackKind(app.getAppPath()), platform: process.platform }
  const request = readStartRequest(given, situation)
  if (request.kind === 'refused') return refuse(request.message)
  if (request.kind === 'cli') return await runCli(request)
  return request
}

function refuse(message: string): never {
  process.stderr.write(`weir: error: ${message} (E_USAGE)\n`)
  return process.exit(EXIT_REFUSED)
}
