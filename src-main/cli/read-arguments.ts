import { parseArgs, type ParseArgsConfig } from 'node:util'

import { OPTIONS } from './command-options.ts'
import { usageError } from './usage-error.ts'

/** The words of a command line, sorted; what they mean is not looked at yet. */
export interface ArgumentList {
  /** Everything that is no option, in order; the first one is the command. */
  readonly words: readonly string[]
  readonly switches: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  /** Options that may be given more than once, in order. */
  readonly repeated: readonly { readonly name: string; readonly value: string }[]
  /** The first mistake in the form of an option, if there is one. */
  readonly mistake: Error | undefined
}

const PARSER_OPTIONS: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
  [...OPTIONS].map(([name, rule]) => [
    name,
    { type: rule.kind === 'switch' ? 'boolean' : 'string' } as const,
  ]),
)

type Token = NonNullable<ReturnType<typeof parseTokens>>[number]

/**
 * Sorts the arguments. `--name value` and `--name=value` are the same; `--` ends the options. A mistake (unknown option, given
 * twice, no value) is noted, not thrown: the command, and whether `--json` was asked for, are needed to report it.
 */
export function readArguments(given: readonly string[]): ArgumentList {
  const words: string[] = []
  const switches = new Set<string>()
  const values = new Map<string, string>()
  const repeated: { name: string; value: string }[] = []
  let mistake: Error | undefined
  for (const token of parseTokens(given)) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    mistake ??= findMistake(token, { given, isTwice: switches.has(token.name) || values.has(token.name) })
    const rule = OPTIONS.get(token.name)
    if (rule?.kind === 'switch') switches.add(token.name)
    else if (rule?.isRepeatable) repeated.push({ name: token.name, value: token.value ?? '' })
    else if (token.value !== undefined && !values.has(token.name)) values.set(token.name, token.value)
  }
  return { words, switches, values, repeated, mistake }
}

function parseTokens(given: readonly string[]) {
  const { tokens } = parseArgs({
    args: [...given],
    options: PARSER_OPTIONS,
    // Its strict mode stops at the first mistake, takes an option twice, and words things for programmers.
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  return tokens
}

interface Situation {
  readonly given: readonly string[]
  readonly isTwice: boolean
}

function findMistake(token: Token & { kind: 'option' }, { given, isTwice }: Situation): Error | undefined {
  const rule = OPTIONS.get(token.name)
  if (rule === undefined || !token.rawName.startsWith('--')) {
    return usageError(`unknown option ${given[token.index] ?? token.rawName}; weir --help lists the options`)
  }
  if (isTwice) return usageError(`--${token.name} is given twice`)
  if (rule.kind === 'switch') {
    return token.value === undefined ? undefined : usageError(`--${token.name} takes no value`)
  }
  if (token.value === undefined || token.value === '') return usageError(`--${token.name} needs a value`)
  // `--out --json` is a forgotten value; a value that does begin so is given as `--out=--json`.
  if (!token.inlineValue && token.value.length > 1 && token.value.startsWith('-')) {
    return usageError(
      `--${token.name} needs a value; one that begins with a dash is given as --${token.name}=${token.value}`,
    )
  }
  return undefined
}
