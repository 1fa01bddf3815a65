/** The sandbox's time over HTTP; this machine's while the sandbox cannot be reached. */
export function httpClock(
  sandbox: string,
  fetchNow: typeof fetch,
  ownNow: () => number,
): () => Promise<number> {
  const address = `${sandbox.replace(/\/+$/, '')}/__sandbox/clock`
  return async () => {
    try {
      const answer: unknown = await (await fetchNow(address)).json()
      const now = typeof answer === 'object' && answer !== null && 'now' in answer ? answer.now : undefined
      return typeof now === 'number' ? now : ownNow()
    } catch (_away) {
      return ownNow()
    }
  }
}
