import { existsSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'

import { parseLines, runWeir, startWeir } from './run-weir.ts'
import { withSample } from './with-sample.ts'

const it = withSample(20)

describe('a reader that goes away', () => {
  it.for(['stdout', 'stderr'] as const)('of %s does not harm the job', async (name, { sample, folder }) => {
    const weir = startWeir(['rewrite', sample, '--out', join(folder, 'out.rtdc'), '--json'])
    weir.process[name]?.destroy()
    expect((await weir.ended).code).toBe(0)
    expect(await readdir(folder)).toEqual(['out.rtdc'])
  })

  it('does not change the exit code of a refused job', async ({ sample }) => {
    const weir = startWeir(['rewrite', sample, '--out', sample, '--json'])
    weir.process.stdout?.destroy()
    weir.process.stderr?.destroy()
    expect((await weir.ended).code).toBe(2)
  })
})

describe('a reader that is slow', () => {
  it('gets everything to the last byte', async ({ folder }) => {
    const missing = Array.from({ length: 3000 }, (_, index) => join(folder, `missing-${index}.rtdc`))
    const weir = startWeir(['verify', ...missing, '--json'])
    weir.process.stdout?.pause()
    const exited = new Promise((resolve) => weir.process.once('exit', resolve))
    // More than any pipe holds is waiting, so the program cannot have ended yet.
    expect(weir.process.exitCode).toBeNull()
    weir.process.stdout?.resume()
    await exited
    const end = await weir.ended
    expect(end.code).toBe(2)
    expect(end.stdout.length).toBeGreaterThan(500_000)
    expect(parseLines(end)).toHaveLength(3000)
  })
})

describe('standard streams that are closed or discarded', () => {
  it('are no trouble', async ({ sample, folder }) => {
    const output = join(folder, 'out.rtdc')
    const end = await runWeir(['rewrite', sample, '--out', output], { stdout: 'ignore', stderr: 'ignore' })
    expect(end.code).toBe(0)
    expect(await readdir(folder)).toEqual(['out.rtdc'])
  })
})

describe.skipIf(!existsSync('/dev/full'))('standard output on a full disk', () => {
  it('is told on standard error, with exit 1: the results are lost', async ({ sample }) => {
    const full = await open('/dev/full', 'w')
    try {
      const end = await runWeir(['inspect', sample, '--json'], { stdout: full.fd })
      expect(end.code).toBe(1)
      expect(end.stderr).toMatch(
        /^weir: error: standard output could not be written[^\n]*ENOSPC[^\n]* \(E_IO\)\n$/,
      )
    } finally {
      await full.close()
    }
  })
})
