import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WeirBridge } from '../../src-preload/contract.ts'
import { expect, test } from './weir-test.ts'

/** The security checklist of docs/security.md, by its numbers: what the shell keeps away from the page. */

/** Every method of the contract; the type makes the list complete. */
const METHODS = Object.keys({
  readAppInfo: true,
  chooseFiles: true,
  chooseInputFolder: true,
  chooseOutputFolder: true,
  chooseBasinFile: true,
  chooseListFile: true,
  takeDropped: true,
  takeOpened: true,
  makeSample: true,
  describeFile: true,
  readLog: true,
  confirmBasinFolder: true,
  describeBasinPaths: true,
  confirmTypedFolder: true,
  checkRelink: true,
  findOutput: true,
  lookAtIndices: true,
  previewOutputs: true,
  readQueue: true,
  addRewrites: true,
  addRecording: true,
  addBasinFile: true,
  relinkBasins: true,
  changeJobs: true,
  lookAtOutputs: true,
  startJobs: true,
  holdJobs: true,
  cancelJobs: true,
  stopRecording: true,
  retryJob: true,
  removeJobs: true,
  moveJob: true,
  setJobsAtOnce: true,
  showInFolder: true,
  onEvent: true,
} satisfies Record<keyof WeirBridge, true>)

test('S3: the page has no Node and exactly the contract', async ({ weir: { page } }) => {
  const found = await page.evaluate(() => ({
    types: ['require', 'process', 'module', 'Buffer', 'global'].map(
      (name) => typeof Reflect.get(globalThis, name),
    ),
    bridge: Object.keys(window.weir),
  }))
  expect(found.types).toEqual(['undefined', 'undefined', 'undefined', 'undefined', 'undefined'])
  expect(found.bridge.sort()).toEqual(METHODS.sort())
})

test('S1, S2: every window runs with secure preferences', async ({ weir: { app } }) => {
  const all = await app.evaluate(({ BrowserWindow }) =>
    // getLastWebPreferences exists but is not in Electron's types.
    BrowserWindow.getAllWindows().map((window) =>
      (window.webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
    ),
  )
  expect(all).toHaveLength(1)
  expect(all[0]).toMatchObject({
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
  })
  // Electron leaves this one out where it is off.
  expect(all[0]).not.toHaveProperty('nodeIntegrationInWorker', true)
  expect(all[0]).toMatchObject({ enableBlinkFeatures: '' })
})

test('S4: the policy comes with every response, and inline script and eval fail', async ({
  weir: { page, complaints },
}) => {
  const found = await page.evaluate(async () => {
    const addresses = ['/index.html', '/absent.html', document.querySelector('script')?.src ?? '']
    const policies = await Promise.all(
      addresses.map(async (address) => (await fetch(address)).headers.get('content-security-policy')),
    )
    const script = document.createElement('script')
    script.textContent = 'window.wasInjected = true'
    document.head.append(script)
    let evaluation = 'ran'
    try {
      Reflect.apply(Reflect.get(globalThis, 'eval') as (text: string) => unknown, undefined, ['1'])
    } catch (error) {
      evaluation = error instanceof Error ? error.name : 'threw'
    }
    return { policies, wasInjected: Reflect.has(globalThis, 'wasInjected'), evaluation }
  })
  expect(new Set(found.policies).size).toBe(1)
  expect(found.policies[0]).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
  expect(found).toMatchObject({ wasInjected: false, evaluation: 'EvalError' })
  expect(complaints.join('\n')).toContain('Content Security Policy')
  forgiveComplaints(complaints, /Content Security Policy|404/)
})

test('S5: no address leads out of the page folder', async ({ weir: { app } }) => {
  const paths = [
    '/../../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/%2E%2E/main.js',
    '/..\\main.js',
    '/..%5cmain.js',
    '/assets/../../main.js',
    '/assets/..%2f..%2fmain.js',
    '/./../main.js',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/etc/passwd',
    '/index.html%00',
    '/index.html%00.js',
    '/assets',
    '/assets/',
    '/',
    '/.hidden',
    '/assets/.hidden.js',
    '/a/b/c.js',
  ]
  const others = ['app://other/index.html', 'app://x/../../etc/passwd', 'app://weir.evil/index.html']
  const addresses = [...paths.map((path) => `app://weir${path}`), ...others]
  const statuses = await app.evaluate(
    ({ net }, list) => Promise.all(list.map(async (address) => (await net.fetch(address)).status)),
    addresses,
  )
  expect(addresses.filter((_address, index) => statuses[index] !== 404)).toEqual([])
})

test('S6, S7: neither navigates nor opens windows', async ({ weir: { page, app } }) => {
  const address = page.url()
  const opened = await page.evaluate(() => window.open('https://example.org') === null)
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = 'https://example.org'
    document.body.append(link)
    link.click()
  })
  await page.evaluate(() => document.title)
  expect(opened).toBe(true)
  expect(page.url()).toBe(address)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('S8: grants no permission but the clipboard for writing', async ({ weir: { page } }) => {
  const names = [
    'geolocation',
    'notifications',
    'camera',
    'microphone',
    'midi',
    'persistent-storage',
    'clipboard-read',
    'storage-access',
    'idle-detection',
    'accelerometer',
    'background-sync',
    'screen-wake-lock',
    'window-management',
  ]
  const states = await page.evaluate(
    (list) =>
      Promise.all(
        list.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state),
      ),
    names,
  )
  expect(names.filter((_name, index) => states[index] !== 'denied')).toEqual([])
})

