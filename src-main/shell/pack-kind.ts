import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * `shipping`: what users install. `test`: the same, but driven by tests. `checkout`: started from the sources.
 */
export type PackKind = 'shipping' | 'test' | 'checkout'

const packageSchema = z.object({ weirPack: z.string().optional() })

/**
 * What this program was packed as. It is written into the package.json of the archive when that is made (`extraMetadata` in
 * electron-builder.yml), so neither an argument nor the environment nor another name of the program can change it.
 */
export function readPackKind(appFolder: string): PackKind {
  const { weirPack } = packageSchema.parse(JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8')))
  if (weirPack === undefined) return 'checkout'
  return weirPack === 'test' ? 'test' : 'shipping'
}
