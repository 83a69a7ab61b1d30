import { pathStyleSchema, type BasinsJob } from '../jobs/job-schema.ts'
import { parseChoice } from './option-values.ts'
import { parseLengths, parseSelection } from './parse-settings.ts'
import type { ArgumentList } from './read-arguments.ts'
import { resolveBasinPath, resolveOutput } from './resolve-path.ts'
import { usageError } from './usage-error.ts'

/** `weir basins`: the job that its options ask for. Throws E_USAGE. */
export function parseBasinsCommand(
  list: ArgumentList,
  files: readonly string[],
  baseFolder: string,
): BasinsJob {
  const { values, switches } = list
  if (files.length > 0) throw usageError(`basins takes its inputs as --basin PATH: ${files.join(' ')}`)
  const output = values.get('out')
  if (output === undefined) throw usageError('basins needs --out FILE')
  return {
    task: 'basins',
    output: resolveOutput(baseFolder, output),
    sources: parseSources(list, baseFolder),
    paths: parseChoice('paths', values.get('paths') ?? 'both', pathStyleSchema.options),
    events: parseSelection(list, baseFolder),
    lengths: parseLengths(list),
    overwrite: switches.has('overwrite'),
  }
}

/** `--basin PATH` begins a basin, `--alternative PATH` adds to the one before it. */
function parseSources({ repeated }: ArgumentList, baseFolder: string): string[][] {
  const sources: string[][] = []
  for (const { name, value } of repeated) {
    const path = resolveBasinPath(baseFolder, value)
    if (name === 'basin') sources.push([path])
    else if (sources.length > 0) sources.at(-1)?.push(path)
    else throw usageError(`--alternative ${value} has no --basin before it to be an alternative to`)
  }
  if (sources.length === 0) throw usageError('basins needs at least one --basin PATH')
  return sources
}
