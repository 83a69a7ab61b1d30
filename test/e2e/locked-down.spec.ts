import { expect, listStartArguments, nameElectronProgram, test } from './launch-weir.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'

test('the page has no Node and exactly the contract', async ({ weir: { page } }) => {
  const found = await page.evaluate(() => ({
    types: ['require', 'process', 'module', 'Buffer', 'global'].map(
      (name) => typeof Reflect.get(globalThis, name),
    ),
    bridge: Object.keys(window.weir),
  }))
  expect(found.types).toEqual(['undefined', 'undefined', 'undefined', 'undefined', 'undefined'])
  expect(found.bridge).toEqual(['readAppInfo'])
})

test('every window runs with secure preferences', async ({ weir: { app } }) => {
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
})

test('the policy comes with every response, and inline script and eval fail', async ({
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
  // Provoked here; any other complaint still fails the test.
  complaints.splice(
    0,
    complaints.length,
    ...complaints.filter((text) => !/Content Security Policy|404/.test(text)),
  )
})

test('no address leads out of the page folder', async ({ weir: { app } }) => {
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

test('neither navigates nor opens windows', async ({ weir: { page, app } }) => {
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

test('grants no permission but the clipboard for writing', async ({ weir: { page } }) => {
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

test('reaches no network', async ({ weir: { app } }) => {
  const outcome = await app.evaluate(async ({ session }) => {
    // A loopback address: the request must be refused before anything is asked for.
    try {
      await session.defaultSession.fetch('http://127.0.0.1:9/')
      return 'answered'
    } catch (error) {
      return String(error)
    }
  })
  expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT')
})

test('answers nobody but its own page', async ({ weir: { app } }) => {
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
})

test('a second start brings the first window up instead', async ({ weir: { app }, userDataFolder }) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  const second = spawn(nameElectronProgram(), listStartArguments(userDataFolder), { stdio: 'ignore' })
  const [code] = (await once(second, 'exit')) as [number | null]
  expect(code).toBe(0)
  await expect
    .poll(() =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible())),
    )
    .toEqual([true])
})
