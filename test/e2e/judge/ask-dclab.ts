import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const projectFolder = fileURLToPath(new URL('../../..', import.meta.url))
const script = fileURLToPath(new URL('compare_feature.py', import.meta.url))

/** Python with dclab, as the interop checks make it. */
const python = join(projectFolder, '.cache', 'interop-venv', 'bin', 'python')

export interface ComparedFeature {
  readonly events: number
  /** Lies in the file itself. */
  readonly isOwn: boolean
  /** dclab finds it in a basin. */
  readonly isOfBasin: boolean
  readonly isEqual: boolean
}

/** Is dclab at hand? On CI it has to be. */
export function hasDclab(): boolean {
  const isThere = existsSync(python)
  if (!isThere && process.env['CI'] !== undefined) throw new Error(`${python} has to be there on CI`)
  return isThere
}

/** What dclab says of a feature of `path`, beside that of `source`. */
export async function compareFeature(
  path: string,
  source: string,
  feature: string,
): Promise<ComparedFeature> {
  const { stdout } = await run(python, ['-W', 'ignore', script, path, source, feature])
  return JSON.parse(stdout) as ComparedFeature
}
