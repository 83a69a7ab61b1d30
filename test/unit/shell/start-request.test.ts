import { describe, expect, test } from 'vitest'
import { readStartRequest, type StartSituation } from '../../../src-main/shell/start-request.ts'

const shipping: StartSituation = { packKind: 'shipping', platform: 'linux' }

describe('a start', () => {
  test('without a word of ours wants the window', () => {
    const given = ['--ozone-platform=wayland', '/data/a.rtdc']
    expect(readStartRequest(given, shipping)).toEqual({ kind: 'window' })
  })

  test('with --cli gives the command line everything behind it, also what looks like ours', () => {
    const given = ['--no-sandbox', '--cli', 'rewrite', 'a.rtdc', '--cli', '--self-test=x']
    expect(readStartRequest(given, shipping)).toEqual({
      kind: 'cli',
      given: ['rewrite', 'a.rtdc', '--cli', '--self-test=x'],
      logPath: null,
    })
  })

  test('takes a log only directly behind --cli', () => {
    expect(readStartRequest(['--cli', '--log', 'log.txt', 'inspect', 'a.rtdc'], shipping)).toEqual({
      kind: 'cli',
      given: ['inspect', 'a.rtdc'],
      logPath: 'log.txt',
    })
    expect(readStartRequest(['--cli', 'inspect', '--log', 'log.txt'], shipping)).toMatchObject({
      given: ['inspect', '--log', 'log.txt'],
      logPath: null,
    })
  })

  test.each([[[]], [['']], [['--json']]])('refuses a log without a name: %j', (rest) => {
    expect(readStartRequest(['--cli', '--log', ...rest], shipping).kind).toBe('refused')
  })

  test('asks for the self-test with its files', () => {
    expect(readStartRequest(['--self-test=r.json'], shipping)).toEqual({
      kind: 'self-test',
      resultPath: 'r.json',
      picturePath: null,
    })
    expect(readStartRequest(['--self-test=a=b.json', '--picture=p.png'], shipping)).toEqual({
      kind: 'self-test',
      resultPath: 'a=b.json',
      picturePath: 'p.png',
    })
  })

  test.each([[['--self-test']], [['--self-test=']], [['--self-test=r.json', '--picture']]])(
    'refuses a self-test without the name of its file: %j',
    (given) => {
      expect(readStartRequest(given, shipping)).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('--self-test=RESULT.json'),
      })
    },
  )
})

describe('a debugging switch', () => {
  const switches = [
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--remote-allow-origins=*',
    '--inspect',
    '--inspect-brk=0',
    '--inspect-port=0',
    '--debug-port=1',
    '--js-flags=--expose-gc',
    '--JS-Flags=--expose-gc',
    ' --inspect',
    '-inspect',
    '--auto-open-devtools-for-tabs',
    '--disable-web-security',
    '--load-extension=/tmp/x',
    '--renderer-cmd-prefix=gdb',
    '--utility-startup-dialog',
  ]

  test.each(switches)('%s is refused by name in what is shipped, before and behind --cli', (given) => {
    const refusal = { kind: 'refused', message: expect.stringContaining(given) }
    expect(readStartRequest([given], shipping)).toMatchObject(refusal)
    expect(readStartRequest(['--cli', 'inspect', 'a.rtdc', given], shipping)).toMatchObject(refusal)
    expect(readStartRequest(['--self-test=r.json', given], shipping)).toMatchObject(refusal)
  })

  test.each(switches)('%s is let through in a test pack and in a checkout', (given) => {
    expect(readStartRequest([given], { ...shipping, packKind: 'test' }).kind).toBe('window')
    expect(readStartRequest([given], { ...shipping, packKind: 'checkout' }).kind).toBe('window')
  })

  test('begins with a slash on Windows only', () => {
    expect(readStartRequest(['/inspect'], { ...shipping, platform: 'win32' }).kind).toBe('refused')
    expect(readStartRequest(['/inspect'], shipping).kind).toBe('window')
  })

  test('is none behind a bare --, nor in the name of a file', () => {
    expect(readStartRequest(['--cli', 'inspect', '--', '--inspect'], shipping).kind).toBe('cli')
    expect(readStartRequest(['inspect', '/data/--inspect'], shipping).kind).toBe('window')
  })

  test('is not what only begins like one', () => {
    const given = ['--no-sandbox', '--disable-gpu', '--inspection', '--user-data-dir=/x']
    expect(readStartRequest(given, shipping).kind).toBe('window')
  })
})
