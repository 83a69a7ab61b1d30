import { expect, test } from 'vitest'
import { resolvePageFile } from '../../../src-main/shell/resolve-page-file.ts'

const folder = new URL('file:///program/out/renderer/')

test.each([
  ['app://weir/index.html', 'index.html'],
  ['app://weir/assets/index-CIHLR3Fg.css', 'assets/index-CIHLR3Fg.css'],
  ['app://weir/index.html?a=b#c', 'index.html'],
  // The URL parser itself resolves these before anything looks at them.
  ['app://weir/assets/../index.html', 'index.html'],
  ['app://weir/../../index.html', 'index.html'],
])('%s is the file %s', (address, path) => {
  expect(resolvePageFile(folder, address)?.href).toBe(`${folder.href}${path}`)
})

test.each([
  'app://weir/',
  'app://weir/assets/',
  'app://weir//index.html',
  'app://weir/..%2fmain.js',
  'app://weir/%2e%2e%2fmain.js',
  'app://weir/..\\..%5cmain.js',
  'app://weir/index.html%00',
  'app://weir/.hidden',
  'app://weir/a/b/c.js',
  'app://other/index.html',
  'app://user@weir/index.html',
  'app://weir:8080/index.html',
  'file:///etc/passwd',
  'https://weir/index.html',
  'no address',
])('%s is no file of the page', (address) => {
  expect(resolvePageFile(folder, address)).toBeUndefined()
})
