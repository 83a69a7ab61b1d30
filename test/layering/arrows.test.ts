import { createRequire } from 'node:module'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type IConfiguration } from 'dependency-cruiser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const projectFolder = fileURLToPath(new URL('../..', import.meta.url))
// The configuration is CommonJS because dependency-cruiser's own command line reads it too.
const configuration = createRequire(import.meta.url)(
  join(projectFolder, '.dependency-cruiser.cjs'),
) as IConfiguration

interface Violation {
  readonly rule: string
  readonly from: string
  readonly to: string
}

/** Imports that must be reported: file, what it imports, the rule that says so. */
const forbidden: readonly (readonly [from: string, to: string, rule: string])[] = [
  ['src-main/hdf5/a.ts', 'src-main/read/a.ts', 'hdf5-imports-only-what-is-below'],
  ['src-main/hdf5/a.ts', 'src-main/jobs/job-schema.ts', 'hdf5-imports-only-what-is-below'],
  ['src-main/read/a.ts', 'src-main/write/a.ts', 'read-imports-only-what-is-below'],
  ['src-main/write/a.ts', 'src-main/job-process/a.ts', 'write-imports-only-what-is-below'],
  ['src-main/job-process/a.ts', 'src-main/cli/a.ts', 'job-process-imports-only-what-is-below'],
  ['src-main/job-process/a.ts', 'src-main/jobs/queue.ts', 'job-process-imports-only-what-is-below'],
  ['src-main/cli/a.ts', 'src-main/write/a.ts', 'cli-imports-only-what-is-below'],
  ['src-main/cli/a.ts', 'src-main/hdf5/a.ts', 'cli-imports-only-what-is-below'],
  ['src-main/jobs/a.ts', 'src-main/job-process/a.ts', 'jobs-imports-only-what-is-below'],
  ['src-main/jobs/b.ts', 'electron', 'no-electron-below-the-bridge'],
  ['src-main/jobs/b.ts', 'node:fs', 'files-only-through-the-port'],
  ['src-main/bridge/a.ts', 'src-main/read/a.ts', 'bridge-imports-only-what-is-below'],
  ['src-main/shell/a.ts', 'src-main/hdf5/a.ts', 'shell-imports-only-what-is-below'],
  ['src-main/read/b.ts', 'electron', 'no-electron-below-the-bridge'],
  ['src-main/cli/b.ts', 'electron', 'no-electron-below-the-bridge'],
  ['src-main/write/b.ts', 'node:fs', 'files-only-through-the-port'],
  ['src-main/job-process/b.ts', 'fs/promises', 'files-only-through-the-port'],
  ['src-main/read/c.ts', 'h5wasm', 'h5wasm-in-its-room-only'],
  ['src-preload/contract.ts', 'src-main/errors.ts', 'contract-imports-only-schemas'],
  ['src-preload/preload.ts', 'src-main/errors.ts', 'preload-imports-only-the-contract'],
  ['src-renderer/a.ts', 'src-main/errors.ts', 'renderer-knows-only-the-contract'],
  ['src-renderer/a.ts', 'node:path', 'renderer-has-no-node'],
  ['src-renderer/ui/a.ts', 'src-renderer/bridge.ts', 'ui-without-store-or-bridge'],
  ['src-main/read/d.ts', 'test/a.ts', 'program-imports-no-test-or-script'],
  ['src-main/read/d.ts', 'src-main/read/e.ts', 'no-cycles'],
  ['src-main/read/f.ts', 'src-main/read/absent.ts', 'nothing-unresolved'],
]

/** Imports that must pass, so that the rules above do not simply refuse everything. */
const allowed: readonly (readonly [from: string, to: string])[] = [
  ['src-main/hdf5/disk/a.ts', 'node:fs'],
  ['src-main/hdf5/h5wasm/a.ts', 'h5wasm'],
  ['src-main/hdf5/g.ts', 'src-main/errors.ts'],
  ['src-main/read/g.ts', 'src-main/hdf5/g.ts'],
  ['src-main/write/g.ts', 'src-main/read/g.ts'],
  ['src-main/job-process/g.ts', 'src-main/write/g.ts'],
  ['src-main/job-process/g.ts', 'src-main/jobs/job-schema.ts'],
  ['src-main/job-process/g.ts', 'src-main/jobs/job-messages.ts'],
  ['src-main/job-process/g.ts', 'src-main/jobs/job-report.ts'],
  ['src-main/cli/g.ts', 'src-main/job-process/g.ts'],
  ['src-main/bridge/g.ts', 'src-preload/contract.ts'],
  ['src-main/shell/g.ts', 'electron'],
  ['src-renderer/g.ts', 'src-preload/contract.ts'],
]

/** Files that the planted ones import. */
const bystanders = [
  'src-main/errors.ts',
  'src-main/jobs/job-schema.ts',
  'src-main/jobs/queue.ts',
  'src-renderer/bridge.ts',
  'test/a.ts',
]

async function findViolations(folder: string): Promise<Violation[]> {
  const { output } = await cruise(['src-main', 'src-preload', 'src-renderer'], {
    ...configuration.options,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: configuration.forbidden ?? [] },
  })
  if (typeof output === 'string') throw new Error(`dependency-cruiser gave text: ${output}`)
  return output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }))
}

/** A small tree with every planted import, each file with an export so that all are modules. */
async function plantTree(folder: string): Promise<void> {
  const imports = new Map<string, string[]>(bystanders.map((path) => [path, []]))
  for (const [from, to] of [...forbidden, ...allowed]) {
    imports.set(from, [...(imports.get(from) ?? []), to])
    if (isOurs(to) && !to.includes('absent') && !imports.has(to)) imports.set(to, [])
  }
  imports.set('src-main/read/e.ts', ['src-main/read/d.ts'])
  for (const [path, targets] of imports) {
    const climb = '../'.repeat(path.split('/').length - 1)
    const lines = targets.map((target) => `import '${isOurs(target) ? climb + target : target}'`)
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), [...lines, 'export const planted = 1', ''].join('\n'))
  }
  for (const name of ['electron', 'h5wasm']) await plantPackage(folder, name)
}

async function plantPackage(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, 'node_modules', name), { recursive: true })
  await writeFile(
    join(folder, 'node_modules', name, 'package.json'),
    JSON.stringify({ name, main: 'index.js' }),
  )
  await writeFile(join(folder, 'node_modules', name, 'index.js'), '')
}

function isOurs(target: string): boolean {
  return /^(src-|test\/)/.test(target)
}

describe('the arrows between the rooms', () => {
  let folder = ''
  let planted: readonly Violation[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-arrows-'))
    await plantTree(folder)
    await writeFile(join(folder, 'tsconfig.base.json'), '{}')
    planted = await findViolations(folder)
  }, 120_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each(forbidden)('%s must not import %s (%s)', (from, to, rule) => {
    const target = to.replace(/^node:/, '')
    const found = planted.filter((violation) => violation.rule === rule && violation.from === from)
    expect(found.map((violation) => violation.to)).toContainEqual(expect.stringContaining(target))
  })

  test.each(allowed)('%s may import %s', (from, to) => {
    const found = planted.filter(
      (violation) => violation.from === from && violation.to.includes(to.replace(/^node:/, '')),
    )
    expect(found).toEqual([])
  })

  test('every rule has an import that breaks it', () => {
    const rules = (configuration.forbidden ?? []).map((rule) => rule.name)
    expect(new Set(forbidden.map(([, , rule]) => rule))).toEqual(new Set(rules))
  })

  test('the sources keep to them', async () => {
    expect(await findViolations(projectFolder)).toEqual([])
  }, 120_000)
})