test('S13: nothing that page or main asks for reaches the network', async ({
  weir: { app, page, complaints },
}) => {
  const arrived: string[] = []
  // On loopback, so that a request that is let through arrives for certain.
  const server = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`)
    response.end()
  }).listen(0, '127.0.0.1')
  server.on('connection', () => arrived.push('connection'))
  const address = await new Promise<string>((resolve) =>
    server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)),
  )
  const outcomes = await page.evaluate(async (target) => {
    const image = new Image()
    const imageEnd = new Promise<string>((resolve) => {
      image.onload = () => resolve('answered')
      image.onerror = () => resolve('refused')
    })
    image.src = `${target}image`
    const socketEnd = new Promise<string>((resolve) => {
      const socket = new WebSocket(target.replace('http', 'ws'))
      socket.onopen = () => resolve('answered')
      socket.onerror = () => resolve('refused')
    })
    const fetchEnd = fetch(target).then(
      () => 'answered',
      () => 'refused',
    )
    navigator.sendBeacon(`${target}beacon`)
    return Promise.all([imageEnd, socketEnd, fetchEnd])
  }, address)
  const fromMain = await app.evaluate(async ({ session }, target) => {
    try {
      await session.defaultSession.fetch(target)
      return 'answered'
    } catch (error) {
      return String(error)
    }
  }, address)
  server.close()
  expect(outcomes).toEqual(['refused', 'refused', 'refused'])
  expect(fromMain).toContain('ERR_BLOCKED_BY_CLIENT')
  expect(arrived).toEqual([])
  forgiveComplaints(complaints, /Content Security Policy|ERR_BLOCKED|WebSocket/)
})

test('S9: answers nobody but its own page', async ({ weir: { app, complaints } }) => {
  const outcome = await app.evaluate(async ({ app: application, BrowserWindow }) => {
    const preload = `${application.getAppPath()}/out/preload/preload.cjs`
    const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
    await stranger.loadURL('data:text/html,<p>stranger</p>')
    const script = 'window.weir.readAppInfo().then((reply) => JSON.stringify(reply))'
    const answer: unknown = await stranger.webContents.executeJavaScript(script)
    stranger.destroy()
    return String(answer)
  })
  expect(outcome).toContain('"ok":false,"error":{"code":"E_REQUEST"')
  // The stranger's page has no policy, which Electron complains about.
  forgiveComplaints(complaints, /Electron Security Warning/)
})

test('S9: a frame inside the page gets no bridge, and one that has it is refused', async ({
  weir: { app, page },
}) => {
  const inPage = await page.evaluate(() => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const found = typeof Reflect.get(frame.contentWindow!, 'weir')
    frame.remove()
    return found
  })
  expect(inPage).toBe('undefined')
  const answer = await app.evaluate(async ({ app: application, BrowserWindow }) => {
    const preload = `${application.getAppPath()}/out/preload/preload.cjs`
    const webPreferences = {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegrationInSubFrames: true,
    }
    const other = new BrowserWindow({ show: false, webPreferences })
    // Frames do not navigate in this application; here one has to, to come to a bridge of its own.
    other.webContents.removeAllListeners('will-frame-navigate')
    await other.loadURL('app://weir/index.html')
    const script = `new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.onload = () => {
        const bridge = frame.contentWindow.weir
        resolve(bridge === undefined ? 'no bridge' : bridge.readAppInfo().then((reply) => JSON.stringify(reply)))
      }
      frame.srcdoc = '<p>frame</p>'
      document.body.append(frame)
    })`
    const text: unknown = await other.webContents.executeJavaScript(script)
    other.destroy()
    return String(text)
  })
  expect(answer).toContain('"ok":false,"error":{"code":"E_REQUEST"')
})

test('S10: tokens that main did not give out are refused, and files that a script made have no path', async ({
  weir: { page },
}) => {
  const found = await page.evaluate(async () => {
    const replies = [
      await window.weir.describeFile(crypto.randomUUID()),
      await window.weir.describeFile('/etc/passwd'),
      await window.weir.readLog(crypto.randomUUID(), 'log'),
      await window.weir.confirmBasinFolder(crypto.randomUUID(), '/etc'),
      await window.weir.showInFolder('/etc/passwd', 'input'),
    ]
    const dropped = await window.weir.takeDropped([new File(['x'], 'made.rtdc'), new File([], '/etc/passwd')])
    return { codes: replies.map((reply) => (reply.ok ? 'answered' : reply.error.code)), dropped }
  })
  expect(found.codes).not.toContain('answered')
  expect(found.codes[1]).toBe('E_REQUEST')
  expect(found.dropped).toMatchObject({ ok: true, value: { files: [] } })
})

/** Provoked by the test itself; any other complaint still fails it. */
function forgiveComplaints(complaints: string[], provoked: RegExp): void {
  const others = complaints.filter((text) => !provoked.test(text))
  complaints.splice(0, complaints.length, ...others)
}
