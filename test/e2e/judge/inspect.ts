import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const weirProgram = fileURLToPath(new URL('../../../out/weir.js', import.meta.url))

/** What of `weir inspect --json` the tests look at. */
export interface Inspected {
  readonly events: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly features: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly filters: readonly {
      readonly name: string
      readonly values: readonly number[]
      readonly encoder?: string
      readonly order?: string
    }[]
  }[]
  readonly logs: readonly { readonly name: string }[]
  readonly tables: readonly { readonly name: string }[]
  readonly basins: readonly unknown[]
}

export async function inspectFile(path: string): Promise<Inspected> {
  const { stdout } = await run(process.execPath, [weirProgram, 'inspect', path, '--json'], {
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout) as Inspected
}
