import { afterEach, beforeEach, expect, vi } from 'vitest'

/** Set-up of every test file: what a test writes to the console without expecting it fails that test. */
const methods = ['debug', 'error', 'info', 'log', 'warn'] as const
const written: string[] = []

beforeEach(() => {
  written.length = 0
  for (const method of methods) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
      written.push(`console.${method}: ${values.map(String).join(' ')}`)
    })
  }
})

afterEach(() => {
  expect(written, 'unexpected console output').toEqual([])
})
