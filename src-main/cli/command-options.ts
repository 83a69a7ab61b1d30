export const COMMANDS = ['rewrite', 'basins', 'record', 'inspect', 'verify', 'run'] as const

export type CommandName = (typeof COMMANDS)[number]

export interface OptionRule {
  /** A `switch` stands alone, a `value` is followed by one. */
  readonly kind: 'switch' | 'value'
  readonly commands: readonly CommandName[]
  /** A value that may be given more than once; the order counts. */
  readonly isRepeatable?: true
  /** Documented, but refused by this version. */
  readonly isPlanned?: true
}

const JOBS: readonly CommandName[] = ['rewrite', 'record']

/** Every option by its name without dashes. No option may be given twice but those that say so. */
export const OPTIONS: ReadonlyMap<string, OptionRule> = new Map<string, OptionRule>([
  ['help', { kind: 'switch', commands: COMMANDS }],
  ['version', { kind: 'switch', commands: COMMANDS }],
  ['json', { kind: 'switch', commands: COMMANDS }],

  ['out', { kind: 'value', commands: [...JOBS, 'basins'] }],
  ['out-dir', { kind: 'value', commands: ['rewrite'] }],
  ['name', { kind: 'value', commands: ['rewrite'] }],
  ['features', { kind: 'value', commands: ['rewrite'] }],
  ['events', { kind: 'value', commands: ['rewrite', 'basins'] }],
  ['indices', { kind: 'value', commands: ['rewrite', 'basins'] }],
  ['holes', { kind: 'value', commands: JOBS }],
  ['lengths', { kind: 'value', commands: [...JOBS, 'basins'] }],
  ['compression', { kind: 'value', commands: JOBS }],
  ['level', { kind: 'value', commands: JOBS }],
  ['aim', { kind: 'value', commands: JOBS }],
  ['by-frame', { kind: 'switch', commands: JOBS }],
  ['shuffle', { kind: 'switch', commands: ['rewrite'] }],
  ['no-checksum', { kind: 'switch', commands: JOBS }],
  ['metadata', { kind: 'value', commands: JOBS }],
  ['basins', { kind: 'value', commands: ['rewrite'] }],
  ['verify', { kind: 'value', commands: JOBS }],
  ['overwrite', { kind: 'switch', commands: [...JOBS, 'basins'] }],
  ['threads', { kind: 'value', commands: ['rewrite'] }],
  ['dry-run', { kind: 'switch', commands: ['rewrite'] }],
  ['deep', { kind: 'switch', commands: ['verify'] }],

  ['basin', { kind: 'value', commands: ['basins'], isRepeatable: true }],
  ['alternative', { kind: 'value', commands: ['basins'], isRepeatable: true }],
  ['paths', { kind: 'value', commands: ['basins'] }],

  ['replay', { kind: 'value', commands: ['record'] }],
  ['rate', { kind: 'value', commands: ['record'] }],
  ['readers', { kind: 'value', commands: ['record'] }],
  ['listen', { kind: 'value', commands: ['record'], isPlanned: true }],
  ['simulate', { kind: 'value', commands: ['record'] }],
  ['seed', { kind: 'value', commands: ['record'] }],
  ['threshold', { kind: 'value', commands: ['record'] }],
])
