const TICK_MS = 50

/**
 * Waits for an answer from outside, but no longer than `ms`.
 *
 * It waits in small steps, so that only time in which an answer could have been read counts: when this process was
 * stopped or busy for a while, the answer may be waiting in the socket.
 *
 * @param tooSlow makes what is thrown when the time is over
 */
export function within<Answer>(ms: number, answer: Promise<Answer>, tooSlow: () => Error): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let leftMs = ms
    let timer = setTimeout(tick, TICK_MS)
    function tick(): void {
      leftMs -= TICK_MS
      if (leftMs > 0) timer = setTimeout(tick, TICK_MS)
      else setImmediate(() => reject(tooSlow()))
    }
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
