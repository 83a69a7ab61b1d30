import { fork, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll } from 'vitest'

import { wrapNodeProcess, type StartProcess } from '../../../src-main/write/writer-process.ts'

const projectFolder = fileURLToPath(new URL('../../..', import.meta.url))

export interface ChildPrograms {
  /** Starts the process of a queue writer; its disk is full at that write, counted from 1. */
  start(failingWrite?: number): StartProcess
  /** All that were started, oldest first. */
  readonly children: readonly ChildProcess[]
}

/**
 * Programs of the process of a queue writer, bundled once for all tests of a file: from sources each start takes seconds.
 * They lie in the project, so that they find its packages.
 */
export function bundleChildPrograms(): ChildPrograms {
  const children: ChildProcess[] = []
  let folder = ''
  beforeAll(async () => {
    await mkdir(join(projectFolder, '.cache'), { recursive: true })
    folder = await mkdtemp(join(projectFolder, '.cache', 'writer-process-'))
    await build({
      absWorkingDir: projectFolder,
      entryPoints: ['test/unit/write/full-disk-writer-child.ts', 'src-main/hdf5/filters/filter-worker.ts'],
      entryNames: '[name]',
      outdir: folder,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const start = (failingWrite?: number) => () => {
    const child = fork(join(folder, 'full-disk-writer-child.js'), [String(failingWrite ?? '')], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    children.push(child)
    return wrapNodeProcess(child)
  }
  return { start, children }
}
