import { readLimitedText } from '../read-limited-text.ts'
import { nameOf } from './describe-failure.ts'

export interface Answered {
  readonly status: number
  /** Absent when it is longer than 64 KiB. */
  readonly text?: string
}

const TIMEOUT_MS = 5_000
const MAX_BYTES = 65_536

/**
 * Asks an address of the configuration. Redirects are not followed: no other host is ever contacted.
 *
 * @returns what it answered, or why it did not, in a word
 */
export async function askAddress(
  fetchNow: typeof fetch,
  address: string,
  init: { readonly method?: string; readonly body?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answered | { readonly problem: string }> {
  try {
    const response = await fetchNow(address, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await readLimitedText(response.body, MAX_BYTES)
    return text === undefined ? { status: response.status } : { status: response.status, text }
  } catch (error) {
    const name = nameOf(error)
    return { problem: name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1_000} s` : name }
  }
}
