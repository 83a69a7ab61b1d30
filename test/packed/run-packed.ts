import { spawn } from 'node:child_process'

/** A program that does not end must fail its test, not hang it. */
const LIMIT_MS = 200_000

/** What is shipped, as scripts/test-steps.mjs packed it. */
export function nameShippingPack(): string {
  const program = process.env['WEIR_SHIPPING_PACK']
  if (program === undefined) throw new Error('WEIR_SHIPPING_PACK is not set: run npm test -- pack')
  return program
}

/** Chromium does not start its sandbox for root. */
const ROOT_SWITCHES = process.getuid?.() === 0 ? ['--no-sandbox'] : []

const DISPLAY_VARIABLES = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY']

export interface PackedOptions {
  readonly cwd: string
  /** Where settings would go. */
  readonly home: string
  readonly hasDisplay: boolean
  readonly variables?: Readonly<Record<string, string>>
}

export interface PackedEnd {
  /** null: killed by a signal. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the shipping pack to its end. */
export function runPacked(given: readonly string[], options: PackedOptions): Promise<PackedEnd> {
  const child = spawn(nameShippingPack(), [...ROOT_SWITCHES, ...given], {
    cwd: options.cwd,
    env: composeEnvironment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (end.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (end.stderr += text))
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(limit)
      resolve({ code, ...end })
    })
  })
}

function composeEnvironment({ home, hasDisplay, variables }: PackedOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('XDG_') && (hasDisplay || !DISPLAY_VARIABLES.includes(name)),
  )
  return { ...Object.fromEntries(kept), HOME: home, ...variables }
}
