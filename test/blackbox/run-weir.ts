import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The built program; another build of it can be put to the test with WEIR_PROGRAM. */
const PROGRAM = process.env['WEIR_PROGRAM'] ?? fileURLToPath(new URL('../../out/weir.js', import.meta.url))

/** Or a packed application, which runs the command line too. */
const PACKED = process.env['WEIR_PACKED_PROGRAM']

/** Chromium does not start its sandbox for root. */
const ROOT_SWITCHES = process.getuid?.() === 0 ? ['--no-sandbox'] : []

const EXECUTABLE = PACKED ?? process.execPath
const LEADING = PACKED === undefined ? [PROGRAM] : [...ROOT_SWITCHES, '--cli']

/** A program that blocks must fail its test, not hang it. */
const LIMIT_MS = 120_000

export interface WeirOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly uid?: number
  /** Where its standard output and standard error go; pipes that are read if left out. */
  readonly stdout?: 'ignore' | number
  readonly stderr?: 'ignore'
}

export interface JsonLine {
  readonly type: string
  readonly [key: string]: unknown
}

export interface WeirEnd {
  /** null: killed by a signal. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A running `weir`, with what it has said so far. */
export class RunningWeir {
  readonly process: ChildProcess
  readonly ended: Promise<WeirEnd>
  #stdout = ''
  #stderr = ''

  constructor(given: readonly string[], options: WeirOptions) {
    this.process = spawn(EXECUTABLE, [...LEADING, ...given], {
      cwd: options.cwd ?? tmpdir(),
      env: { ...withoutNpm(process.env), ...options.env },
      stdio: ['ignore', options.stdout ?? 'pipe', options.stderr ?? 'pipe'],
      ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
    })
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text))
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text))
    const limit = setTimeout(() => this.process.kill('SIGKILL'), LIMIT_MS)
    this.ended = new Promise((resolve, reject) => {
      this.process.once('error', reject)
      this.process.once('close', (code) => {
        clearTimeout(limit)
        resolve({ code, stdout: this.#stdout, stderr: withoutChromium(this.#stderr) })
      })
    })
  }

  get stdout(): string {
    return this.#stdout
  }

  /** Resolves when standard output matches; rejects if the program ends without it. */
  async seeOutput(pattern: RegExp): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const look = () => {
        if (!pattern.test(this.#stdout)) return
        this.process.stdout?.off('data', look)
        resolve()
      }
      this.process.stdout?.on('data', look)
      look()
    })
    const gone = this.ended.then(({ stderr }) => {
      if (!pattern.test(this.#stdout))
        throw new Error(`ended without ${pattern.source}: ${this.#stdout}${stderr}`)
    })
    await Promise.race([seen, gone])
  }
}

/** What Chromium itself has to say where there is no desktop bus; `[pid:time:ERROR:source.cc(line)] message`. */
function withoutChromium(stderr: string): string {
  return PACKED === undefined ? stderr : stderr.replaceAll(/^\[\d+:\d+\/[\d.]+:[A-Z]+:.*\n/gm, '')
}

/** npm's variables would make the program think that npm had started it. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name)))
}

export function startWeir(given: readonly string[], options: WeirOptions = {}): RunningWeir {
  return new RunningWeir(given, options)
}

export function runWeir(given: readonly string[], options: WeirOptions = {}): Promise<WeirEnd> {
  return startWeir(given, options).ended
}

/** Standard output as JSON lines; throws if a line is none. */
export function parseLines({ stdout }: Pick<WeirEnd, 'stdout'>): JsonLine[] {
  const lines = stdout.split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  return lines.map((line) => JSON.parse(line) as JsonLine)
}

export function listResults(end: WeirEnd): JsonLine[] {
  return parseLines(end).filter(({ type }) => type === 'result')
}

/** Status and error code of each result, as `done` or `refused E_SAME`. */
export function listEnds(end: WeirEnd): string[] {
  return listResults(end).map(({ status, error }) => {
    const code = (error as { readonly code: string } | null)?.code
    return code === undefined ? String(status) : `${String(status)} ${code}`
  })
}

export async function makeFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'weir-blackbox-')))
}

export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true })
}

/** Records a simulated measurement, the input of most tests. */
export async function recordSample(path: string, frameCount: number): Promise<void> {
  const end = await runWeir(['record', '--out', path, '--simulate', String(frameCount), '--verify', 'none'])
  if (end.code !== 0) throw new Error(`no sample: ${end.stderr}`)
}
