import {
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Warning } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { composeNote, NOTE_OFFSET } from '../../../src-main/hdf5/unfinished-note.ts'
import { clearLeftover } from '../../../src-main/job-process/leftover.ts'
import {
  checkOutput,
  commitOutput,
  settleOutput,
  type OutputTarget,
} from '../../../src-main/job-process/output-target.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { failOperation, wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

const makePath = async (): Promise<string> => join(await makeTemporaryFolder(), 'out.rtdc')
const check = (path: string, overwrite = false, inputs: readonly string[] = []): Promise<OutputTarget> =>
  checkOutput({ path, overwrite, inputs }, nodeDisk)

/** What a process that has ended leaves of its task. */
async function leaveNote(path: string, task: string, changes: Record<string, unknown> = {}): Promise<void> {
  const text = new TextDecoder().decode(await composeNote(task)).replace('weir-writer ', '')
  const note = { ...(JSON.parse(text) as object), ...changes }
  const line = `weir-writer ${JSON.stringify(note)}\n`
  await writeFile(path, Buffer.concat([Buffer.alloc(NOTE_OFFSET), Buffer.from(line), Buffer.alloc(9000, 7)]))
}

const ENDED = { pid: 2 ** 22 + 1, birth: undefined } as const

/** Clears the way as a job does that begins; gives what it warned of. */
async function clear(path: string): Promise<readonly Warning[]> {
  const warnings: Warning[] = []
  const target = await check(path, true)
  await clearLeftover(target, { disk: nodeDisk, reportWarning: (one) => warnings.push(one) })
  return warnings
}

describe('a leftover, where overwriting is allowed', () => {
  test.each([
    ['of a recording', (path: string) => leaveNote(path, 'record', ENDED)],
    ['without a note, as a recording that was aborted', (path: string) => writeFile(path, 'events')],
    ['of a first version, which does not say what it is', (path: string) => leaveNote(path, '', ENDED)],
  ])('%s is moved aside to a free name and named', async (_, leave) => {
    const path = await makePath()
    await leave(`${path}~`)
    const content = await readFile(`${path}~`)
    await writeFile(`${path}~1`, 'an earlier one')
    expect(await clear(path)).toMatchObject([{ code: 'W_ASIDE', path: `${path}~2` }])
    expect((await readdir(dirname(path))).sort()).toEqual(['out.rtdc~1', 'out.rtdc~2'])
    expect(await readFile(`${path}~1`, 'utf8')).toBe('an earlier one')
    expect(await readFile(`${path}~2`)).toEqual(content)
  })

  test.each([
    ['of a rewrite', (path: string) => leaveNote(path, 'rewrite', ENDED)],
    ['of a basin file', (path: string) => leaveNote(path, 'basins', ENDED)],
    ['that is empty', (path: string) => writeFile(path, '')],
  ])('%s is removed: nobody can miss it', async (_, leave) => {
    const path = await makePath()
    await leave(`${path}~`)
    expect(await clear(path)).toEqual([])
    expect(await readdir(dirname(path))).toEqual([])
  })

  test('that is a second name of the output itself goes, the output stays', async () => {
    const path = await makePath()
    await writeFile(path, 'whole')
    await link(path, `${path}~`)
    expect(await clear(path)).toEqual([])
    expect(await readdir(dirname(path))).toEqual(['out.rtdc'])
    expect(await readFile(path, 'utf8')).toBe('whole')
  })

  test.each(['rewrite', 'record'])('of a living process is refused (%s)', async (task) => {
    const path = await makePath()
    await leaveNote(`${path}~`, task)
    const error = await expectRejection(check(path, true), 'E_EXISTS')
    expect(error.message).toContain(`is being written by process ${process.pid} on ${hostname()}`)
  })

  test('under the final name, as programs that use the library write, is refused while they do', async () => {
    const path = await makePath()
    await leaveNote(path, 'library')
    const error = await expectRejection(check(path, true), 'E_EXISTS')
    expect(error.message).toContain(`${path} is being written by process ${process.pid}`)
    await leaveNote(path, 'library', ENDED)
    expect((await check(path, true)).existing).toBeDefined()
  })

  test('of a process on another computer is refused, whether or not that number runs here', async () => {
    for (const pid of [process.pid, ENDED.pid]) {
      const path = await makePath()
      await leaveNote(`${path}~`, 'rewrite', { host: 'elsewhere', pid })
      const error = await expectRejection(check(path, true), 'E_EXISTS')
      expect(error.message).toContain('on elsewhere')
      expect(await readdir(dirname(path))).toEqual(['out.rtdc~'])
    }
  })

  test('that another program has begun to write since the check is refused and stays', async () => {
    const path = await makePath()
    await leaveNote(`${path}~`, 'rewrite', ENDED)
    const target = await check(path, true)
    await writeFile(`${path}~`, 'more', { flag: 'a' })
    const tools = { disk: nodeDisk, reportWarning: () => expect.fail('no warning is expected') }
    await expectRejection(clearLeftover(target, tools), 'E_EXISTS')
    expect(await readdir(dirname(path))).toEqual(['out.rtdc~'])
  })
})

