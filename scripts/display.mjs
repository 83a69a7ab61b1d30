// A virtual display for tests and the demo, ended with whoever started it.
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { Refusal } from './project.mjs'

const startLimitMs = 60_000

/** Runs `action` with the environment of a fresh Xvfb (a display of its own number), then ends that. */
export async function withVirtualDisplay(action) {
  if (process.platform !== 'linux') return action({})
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp', '-noreset'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  )
  try {
    const number = await Promise.race([readDisplayNumber(server), failLater()])
    // A Wayland session must not be taken instead.
    return await action({
      DISPLAY: `:${number}`,
      WAYLAND_DISPLAY: undefined,
      ELECTRON_OZONE_PLATFORM_HINT: 'x11',
    })
  } finally {
    server.kill()
  }
}

function readDisplayNumber(server) {
  return new Promise((resolve, reject) => {
    let text = ''
    server.stdio[3].on('data', (part) => {
      text += part
      if (text.includes('\n')) resolve(text.trim())
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Refusal(`Xvfb ended with code ${code} before it had a display`)))
  })
}

async function failLater() {
  await delay(startLimitMs, undefined, { ref: false })
  throw new Refusal('Xvfb did not start within a minute')
}

/** True when a window can be shown to a person. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY)
}
