import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { MessageToProcess } from '../../../src-main/jobs/job-messages.ts'
import type { ProcessExit } from '../../../src-main/jobs/job-life.ts'
import { createProcessFork, type ElectronParts } from '../../../src-main/shell/fork-process.ts'

/** As much of a utility process as the adapter touches. */
class FakeUtilityProcess extends EventEmitter {
  readonly posted: unknown[] = []
  readonly stderr = new EventEmitter()
  readonly pid = undefined
  isKilled = false

  postMessage(message: unknown): void {
    this.posted.push(message)
  }

  kill(): boolean {
    this.isKilled = true
    return true
  }
}

function startFake() {
  const child = new FakeUtilityProcess()
  const app = new EventEmitter()
  const forked: { serviceName?: string; env?: object }[] = []
  const fork = (_path: string, _arguments: readonly string[], options: object) => {
    forked.push(options)
    return child
  }
  // The fakes stand for Electron's own classes, of which no more is used.
  const parts = { app, utilityProcess: { fork } } as unknown as ElectronParts
  const environment = { PATH: '/bin', NODE_OPTIONS: '--inspect', SECRET: 'x' }
  const start = createProcessFork<MessageToProcess>(parts, {
    name: 'Weir job',
    modulePath: '/a.js',
    workingFolder: '/',
    environment,
  })
  return { child, app, forked, process: start() }
}

test('a job process gets only what it needs of the environment', () => {
  expect(startFake().forked[0]?.env).toEqual({ PATH: '/bin' })
})

test('an exit is told once, with the reason that comes after it, and nothing is posted or killed from then on', async () => {
  const { child, app, forked, process } = startFake()
  child.stderr.emit('data', Buffer.from(`${'x'.repeat(10_000)}the last words\n`))
  const exits: ProcessExit[] = []
  const gone = new Promise<void>((resolve) => {
    process.onExit((exit) => {
      exits.push(exit)
      resolve()
    })
  })
  process.post({ kind: 'cancel' })
  child.emit('exit', 0)
  child.emit('exit', 0)
  app.emit('child-process-gone', {}, { name: forked[0]?.serviceName, reason: 'crashed' })
  process.post({ kind: 'stop' })
  process.kill()
  await gone
  expect(exits).toMatchObject([{ code: 0, reason: 'crashed' }])
  expect(exits[0]?.lastWords).toHaveLength(4095)
  expect(exits[0]?.lastWords).toMatch(/the last words$/)
  expect(child.posted).toEqual([{ kind: 'cancel' }])
  expect(child.isKilled).toBe(false)
  expect(app.listenerCount('child-process-gone')).toBe(0)
})
