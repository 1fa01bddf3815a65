/**
 * What trying again can do: `never` until somebody changes something, `refresh_token` once with a new
 * access_token, `backoff` after a moment, `later` when a quota or a rate is available again.
 */
export type RetryClass = 'never' | 'refresh_token' | 'backoff' | 'later'

/** One line of an errcode table: code, our name, what trying again can do, hint in English, hint in Chinese. */
export type ErrcodeRow = readonly [errcode: number, name: string, retry: RetryClass, en: string, zh: string]
