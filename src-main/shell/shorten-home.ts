/** The text with the user's folder as `~`: a log that is passed on tells no names. */
export function shortenHome(text: string, home: string): string {
  if (home.length < 2) return text
  const escaped = home.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\\\\|\//g, '[\\\\/]+')
  return text.replaceAll(
    new RegExp(`${escaped}(?=$|[^\\w.-])`, process.platform === 'win32' ? 'gi' : 'g'),
    '~',
  )
}
