/** Requests that are not answered yet, on purpose. */
export interface HeldRequests {
  /** Waits; true when the time has passed, false when the caller went away or everything was released. */
  wait(ms: number, signal: AbortSignal): Promise<boolean>
  /** Ends all waiting at once. */
  release(): void
}

export function createHeldRequests(): HeldRequests {
  const waiting = new Set<() => void>()
  return {
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const end = (passed: boolean): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', giveUp)
          waiting.delete(giveUp)
          resolve(passed)
        }
        const giveUp = (): void => end(false)
        // A request without an end needs no timer, so nothing keeps the process alive.
        const timer = Number.isFinite(ms) ? setTimeout(() => end(true), ms) : undefined
        waiting.add(giveUp)
        signal.addEventListener('abort', giveUp)
        if (signal.aborted) giveUp()
      }),
    release() {
      for (const giveUp of [...waiting]) giveUp()
    },
  }
}
