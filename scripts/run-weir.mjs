// The built command line in a process of its own, as any other program would use it.
import { join } from 'node:path'
import { outFolder, Refusal } from './project.mjs'
import { readCommand } from './run-command.mjs'

/**
 * Runs `weir` with `--json` and gives its result objects and its exit code.
 * @param {string[]} commandArguments
 * @returns {Promise<{ code: number, seconds: number, results: any[] }>}
 */
export async function runWeir(commandArguments) {
  const { code, text, seconds } = await readCommand(
    process.execPath,
    [join(outFolder, 'weir.js'), ...commandArguments, '--json'],
    { stderr: 2 },
  )
  const lines = text.split('\n').filter((line) => line !== '')
  const results = lines.map((line) => JSON.parse(line)).filter((object) => object.type === 'result')
  return { code, seconds, results }
}

/** As `runWeir`, for a single file: its result; throws a `Refusal` with Weir's own words if it was not done. */
export async function runWeirOnce(commandArguments) {
  const { code, seconds, results } = await runWeir(commandArguments)
  const result = results[0]
  if (code === 0 && result?.status === 'done') return { ...result, processSeconds: seconds }
  const error = result?.error
  throw new Refusal(
    `weir ${commandArguments.join(' ')} ended with code ${code}: ${error?.message ?? 'no result'} (${error?.code ?? '-'})`,
  )
}
