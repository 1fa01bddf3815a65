import type { VerifyAnswer, VerifyRequest } from '../bridge-protocol.ts'

/** Judges a page's configuration: a sandbox over HTTP, or a function in this process. */
export type Verifier = (request: VerifyRequest) => VerifyAnswer | Promise<VerifyAnswer>

/**
 * A verifier that asks a sandbox over HTTP.
 *
 * `fetch` is handed in once, so a page that replaces `window.fetch` later does not see the bridge's requests.
 */
export function httpVerifier(sandbox: string, fetchNow: typeof fetch): Verifier {
  const address = `${sandbox.replace(/\/+$/, '')}/__sandbox/bridge/verify`
  return async (request) => {
    const response = await fetchNow(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    const answer: unknown = await response.json()
    if (typeof answer !== 'object' || answer === null || !('errMsg' in answer))
      throw new Error(
        `The sandbox gave no verdict: ${address} answered HTTP ${response.status}. Is it a sandbox?`,
      )
    return answer as VerifyAnswer
  }
}
