const kinds: Readonly<Record<string, string>> = { f: 'float', i: 'int', u: 'uint' }

/** The type of a dataset in words: `float64` for `<f8`. What has no such word stays as it is; a group has none. */
export function describeDtype(dtype: string | null): string {
  if (dtype === null) return 'group'
  const [, kind, bytes] = /^[<>|=]?([fiu])(\d{1,2})$/.exec(dtype) ?? []
  const word = kinds[kind ?? '']
  return word === undefined ? dtype : `${word}${Number(bytes) * 8}`
}
