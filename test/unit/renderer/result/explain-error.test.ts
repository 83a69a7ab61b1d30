import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pickErrorText, pickWarningText } from '../../../../src-renderer/features/result/explain-error.ts'
import { errors, warnings } from '../../../../src-renderer/texts/en/errors.ts'
import { recordingJob, rewriteJob } from '../make-row.ts'

const mainFolder = fileURLToPath(new URL('../../../../src-main', import.meta.url))

/** All codes of the kind that stand in the sources of the main side. */
function listCodes(kind: 'E' | 'W'): readonly string[] {
  const files = readdirSync(mainFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const texts = files.map((name) => readFileSync(join(mainFolder, name), 'utf8')).join('\n')
  return [
    ...new Set([...texts.matchAll(new RegExp(`'(${kind}_[A-Z0-9_]+)'`, 'g'))].map(([, code]) => code ?? '')),
  ]
}

describe('plain words', () => {
  test('explain every code of an error that the main side has', () => {
    const codes = listCodes('E')
    expect(codes.length).toBeGreaterThan(30)
    expect(codes.filter((code) => !Object.hasOwn(errors, code))).toEqual([])
  })

  test('head every code of a warning that the main side has', () => {
    const codes = listCodes('W')
    expect(codes.length).toBeGreaterThan(10)
    expect(codes.filter((code) => !Object.hasOwn(warnings, code))).toEqual([])
  })

  test('say what happened, why and what to do in whole sentences', () => {
    for (const { title, cause, remedy } of Object.values(errors)) {
      for (const sentence of [title, cause, remedy]) expect(sentence).toMatch(/^[A-Z].*\.$/)
    }
  })
})

describe('the text of an error', () => {
  const error = { code: 'E_CHUNK', message: 'damaged', path: '/data/a.rtdc' }

  test('is the one of its code', () => {
    expect(pickErrorText(error, rewriteJob)).toBe('E_CHUNK')
  })

  test('is about verification where the damage is in the output', () => {
    expect(pickErrorText({ ...error, path: '/out/a.rtdc~' }, rewriteJob)).toBe('E_VERIFY')
  })

  test('warns of the recording that would be lost', () => {
    const exists = { code: 'E_EXISTS', message: 'exists', path: '/out/r.rtdc~' }
    expect(pickErrorText(exists, recordingJob)).toBe('recordingInTheWay')
    expect(pickErrorText({ ...exists, path: '/out/r.rtdc' }, recordingJob)).toBe('E_EXISTS')
  })

  test('is a general one for a code that nobody knows, even one that objects have', () => {
    expect(pickErrorText({ ...error, code: 'E_NEW' }, rewriteJob)).toBe('other')
    expect(pickErrorText({ ...error, code: 'toString' }, rewriteJob)).toBe('other')
    expect(pickWarningText('W_NEW')).toBe('other')
  })
})