test('a leftover is never touched without leave to overwrite', async () => {
  const path = await makePath()
  await leaveNote(`${path}~`, 'rewrite', ENDED)
  await expectRejection(check(path), 'E_EXISTS')
  expect(await readdir(dirname(path))).toEqual(['out.rtdc~'])
})

describe('an output that is an input is refused', () => {
  test('by its path, a link to it, a second name of it, a linked folder, and as a temporary name', async () => {
    const folder = await makeTemporaryFolder()
    const input = join(folder, 'in.rtdc')
    await writeFile(input, 'dear')
    await link(input, join(folder, 'hard.rtdc'))
    await symlink(input, join(folder, 'soft.rtdc'))
    await mkdir(join(folder, 'real'))
    await link(input, join(folder, 'real', 'tmp.rtdc~'))
    await symlink(folder, join(folder, 'way'))
    const outputs = ['in.rtdc', 'hard.rtdc', 'soft.rtdc', 'way/in.rtdc', 'real/../in.rtdc', 'real/tmp.rtdc']
    for (const output of outputs) {
      await expectRejection(check(join(folder, output), true, ['/nowhere', input]), 'E_SAME')
    }
    expect(await readFile(input, 'utf8')).toBe('dear')
  })
})

interface Written {
  readonly target: OutputTarget
  readonly path: string
  /** Commits as a job does. */
  readonly commit: (disk?: typeof nodeDisk) => Promise<void>
}

const OWN_TEXT = 'what the job wrote'

/** A temporary file that was written and is held, its target checked before. */
async function writeTemporary(overwrite: boolean, old?: string): Promise<Written> {
  const path = await makePath()
  if (old !== undefined) await writeFile(path, old)
  const target = await check(path, overwrite)
  await writeFile(target.temporaryPath, OWN_TEXT)
  const file = await nodeDisk.openForRead(target.temporaryPath)
  const commit = async (disk = nodeDisk): Promise<void> => {
    try {
      await commitOutput(target, { file, bytes: OWN_TEXT.length }, disk)
      await settleOutput(target, disk)
    } finally {
      await file.close()
    }
  }
  return { target, path, commit }
}

/** The same size, and even the same times. */
async function exchange(path: string): Promise<void> {
  const facts = await nodeDisk.lookAt(path)
  await writeFile(`${path}.other`, 'x'.repeat(facts?.bytes ?? 0))
  await utimes(`${path}.other`, new Date(), new Date(facts?.modifiedMs ?? 0))
  await rename(`${path}.other`, path)
}

