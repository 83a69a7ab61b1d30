import { describe, expect, test } from 'vitest'
import type { Warning } from '../../../src-main/errors.ts'
import type { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { InputJudge } from '../../../src-main/job-process/input-judge.ts'
import type { Finding } from '../../../src-main/read/finding.ts'
import { expectRejection } from '../../helpers/expect-error.ts'

const PATHS = ['/events/deform', '/events/contour/0', '/events/contour/1', '/extras']
const output = {
  find: (path: string) =>
    PATHS.includes(path) ? ({ kind: 'dataset' } as ReturnType<FileWriter['find']>) : undefined,
}

function damage(object: string | null): Finding {
  return { level: 'damage', code: 'E_META', message: `in.rtdc: ${object}: the library refuses it`, object }
}

interface Case {
  readonly findings: readonly Finding[]
  readonly contours?: ReadonlySet<number>
  readonly warnings?: readonly Warning[]
  readonly isGrowing?: boolean
}

function ask({ findings, contours, warnings = [], isGrowing = false }: Case): Promise<void> {
  const watch = { path: 'in.rtdc', isGrowing, look: () => Promise.resolve() }
  const asked = { findings: Promise.resolve(findings), close: () => Promise.resolve() }
  const judge = new InputJudge(watch, asked, new AbortController().signal)
  return judge.requireAgreement({ output, contours: contours ?? null, warnings })
}

describe('an object that the HDF5 library refuses in the input', () => {
  test('fails the job where it was carried, named with its file and advice', async () => {
    const error = await expectRejection(ask({ findings: [damage('/events/deform')] }), 'E_META')
    expect(error).toMatchObject({ path: 'in.rtdc', object: '/events/deform' })
    expect(error.message).toContain('copy it again or use a backup')
  })

  test('fails the job where it is the whole file, or where the library stopped', async () => {
    await expectRejection(ask({ findings: [damage(null)] }), 'E_META')
    await expectRejection(ask({ findings: [damage('/')] }), 'E_META')
  })

  test('is nothing to a job that did not take it, or has said that it left something of it out', async () => {
    await ask({ findings: [damage('/events/mask')] })
    const warning = { code: 'W_TYPE', message: 'left out', path: 'in.rtdc', object: '/events/deform@name' }
    await ask({ findings: [damage('/events/deform')], warnings: [warning] })
    await ask({ findings: [{ ...damage('/events/deform'), level: 'alert', code: 'A_UNCHECKED' }] })
  })

  test('is found among contours by its number in the input', async () => {
    const findings = [damage('/events/contour/1')]
    await ask({ findings, contours: new Set([0, 7]) })
    await expectRejection(ask({ findings: [damage('/events/contour/7')], contours: new Set([7]) }), 'E_META')
    await expectRejection(ask({ findings }), 'E_META')
  })

  test('says nothing where another program writes the input', async () => {
    await ask({ findings: [damage('/events/deform')], isGrowing: true })
  })
})
