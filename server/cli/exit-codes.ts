export const OK = 0
/** A start failed: port taken, database unreadable. */
export const FAILED = 1
/** A mistake in the command line or in the configuration. */
export const MISUSED = 2
