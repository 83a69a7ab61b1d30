import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const projectFolder = fileURLToPath(new URL('../../..', import.meta.url))
const sharedFolder = process.env['WEIR_SHARED'] ?? join(dirname(projectFolder), 'shared')
const readContents = fileURLToPath(new URL('contents.mjs', import.meta.url))
const weirProgram = join(projectFolder, 'out', 'weir.js')

/** Python with h5py, as the interop checks make it, and a judge that is no part of this project. */
const otherJudge = {
  python: join(projectFolder, '.cache', 'interop-venv', 'bin', 'python'),
  script: join(sharedFolder, 'tools', 'same.py'),
}

/** A digest of every dataset and attribute, by path, as HDF5 itself reads the file. */
export type Contents = Readonly<Record<string, string>>

export async function listContents(path: string): Promise<Contents> {
  const { stdout } = await run(process.execPath, [readContents, path], { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout) as Contents
}

/** What may differ: the attribute that names the writing software, and what is computed of a feature's values. */
const MAY_DIFFER = /@setup:software version$|^\/(logs|tables)\/[^/]*@software$|@(min|max|mean)$/

/** What of `source` is missing in `output` or has another value; empty: all is there. */
export async function listDifferences(source: string, output: string): Promise<string[]> {
  const [before, after] = await Promise.all([listContents(source), listContents(output)])
  return Object.keys(before).filter((path) => {
    const isEmptyLeftOut = before[path] === 'empty' && after[path] === undefined
    return !MAY_DIFFER.test(path) && !isEmptyLeftOut && before[path] !== after[path]
  })
}

/** Findings of `weir verify` that mean damage or break the format. */
export async function listFindings(path: string): Promise<string[]> {
  const { stdout } = await run(process.execPath, [weirProgram, 'verify', path, '--json']).catch(
    // It ends with 1 where it has found something, and says what all the same.
    (error: unknown) => error as { readonly stdout: string },
  )
  const lines = stdout.split('\n').filter((line) => line !== '')
  const results = lines.map(
    (line) => JSON.parse(line) as { readonly type: string; readonly findings?: unknown },
  )
  const findings = results.filter(({ type }) => type === 'result').flatMap(({ findings: list }) => list ?? [])
  return (findings as { readonly level: string; readonly code: string }[])
    .filter(({ level }) => level === 'damage' || level === 'violation')
    .map(({ level, code }) => `${level} ${code}`)
}

/** Findings of the output that its source does not have: real measurements lack one thing or another. */
export async function listNewFindings(source: string, output: string): Promise<string[]> {
  const [before, after] = await Promise.all([listFindings(source), listFindings(output)])
  return after.filter((finding) => !before.includes(finding))
}

/** Is the judge of another project at hand? On CI it has to be. */
export function hasOtherJudge(): boolean {
  const isThere = existsSync(otherJudge.python) && existsSync(otherJudge.script)
  if (!isThere && process.env['CI'] !== undefined) {
    throw new Error(`${otherJudge.python} and ${otherJudge.script} have to be there on CI`)
  }
  return isThere
}

/** What same.py says of the two files; empty: everything of the first is in the second. */
export async function askOtherJudge(source: string, output: string): Promise<string> {
  try {
    await run(otherJudge.python, [otherJudge.script, source, output])
    return ''
  } catch (error) {
    return (error as { readonly stdout: string }).stdout || String(error)
  }
}
