import { findDebuggingSwitch } from './debugging-switches.ts'
import type { PackKind } from './pack-kind.ts'

/** What the program was started for. */
export type StartRequest =
  | { readonly kind: 'window' }
  /** The command line without a window; `logPath`: where its output goes instead of to the standard streams. */
  | { readonly kind: 'cli'; readonly given: readonly string[]; readonly logPath: string | null }
  | { readonly kind: 'self-test'; readonly resultPath: string; readonly picturePath: string | null }
  | { readonly kind: 'refused'; readonly message: string }

export interface StartSituation {
  readonly packKind: PackKind
  readonly platform: NodeJS.Platform
}

/**
 * Reads the arguments without the program's name. What stands before `--cli` is Chromium's, what follows it is the command line's; a
 * `--log FILE` directly behind it is for systems on which a windowed program has no terminal.
 */
export function readStartRequest(
  given: readonly string[],
  { packKind, platform }: StartSituation,
): StartRequest {
  const refused = packKind === 'shipping' ? findDebuggingSwitch(given, platform) : undefined
  if (refused !== undefined) return refuse(`${refused} is a debugging switch, which Weir does not take`)
  const start = given.indexOf('--cli')
  return start === -1 ? readWindowed(given) : readCli(given.slice(start + 1))
}

function readCli(given: readonly string[]): StartRequest {
  if (given[0] !== '--log') return { kind: 'cli', given, logPath: null }
  const logPath = given[1]
  if (logPath === undefined || logPath === '' || logPath.startsWith('--')) {
    return refuse('--cli --log needs the name of a file, then the command')
  }
  return { kind: 'cli', given: given.slice(2), logPath }
}

function readWindowed(given: readonly string[]): StartRequest {
  const resultPath = findValue(given, '--self-test')
  if (resultPath === undefined) return { kind: 'window' }
  const picturePath = findValue(given, '--picture') ?? null
  if (resultPath !== '' && picturePath !== '') return { kind: 'self-test', resultPath, picturePath }
  return refuse('the self-test is asked for as --self-test=RESULT.json [--picture=FILE.png]')
}

/** Of `--name=value`; empty where the switch has no value. */
function findValue(given: readonly string[], name: string): string | undefined {
  const found = given.find((argument) => argument === name || argument.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}

function refuse(message: string): StartRequest {
  return { kind: 'refused', message }
}
