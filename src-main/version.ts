import { version } from '../package.json' with { type: 'json' }

/** Version of Weir, as in package.json. */
export const VERSION: string = version
