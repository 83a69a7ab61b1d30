import { toErrorData, toWeirError } from '../errors.ts'
import { VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { HELP_TEXT } from './help-text.ts'
import type { JobReporter } from './job-reporter.ts'
import { chooseExitCode, EXIT_DONE, EXIT_REFUSED, makeEmptyResult } from './job-result.ts'
import { JsonReporter } from './json-reporter.ts'
import { parseCommand } from './parse-command.ts'
import { pathsOf, type JobPaths, type PlannedJob } from './planned-job.ts'
import { readArguments, type ArgumentList } from './read-arguments.ts'
import { readJobFile } from './read-job-file.ts'
import { refuseCollisions } from './refuse-collisions.ts'
import { resolvePath } from './resolve-path.ts'
import { runInspect } from './run-inspect.ts'
import { runJobs } from './run-jobs.ts'
import { runRewrite } from './run-rewrite.ts'
import { runVerify } from './run-verify.ts'
import { StatusLine } from './status-line.ts'
import type { Surroundings } from './surroundings.ts'
import { TextReporter } from './text-reporter.ts'
import { toJsonLine } from './to-json-line.ts'
import { writeError } from './write-message.ts'

/** The whole command line, from arguments to exit code. Throws only for a mistake in Weir itself. */
export async function runCommandLine(surroundings: Surroundings): Promise<number> {
  const list = readArguments(surroundings.arguments)
  const isJson = list.switches.has('json')
  try {
    const command = parseCommand(list, surroundings.baseFolder)
    return await runCommand(command, surroundings, isJson)
  } catch (thrown) {
    if (toWeirError(thrown).code !== 'E_USAGE') throw thrown
    return refuseUsage(thrown, { list, surroundings, isJson })
  }
}

async function runCommand(command: Command, surroundings: Surroundings, isJson: boolean): Promise<number> {
  const { stdout } = surroundings
  switch (command.kind) {
    case 'help':
      stdout.write(isJson ? toJsonLine({ type: 'help', text: HELP_TEXT }) : HELP_TEXT)
      return EXIT_DONE
    case 'version':
      stdout.write(isJson ? toJsonLine({ type: 'version', version: VERSION }) : `weir ${VERSION}\n`)
      return EXIT_DONE
    case 'rewrite': {
      const reporter = createReporter(surroundings, command.inputs, isJson)
      return finishWith(reporter, runRewrite(command, surroundings, reporter))
    }
    case 'basins':
    case 'record':
      return runPlanned([{ kind: 'job', job: command.job }], surroundings, isJson)
    case 'inspect': {
      const reporter = createReporter(surroundings, [command.path], isJson)
      return runInspect(command.path, { surroundings, reporter, isJson })
    }
    case 'verify': {
      const reporter = createReporter(surroundings, command.paths, isJson)
      return finishWith(
        reporter,
        runVerify(command.paths, { surroundings, reporter, isDeep: command.isDeep }),
      )
    }
    case 'run':
      return runJobFile(command.path, surroundings, isJson)
  }
}

async function runJobFile(path: string, surroundings: Surroundings, isJson: boolean): Promise<number> {
  const { disk, baseFolder, stderr } = surroundings
  try {
    const jobs = await readJobFile(path, { disk, baseFolder })
    return await runPlanned(await refuseCollisions(jobs, disk, [path]), surroundings, isJson)
  } catch (thrown) {
    const error = toWeirError(thrown, { path })
    if (error.tag === 'Internal') throw thrown
    // Which inputs it would have named is not known, so there is no line of JSON for them.
    writeError(stderr, toErrorData(error))
    return EXIT_REFUSED
  }
}

async function runPlanned(
  planned: readonly PlannedJob[],
  surroundings: Surroundings,
  isJson: boolean,
): Promise<number> {
  const names = planned.map((entry) => pathsOf(entry).input ?? pathsOf(entry).output ?? '')
  const reporter = createReporter(surroundings, names, isJson)
  const results = await finishWith(reporter, runJobs(planned, { surroundings, reporter, isDryRun: false }))
  return chooseExitCode(results.map(({ status }) => status))
}

async function finishWith<T>(reporter: JobReporter, work: Promise<T>): Promise<T> {
  const value = await work
  reporter.finish()
  return value
}

function createReporter(
  { stdout, stderr, columns }: Surroundings,
  names: readonly string[],
  isJson: boolean,
): JobReporter {
  if (isJson) return new JsonReporter(stdout)
  return new TextReporter({ stdout, stderr, statusLine: new StatusLine(stderr, columns), names })
}

interface Refusal {
  readonly list: ArgumentList
  readonly surroundings: Surroundings
  readonly isJson: boolean
}

/**
 * Wrong usage is told on standard error, also with `--json`. There, in addition, each input has its result line like any other refused
 * one, provided that the options could be told from the inputs.
 */
function refuseUsage(thrown: unknown, { list, surroundings, isJson }: Refusal): number {
  const error = toErrorData(thrown)
  writeError(surroundings.stderr, error)
  if (!isJson || list.mistake !== undefined) return EXIT_REFUSED
  const reporter = new JsonReporter(surroundings.stdout)
  for (const [index, paths] of listRefused(list, surroundings.baseFolder).entries()) {
    reporter.reportResult(makeEmptyResult(index + 1, paths, { status: 'refused', error }))
  }
  return EXIT_REFUSED
}

function listRefused({ words, values }: ArgumentList, baseFolder: string): readonly JobPaths[] {
  const [command, ...files] = words
  const absolute = (path: string | undefined) => (path === undefined ? null : resolvePath(baseFolder, path))
  switch (command) {
    case 'rewrite':
    case 'verify':
    case 'inspect':
      return files.map((path) => ({ input: absolute(path), output: null }))
    case 'basins':
      return [{ input: null, output: absolute(values.get('out')) }]
    case 'record':
      return [{ input: absolute(values.get('replay')), output: absolute(values.get('out')) }]
    default:
      return []
  }
}
