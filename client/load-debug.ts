import type { openPanel } from './debug.ts'

/** Fetches the debug panel, which no page has on board. */
export async function loadDebug(): Promise<typeof openPanel> {
  return (await import('./debug.ts')).openPanel
}