describe('giving the output its name', () => {
  test.each([[false], [true]])('syncs the folder after the rename (overwrite: %s)', async (overwrite) => {
    const { path, commit } = await writeTemporary(overwrite, overwrite ? 'old' : undefined)
    const disk = wrapDisk(nodeDisk, {})
    await commit(disk)
    expect(await readFile(path, 'utf8')).toBe(OWN_TEXT)
    expect(await readdir(dirname(path))).toEqual(['out.rtdc'])
    const changes = disk.operations.filter(({ kind }) => kind === 'rename' || kind === 'sync-folder')
    expect(changes.map(({ kind, path: where }) => [kind, where])).toEqual([
      ['rename', `${path}~`],
      ['sync-folder', dirname(path)],
    ])
  })

  test('says that the file is there and whole when the folder cannot be synced', async () => {
    const { path, commit } = await writeTemporary(false)
    const error = await expectRejection(commit(wrapDisk(nodeDisk, failOperation(1, 'EIO', ['sync-folder']))))
    expect(error).toMatchObject({ code: 'E_IO', path })
    expect(error.message).toContain('is written and whole')
    expect(await readdir(dirname(path))).toEqual(['out.rtdc'])
  })

  test('refuses a temporary file that was exchanged for another of the same size and time', async () => {
    for (const overwrite of [false, true]) {
      const { path, commit } = await writeTemporary(overwrite, overwrite ? 'old' : undefined)
      await exchange(`${path}~`)
      await expectRejection(commit(), 'E_VERIFY')
      expect((await readdir(dirname(path))).sort()).toEqual(
        overwrite ? ['out.rtdc', 'out.rtdc~'] : ['out.rtdc~'],
      )
    }
  })

  test.each([
    ['removed', (path: string) => rm(path)],
    ['longer', (path: string) => writeFile(path, 'more', { flag: 'a' })],
    [
      'a link',
      async (path: string) => {
        await rename(path, `${path}.moved`)
        await symlink(`${path}.moved`, path)
      },
    ],
  ])('refuses a temporary file that is %s', async (_, change) => {
    const { path, commit } = await writeTemporary(false)
    await change(`${path}~`)
    await expectRejection(commit(), 'E_VERIFY')
    expect(await readdir(dirname(path))).not.toContain('out.rtdc')
  })

  test('notices an exchange in the moment of the rename', async () => {
    const { path, commit } = await writeTemporary(true, 'old')
    const disk = wrapDisk(nodeDisk, {
      hook: async ({ kind }) => {
        if (kind === 'rename')
          await writeFile(`${path}.other`, 'another one').then(() => rename(`${path}.other`, `${path}~`))
      },
    })
    await expectRejection(commit(disk), 'E_VERIFY')
  })

  test('replaces nothing that appeared since the check', async () => {
    for (const overwrite of [false, true]) {
      const { path, commit } = await writeTemporary(overwrite)
      await writeFile(path, 'somebody else')
      await expectRejection(commit(), 'E_EXISTS')
      expect(await readFile(path, 'utf8')).toBe('somebody else')
      expect(await readFile(`${path}~`, 'utf8')).toBe(OWN_TEXT)
    }
  })

  test('replaces nothing that appears between the last look and the rename', async () => {
    const { path, commit } = await writeTemporary(false)
    const disk = wrapDisk(nodeDisk, {
      hook: async ({ kind }) => {
        if (kind === 'rename') await writeFile(path, 'somebody else')
      },
    })
    await expectRejection(commit(disk), 'E_EXISTS')
    expect(await readFile(path, 'utf8')).toBe('somebody else')
  })

  test.each([
    ['exchanged for another', (path: string) => exchange(path).then(() => utimes(path, 1, 1))],
    ['exchanged for another of its size and time', exchange],
    [
      'changed in place',
      async (path: string) => {
        const file = await open(path, 'r+')
        await file.write('new', 0)
        await file.utimes(2, 2)
        await file.close()
      },
    ],
  ])('with leave to overwrite replaces only the file of the check: %s since, it stays', async (_, change) => {
    const { path, commit } = await writeTemporary(true, 'old')
    await change(path)
    const content = await readFile(path, 'utf8')
    await expectRejection(commit(), 'E_EXISTS')
    expect(await readFile(path, 'utf8')).toBe(content)
    expect(await readFile(`${path}~`, 'utf8')).toBe(OWN_TEXT)
  })

  test('takes the name also where the file that was to be replaced is gone', async () => {
    const { path, commit } = await writeTemporary(true, 'old')
    await rm(path)
    await commit()
    expect(await readdir(dirname(path))).toEqual(['out.rtdc'])
  })
})
