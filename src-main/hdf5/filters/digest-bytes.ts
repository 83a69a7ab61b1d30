/** Of one SHA-256. */
export const DIGEST_BYTES = 32
