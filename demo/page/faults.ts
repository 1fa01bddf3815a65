// The sandbox's control API, as far as this page uses it.

export const faultNames = ['wrong_ticket', 'busy', 'slow', 'domain_not_bound'] as const
export type FaultName = (typeof faultNames)[number]

/** These two sit between service and WeChat; nobody meets them while the service still has a good ticket. */
const behindTheTicket: readonly FaultName[] = ['busy', 'slow']
const ticketLifeMs = 7_200_000
/** Longer than the pause the service makes after WeChat has failed it. */
const pauseMs = 10_000

/** How far the demo's clock must jump for a change of these faults to be seen at once. */
function clockJump(before: readonly FaultName[], after: readonly FaultName[]): number {
  const differs = (a: readonly FaultName[], b: readonly FaultName[]): boolean =>
    behindTheTicket.some((name) => a.includes(name) && !b.includes(name))
  return differs(after, before) ? ticketLifeMs : differs(before, after) ? pauseMs : 0
}

async function control(sandbox: string, path: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(`${sandbox}/__sandbox/${path}`, {
    ...init,
    headers: { 'content-type': 'application/json' },
  })
  if (!response.ok) throw new Error(`The sandbox answered ${response.status} for ${path}.`)
  return response.json()
}

export async function readFaults(sandbox: string): Promise<FaultName[]> {
  const answer = await control(sandbox, 'faults')
  const listed = typeof answer === 'object' && answer !== null && 'faults' in answer ? answer.faults : []
  const kinds = Array.isArray(listed) ? listed.map((fault: { kind?: unknown }) => fault.kind) : []
  return faultNames.filter((name) => kinds.includes(name))
}

/** Replaces the faults and, where that would otherwise not be noticed, moves the clock. */
export async function writeFaults(
  sandbox: string,
  before: readonly FaultName[],
  after: readonly FaultName[],
): Promise<void> {
  await control(sandbox, 'faults', {
    method: 'PUT',
    body: JSON.stringify({ faults: after.map((kind) => ({ kind })) }),
  })
  const advanceMs = clockJump(before, after)
  if (advanceMs > 0) await control(sandbox, 'clock', { method: 'POST', body: JSON.stringify({ advanceMs }) })
}
