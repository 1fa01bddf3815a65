/**
 * Makes callers share a run that begins after they called: a run that is under way may have read too early. At most
 * one runs and one waits.
 */
export function createJoinNext(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  return () => {
    next ??= running.then(() => {
      next = undefined
      running = run()
      return running
    })
    return next
  }
}
