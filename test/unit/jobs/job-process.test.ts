import { once } from 'node:events'
import { access, readdir } from 'node:fs/promises'
import { constants, getPriority } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { findParentPort } from '../../../src-main/write/parent-port.ts'
import { advance, WAITING } from '../../../src-main/jobs/job-life.ts'
import { readMessageFromProcess, type MessageFromProcess } from '../../../src-main/jobs/job-messages.ts'
import { inspectFile } from '../../../src-main/read/inspect-file.ts'
import { expectError } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { forkNode, own } from './fork-node-process.ts'
import { makeRecording, makeRewrite } from './job-samples.ts'

const entry = '../../../src-main/job-process/job-process.ts'
const endless = { frames: 3000, rate: 50 }

function ownReal(output: string, simulated = { frames: 20, rate: null as number | null }) {
  const forked = forkNode(entry)
  return { ...forked, ...own(makeRecording(output, simulated), () => forked.process) }
}

async function readEnd(forked: ReturnType<typeof forkNode>): Promise<MessageFromProcess> {
  const [value] = (await once(forked.child, 'message')) as [unknown]
  return readMessageFromProcess(value)
}

describe('the real process of a job', () => {
  test('does its job, signs off, and leaves when that was heard', async () => {
    const output = join(await makeTemporaryFolder(), 'out.rtdc')
    const { owner, events, child } = ownReal(output)
    await owner.gone
    const life = events.reduce(advance, advance(WAITING, { kind: 'start' }))
    expect(life).toMatchObject({ state: 'done', checked: { output } })
    const phases = events.flatMap((event) =>
      event.kind === 'message' && event.message.kind === 'progress' ? [event.message.progress.phase] : [],
    )
    expect([...new Set(phases)]).toEqual(['check', 'record', 'metadata', 'verify', 'commit'])
    expect(child.exitCode).toBe(0)
    expect((await inspectFile(nodeDisk, output)).path).toBe(output)
  })

  test('works with lowered priority', async () => {
    const { owner, waitFor, child } = ownReal(join(await makeTemporaryFolder(), 'out.rtdc'), endless)
    await waitFor('progress')
    expect(getPriority(child.pid)).toBe(constants.priority.PRIORITY_BELOW_NORMAL)
    owner.kill()
    await owner.gone
  })

  test('that is killed leaves nothing under the name of the output, and the job is interrupted', async () => {
    const folder = await makeTemporaryFolder()
    const { owner, events, waitFor, child } = ownReal(join(folder, 'out.rtdc'), endless)
    await waitFor('progress')
    child.kill('SIGKILL')
    await owner.gone
    expect(events.at(-1)).toMatchObject({ kind: 'exited' })
    expect(events.reduce(advance, advance(WAITING, { kind: 'start' }))).toMatchObject({
      error: { code: 'E_GONE' },
    })
    expect(await readdir(folder)).not.toContain('out.rtdc')
  })

  test('ends a stopped recording in good order', async () => {
    const output = join(await makeTemporaryFolder(), 'out.rtdc')
    const { owner, events, waitFor } = ownReal(output, endless)
    await waitFor('progress')
    owner.stop()
    await owner.gone
    expect(events.at(-2)).toMatchObject({ message: { kind: 'done', figures: { output } } })
    await access(output)
  })

  test('says that it was cancelled', async () => {
    const folder = await makeTemporaryFolder()
    const { owner, events, waitFor } = ownReal(join(folder, 'out.rtdc'), endless)
    await waitFor('progress')
    owner.cancel()
    await owner.gone
    expect(events.at(-2)).toMatchObject({ message: { kind: 'cancelled', error: { code: 'E_CANCELLED' } } })
    expect(await readdir(folder)).not.toContain('out.rtdc')
  })

  test('aborts and ends itself when its parent goes away', async () => {
    const folder = await makeTemporaryFolder()
    const { waitFor, child } = ownReal(join(folder, 'out.rtdc'), endless)
    await waitFor('progress')
    // Node tells no `close` of a child that was disconnected from here.
    const exit = once(child, 'exit')
    child.disconnect()
    await exit
    expect([child.exitCode, child.signalCode]).toEqual([0, null])
    expect(await readdir(folder)).not.toContain('out.rtdc')
  })

  test('fails with the reason why a job is refused', async () => {
    const { events, owner } = (() => {
      const forked = forkNode(entry)
      return own(makeRewrite('/nowhere/out.rtdc'), () => forked.process)
    })()
    await owner.gone
    expect(events[0]).toMatchObject({ message: { kind: 'failed', error: { code: 'E_MISSING' } } })
  })

  test('fails when it is told what is no message', async () => {
    const forked = forkNode(entry)
    forked.child.send({ kind: 'start', job: { task: 'format-disk' } })
    expect(await readEnd(forked)).toMatchObject({ kind: 'failed', error: { code: 'E_MESSAGE' } })
  })

  test('takes only one job, and fails when it is given a second', async () => {
    const folder = await makeTemporaryFolder()
    const { process, waitFor, owner, events } = ownReal(join(folder, 'out.rtdc'), endless)
    await waitFor('progress')
    process.post({ kind: 'start', job: makeRewrite() })
    await owner.gone
    expect(events.at(-2)).toMatchObject({ message: { kind: 'failed', error: { code: 'E_INTERNAL' } } })
  })

  test('cannot be started by hand', () => {
    const alone = { ppid: 1, connected: false, on: () => process }
    expectError(() => findParentPort(alone), 'E_USAGE')
  })
})
