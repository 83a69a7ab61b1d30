import { MAX_SIMULATED_FRAMES, type RecordJob } from '../jobs/job-schema.ts'
import { COMMANDS, OPTIONS, type CommandName } from './command-options.ts'
import type { Command, OutputPlace, RewriteCommand } from './command.ts'
import { parseNameTemplate } from '../jobs/name-template.ts'
import { parseChoice, parseInteger, parsePositiveNumber } from './option-values.ts'
import { parseBasinsCommand } from './parse-basins-command.ts'
import {
  MAX_THREADS,
  parseBasins,
  parseCompression,
  parseFeatures,
  parseHoles,
  parseLengths,
  parseMetadata,
  parseSelection,
  VERIFICATION_LEVELS,
} from './parse-settings.ts'
import type { ArgumentList } from './read-arguments.ts'
import { resolveOutput, resolvePath } from './resolve-path.ts'
import { notYetAvailable, usageError } from './usage-error.ts'

/** What the arguments ask for; relative paths start at `baseFolder`. Throws E_USAGE. */
export function parseCommand(list: ArgumentList, baseFolder: string): Command {
  if (list.mistake !== undefined) throw list.mistake
  if (list.switches.has('help')) return { kind: 'help' }
  if (list.switches.has('version')) return { kind: 'version' }
  const name = findCommand(list.words[0])
  refuseForeignOptions(list, name)
  const files = list.words.slice(1)
  if (files.includes('')) throw usageError('a file name is empty')
  switch (name) {
    case 'rewrite':
      return parseRewrite(list, files, baseFolder)
    case 'basins':
      return { kind: 'basins', job: parseBasinsCommand(list, files, baseFolder) }
    case 'record':
      return { kind: 'record', job: parseRecord(list, files, baseFolder) }
    case 'inspect':
      return { kind: 'inspect', path: resolvePath(baseFolder, takeOne(files, 'inspect takes one file')) }
    case 'verify':
      if (files.length === 0) throw usageError('verify needs at least one file')
      return {
        kind: 'verify',
        paths: files.map((path) => resolvePath(baseFolder, path)),
        isDeep: list.switches.has('deep'),
      }
    case 'run':
      return { kind: 'run', path: resolvePath(baseFolder, takeOne(files, 'run takes one job file')) }
  }
}

function findCommand(word: string | undefined): CommandName {
  const known = COMMANDS.join(', ')
  if (word === undefined) throw usageError(`no command given; there are ${known}. weir --help tells more`)
  const name = COMMANDS.find((candidate) => candidate === word)
  if (name === undefined)
    throw usageError(`unknown command ${word}; there are ${known}. weir --help tells more`)
  return name
}

function refuseForeignOptions({ switches, values, repeated }: ArgumentList, command: CommandName): void {
  for (const name of [...switches, ...values.keys(), ...repeated.map((one) => one.name)]) {
    const rule = OPTIONS.get(name)
    if (rule?.commands.includes(command) !== true)
      throw usageError(`--${name} is no option of weir ${command}`)
    if (rule.isPlanned) throw notYetAvailable(`--${name}`)
  }
}

function takeOne(files: readonly string[], rule: string): string {
  const [file, ...others] = files
  if (file === undefined || others.length > 0) throw usageError(`${rule}, ${files.length} given`)
  return file
}

function parseRewrite(list: ArgumentList, files: readonly string[], baseFolder: string): RewriteCommand {
  const { values, switches } = list
  if (files.length === 0) throw usageError('rewrite needs at least one input')
  const threads = values.get('threads')
  return {
    kind: 'rewrite',
    inputs: files.map((path) => resolvePath(baseFolder, path)),
    place: parsePlace(list, files.length, baseFolder),
    settings: {
      task: 'rewrite',
      features: parseFeatures(values.get('features')),
      events: parseSelection(list, baseFolder),
      compression: parseCompression(list),
      metadata: parseMetadata(values.get('metadata')),
      basins: parseBasins(values.get('basins')),
      relink: [],
      addSourceBasin: false,
      lengths: parseLengths(list),
      holes: parseHoles(list),
      verify: parseVerify(list),
      overwrite: switches.has('overwrite'),
      threads:
        threads === undefined ? null : parseInteger('threads', threads, { least: 1, most: MAX_THREADS }),
    },
    isDryRun: switches.has('dry-run'),
  }
}

function parsePlace({ values }: ArgumentList, inputCount: number, baseFolder: string): OutputPlace {
  const file = values.get('out')
  const folder = values.get('out-dir')
  const name = values.get('name')
  if (file !== undefined && folder !== undefined) throw usageError('--out and --out-dir exclude each other')
  if (folder !== undefined) {
    return {
      kind: 'folder',
      path: resolvePath(baseFolder, folder),
      template: parseNameTemplate(name ?? '{stem}'),
    }
  }
  if (file === undefined) throw usageError('rewrite needs --out FILE or --out-dir DIR')
  if (inputCount > 1) throw usageError(`--out takes one input, ${inputCount} given; use --out-dir DIR`)
  if (name !== undefined) throw usageError('--name makes names for --out-dir; --out already is a name')
  return { kind: 'file', path: resolveOutput(baseFolder, file) }
}

function parseVerify({ values }: ArgumentList): (typeof VERIFICATION_LEVELS)[number] {
  return parseChoice('verify', values.get('verify') ?? 'standard', VERIFICATION_LEVELS)
}

function parseRecord(list: ArgumentList, files: readonly string[], baseFolder: string): RecordJob {
  const { values, switches } = list
  if (files.length > 0) throw usageError(`record takes no input beside its source: ${files.join(' ')}`)
  const output = values.get('out')
  if (output === undefined) throw usageError('record needs --out FILE')
  const metadata = values.get('metadata')
  return {
    task: 'record',
    output: resolveOutput(baseFolder, output),
    source: parseSource(list, baseFolder),
    seed: parseInteger('seed', values.get('seed') ?? '42', { least: 0 }),
    threshold: parseInteger('threshold', values.get('threshold') ?? '500', { least: 1 }),
    metadataFile: metadata === undefined ? null : resolvePath(baseFolder, metadata),
    compression: parseCompression(list),
    verify: parseVerify(list),
    overwrite: switches.has('overwrite'),
    threads: null,
  }
}

function parseSource(list: ArgumentList, baseFolder: string): RecordJob['source'] {
  const { values } = list
  const file = values.get('replay')
  const frames = values.get('simulate')
  const readers = values.get('readers')
  const rate = values.has('rate') ? parsePositiveNumber('rate', values.get('rate') ?? '') : null
  if (file !== undefined && frames !== undefined)
    throw usageError('--replay and --simulate exclude each other')
  if (file !== undefined) {
    const count = parseInteger('readers', readers ?? '2', { least: 1, most: 64 })
    return {
      kind: 'replay',
      file: resolvePath(baseFolder, file),
      rate,
      readers: count,
      lengths: parseLengths(list),
      holes: parseHoles(list),
    }
  }
  if (frames === undefined) throw usageError('record needs a source: --replay FILE or --simulate FRAMES')
  for (const name of ['readers', 'lengths', 'holes'])
    if (values.has(name)) throw usageError(`--${name} belongs to --replay`)
  const bounds = { least: 0, most: MAX_SIMULATED_FRAMES }
  return { kind: 'simulate', frames: parseInteger('simulate', frames, bounds), rate }
}
