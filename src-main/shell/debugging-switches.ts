/** Switches that let another program look into the window, run code in it, or take its walls down. */
const REFUSED = [
  /^remote-debugging-/,
  /^remote-allow-origins$/,
  /^(inspect|debug)(-|$)/,
  /^js-flags$/,
  /^auto-open-devtools-for-tabs$/,
  /^(load-extension|disable-extensions-except)$/,
  /^(disable-web-security|disable-site-isolation-trials|single-process|allow-running-insecure-content)$/,
  /^(enable-blink-features|enable-experimental-web-platform-features)$/,
  /^(renderer|utility|gpu|zygote)-(cmd-prefix|launcher|startup-dialog)$/,
]

/**
 * The first argument that Chromium or Node would take for a debugging switch. As Chromium reads them: also with one dash, in any case
 * of letters, on Windows with a slash, and none after a bare `--`.
 */
export function findDebuggingSwitch(given: readonly string[], platform: NodeJS.Platform): string | undefined {
  const end = given.indexOf('--')
  const switches = end === -1 ? given : given.slice(0, end)
  const prefix = platform === 'win32' ? /^(?:--?|\/)/ : /^--?/
  return switches.find((argument) => {
    const word = argument.trim()
    if (!prefix.test(word)) return false
    const name = word.replace(prefix, '').replace(/=.*$/s, '').toLowerCase()
    return REFUSED.some((pattern) => pattern.test(name))
  })
}
