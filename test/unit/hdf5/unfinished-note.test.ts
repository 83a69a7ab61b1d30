import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { readProcessBirth } from '../../../src-main/hdf5/disk/process-birth.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import {
  askForWriter,
  composeNote,
  NOTE_OFFSET,
  readNote,
  type UnfinishedNote,
} from '../../../src-main/hdf5/unfinished-note.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

async function writeNoted(note: Uint8Array | string): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'x.rtdc~')
  await writeFile(path, Buffer.concat([Buffer.alloc(NOTE_OFFSET), Buffer.from(note), Buffer.alloc(5000)]))
  return path
}

async function ownNote(): Promise<UnfinishedNote> {
  const note = await readNote(await writeNoted(await composeNote('record')), nodeDisk)
  return note ?? expect.fail('the own note could not be read')
}

/** A process that waits until it is ended. */
async function startWaiting(): Promise<{ readonly pid: number; readonly end: () => Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const ended = once(child, 'exit')
  return {
    pid: child.pid ?? expect.fail('no process'),
    end: () => {
      child.kill('SIGKILL')
      return ended
    },
  }
}

describe('the writer of an unfinished file', () => {
  test('is this process by its own note', async () => {
    const note = await ownNote()
    expect(note).toMatchObject({ host: hostname(), pid: process.pid, task: 'record' })
    expect(await askForWriter(note)).toBe('alive')
  })

  test('is gone when its process has ended', async () => {
    const { pid, end } = await startWaiting()
    const note = { ...(await ownNote()), pid, birth: await readProcessBirth(pid) }
    expect(await askForWriter(note)).toBe('alive')
    await end()
    expect(await askForWriter(note)).toBe('gone')
  })

  test.runIf(process.platform === 'linux')('is not a later process that was given its number', async () => {
    const note = await ownNote()
    const birth = note.birth ?? expect.fail('Linux tells the birth of a process')
    expect(await askForWriter({ ...note, birth: { ...birth, ticks: '1' } })).toBe('gone')
    const { pid } = await startWaiting()
    expect(await askForWriter({ ...note, pid })).toBe('gone')
    expect(await askForWriter({ ...note, birth: { ...birth, boot: 'an earlier one' } })).toBe('gone')
  })

  test.runIf(process.platform === 'linux')('in another container cannot be asked', async () => {
    const note = await ownNote()
    const birth = note.birth ?? expect.fail('Linux tells the birth of a process')
    expect(await askForWriter({ ...note, birth: { ...birth, space: 'pid:[1]' } })).toBe('unknown')
  })

  test('on another computer cannot be asked, also if a process here has its number', async () => {
    expect(await askForWriter({ ...(await ownNote()), host: 'elsewhere' })).toBe('unknown')
    expect(await askForWriter({ ...(await ownNote()), host: 'elsewhere', birth: undefined })).toBe('unknown')
  })

  test('without a birth in its note is judged by its number and by when this computer started', async () => {
    const { host, pid, startedAt } = await ownNote()
    const { pid: other, end } = await startWaiting()
    expect(await askForWriter({ host, pid, startedAt })).toBe('alive')
    expect(await askForWriter({ host, pid: other, startedAt })).toBe('alive')
    expect(await askForWriter({ host, pid: other, startedAt: '2001-01-01T00:00:00.000Z' })).toBe('gone')
    await end()
    expect(await askForWriter({ host, pid: other, startedAt })).toBe('gone')
  })
})

describe('an unfinished file', () => {
  test('is called one, with who writes it', async () => {
    const living = await writeNoted(await composeNote('rewrite'))
    const error = await expectRejection(FileReader.open(nodeDisk, living), 'E_UNFINISHED')
    expect(error.message).toContain(`process ${process.pid} on ${hostname()}`)
    expect(error.message).toContain('still writes it')
    const past = new TextDecoder().decode(await composeNote('record')).replace(hostname(), 'elsewhere')
    const left = await expectRejection(FileReader.open(nodeDisk, await writeNoted(past)), 'E_UNFINISHED')
    expect(left.message).toMatch(/task record that Weir had not finished \(process \d+ on elsewhere/)
    expect(left.message).toMatch(/keep it and record under another name$/)
    const job = new TextDecoder().decode(await composeNote('rewrite')).replace(hostname(), 'elsewhere')
    const begun = await expectRejection(FileReader.open(nodeDisk, await writeNoted(job)), 'E_UNFINISHED')
    expect(begun.message).toMatch(/start the job again$/)
  })

  test.each([
    ['nothing', ''],
    ['a note cut off', 'weir-writer {"host":"a","pid":1,"star'],
    ['no object', 'weir-writer 7\n'],
    [
      'a number that is no process',
      'weir-writer {"host":"a","pid":-1,"startedAt":"2026-01-01T00:00:00.000Z"}\n',
    ],
    ['signs for the terminal', `weir-writer {"host":"\\u001b[2J","pid":1,"startedAt":"2026-01-01"}\n`],
  ])('is not named by %s', async (_name, text) => {
    const path = await writeNoted(text)
    expect(await readNote(path, nodeDisk)).toBeUndefined()
    await expectRejection(FileReader.open(nodeDisk, path), 'E_MAGIC')
  })
})
