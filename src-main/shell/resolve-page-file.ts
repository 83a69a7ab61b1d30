const pageHost = 'weir'

/** One folder deep at most, plain names: the whole of what the build puts out. */
const pagePath = /^\/(?:[A-Za-z0-9_-]+\/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*$/

/**
 * The file of the built page that an `app:` address means, or undefined. Only plain names pass: no encoded characters,
 * no backslash, no dot names, no other host, so an address cannot lead out of the folder.
 */
export function resolvePageFile(pageFolder: URL, address: string): URL | undefined {
  const parsed = URL.canParse(address) ? new URL(address) : undefined
  if (parsed?.protocol !== 'app:' || parsed.host !== pageHost) return undefined
  if (parsed.username !== '' || parsed.password !== '' || !pagePath.test(parsed.pathname)) return undefined
  return new URL(`.${parsed.pathname}`, pageFolder)
}
