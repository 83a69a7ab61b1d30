import { expect } from 'vitest'
import { WeirError } from '../../src-main/errors.ts'

/** Expects that the call throws a deliberate error with that code, and gives it. */
export function expectError(call: () => unknown, code: string): WeirError {
  try {
    call()
  } catch (thrown) {
    return requireCode(thrown, code)
  }
  return expect.fail(`nothing was thrown, but ${code} was expected`)
}

/** Expects that the promise rejects with a deliberate error, of that code if one is given, and gives it. */
export async function expectRejection(promise: Promise<unknown>, code?: string): Promise<WeirError> {
  try {
    await promise
  } catch (thrown) {
    return requireCode(thrown, code)
  }
  return expect.fail(`nothing was rejected, but ${code ?? 'an error'} was expected`)
}

function requireCode(thrown: unknown, code: string | undefined): WeirError {
  if (!(thrown instanceof WeirError)) throw thrown
  if (code !== undefined) expect(thrown.code, thrown.message).toBe(code)
  return thrown
}
