import { expect, test } from 'vitest'
import { shortenHome } from '../../../src-main/shell/shorten-home.ts'

test('S20: the user is not named in what is written down', () => {
  expect(shortenHome('/home/ada/a.rtdc: /home/ada and "/home/ada"', '/home/ada')).toBe('~/a.rtdc: ~ and "~"')
  expect(shortenHome('at file C:\\Users\\Ada\\x and C:/Users/Ada/y', 'C:\\Users\\Ada')).toBe(
    'at file ~\\x and ~/y',
  )
})

test('another folder stays as it is', () => {
  expect(shortenHome('/home/adam/x /homeXada', '/home/ada')).toBe('/home/adam/x /homeXada')
  expect(shortenHome('/etc/x', '/')).toBe('/etc/x')
})
