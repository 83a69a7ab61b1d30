import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'

import {
  startNodeProcess,
  startUtilityProcess,
  startWriterProcess,
  type UtilityProcessModule,
  type WriterProcessExit,
} from '../../../src-main/write/writer-process.ts'
import { expectError } from '../../helpers/expect-error.ts'

/** What Electron gives, without Electron. */
class FakeUtilityChild extends EventEmitter {
  readonly pid = 1
  readonly stderr = new PassThrough()
  readonly posted: unknown[] = []
  kills = 0
  postMessage(message: unknown): void {
    this.posted.push(message)
  }
  kill(): boolean {
    this.kills += 1
    return true
  }
}

function fakeElectron() {
  const child = new FakeUtilityChild()
  const forks: unknown[][] = []
  const utilityProcess: UtilityProcessModule = {
    fork: (...given) => {
      forks.push(given)
      return child
    },
  }
  return { child, forks, utilityProcess }
}

describe('the process of a queue writer', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it('is a utility process of Electron where it is told so', () => {
    const { child, forks, utilityProcess } = fakeElectron()
    const started = startWriterProcess(startUtilityProcess(utilityProcess))
    expect(forks).toEqual([
      [
        expect.stringMatching(/queue-writer-child\.[jt]s$/),
        [],
        { serviceName: 'Weir queue writer', stdio: ['ignore', 'ignore', 'pipe'] },
      ],
    ])
    const heard: unknown[] = []
    const exits: WriterProcessExit[] = []
    started.onMessage((message) => heard.push(message))
    started.onExit((exit) => exits.push(exit))
    started.post('one')
    child.emit('message', 'two')
    child.stderr.emit('data', Buffer.from('last words\n'))
    started.kill()
    child.emit('exit', 1)
    // Neither may touch a process of Electron that is gone.
    started.post('late')
    started.kill()
    expect([child.posted, heard, child.kills]).toEqual([['one'], ['two'], 1])
    expect(exits).toEqual([{ code: 1, reason: null, lastWords: 'last words' }])
  })

  it('is no child process of Node under Electron', () => {
    vi.stubGlobal('process', { versions: { ...process.versions, electron: '45.4.1' } })
    const error = expectError(() => startNodeProcess('/absent.js'), 'E_USAGE')
    expect(error.message).toContain('startUtilityProcess(utilityProcess)')
  })
})
