import { resolve } from 'node:path'
import { z } from 'zod'

/** How a start of the program was called; of a second start, in the order into which Chromium puts it: switches first. */
export const callSchema = z.strictObject({
  argv: z.array(z.string().max(32_768)).max(10_000),
  folder: z.string().max(32_768),
})

export type Call = Readonly<z.infer<typeof callSchema>>

/**
 * The files and folders among the arguments, absolute. What begins with a dash is a switch, which nobody looks at here, except
 * after a bare `--`. `isPackaged` false: the first that is no switch is the application's folder.
 */
export function listFileArguments({ argv, folder }: Call, isPackaged: boolean): readonly string[] {
  const given = argv.slice(1)
  const end = given.indexOf('--')
  const before = (end === -1 ? given : given.slice(0, end)).filter((word) => !word.startsWith('-'))
  const after = end === -1 ? [] : given.slice(end + 1)
  const own = isPackaged ? 0 : 1
  return [...before.slice(own), ...after].filter((word) => word !== '').map((word) => resolve(folder, word))
}
