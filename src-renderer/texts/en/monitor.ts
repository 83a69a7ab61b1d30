/** English texts of monitor, result, errors and recording. */
export const monitor = {} as const
