import type { LoopSample } from './admission.ts'

const EVERY_MS = 100

/**
 * Tells ten times a second how late the event loop is: by how much its own timer was.
 *
 * @returns ends it
 */
export function watchLoop(
  tell: (sample: LoopSample) => void,
  now: () => number = () => performance.now(),
): () => void {
  let before = now()
  const timer = setInterval(() => {
    const elapsedMs = now() - before
    before += elapsedMs
    tell({ elapsedMs, lateMs: Math.max(0, elapsedMs - EVERY_MS) })
  }, EVERY_MS).unref()
  return () => clearInterval(timer)
}
