import { describe, expect, it } from 'vitest'
import {
  findNameProblem,
  folderOf,
  guessTemplate,
  nameOf,
  previewName,
} from '../../../../src-renderer/features/sheet/output-name.ts'

const values = {
  stem: 'M001',
  date: '2024-05-17',
  run: '1',
  sample: 'a$&b',
  task: 'rewrite',
  n: '3',
  id7: '0a1b2c3',
}

describe('a template of names', () => {
  it('is good with text, tokens, or both', () => {
    for (const template of ['{stem}_weir', 'x', '{date}_{run}_{sample}_{task}_{n}_{id7}.rtdc'])
      expect(findNameProblem(template)).toBeNull()
  })

  it('is refused where it is empty, a path, too long or has words in braces that are none', () => {
    expect(findNameProblem('  ')).toBe('empty')
    expect(findNameProblem('../{stem}')).toBe('path')
    expect(findNameProblem('a\\b')).toBe('path')
    expect(findNameProblem('x'.repeat(201))).toBe('long')
    expect(findNameProblem('{stem')).toBe('token')
    expect(findNameProblem('{name}')).toBe('token')
    expect(findNameProblem('{{stem}}')).toBe('token')
  })

  it('gives a name that ends in .rtdc once, whatever a sample is called', () => {
    expect(previewName('{stem}_{n}', values)).toBe('M001_3.rtdc')
    expect(previewName('{sample}.rtdc', values)).toBe('a$&b.rtdc')
  })

  it('is guessed from an output and its input', () => {
    expect(guessTemplate('/out/M001_data_weir.rtdc', '/in/M001_data.rtdc')).toBe('{stem}_weir')
    expect(guessTemplate('C:\\out\\final.rtdc', 'C:\\in\\M001.rtdc')).toBe('final')
    expect(guessTemplate('/out/recording.rtdc', null)).toBe('recording')
  })
})

describe('a path', () => {
  it('has a folder and a name on either system', () => {
    expect([folderOf('/a/b.rtdc'), nameOf('/a/b.rtdc')]).toEqual(['/a', 'b.rtdc'])
    expect([folderOf('C:\\a\\b.rtdc'), nameOf('C:\\a\\b.rtdc')]).toEqual(['C:\\a', 'b.rtdc'])
    expect(folderOf('/b.rtdc')).toBe('/')
  })
})
