/**
 * For questions about the disk whose answer only helps: undefined where it does not answer. The job that needs the path meets the
 * same trouble and says what it is.
 */
export async function askQuietly<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch {
    return undefined
  }
}
