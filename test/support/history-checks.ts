import type { Sandbox } from '../../demo/sandbox/index.ts'
import { sha1, string1Of } from '../../demo/sandbox/verify/string1.ts'
import type { CredentialKind } from '../../server/credentials/credential.ts'
import type { History, Operation, Signed } from './history.ts'

/** Everything WeChat ever issued, and until when it worked. */
export type Truth = readonly Issued[]

export interface Issued {
  readonly appId: string
  readonly of: CredentialKind
  readonly value: string
  readonly issuedAt: number
  /** When it really stopped working, the five minutes of overlap included. */
  readonly endsAt: number
  /** Grows with every one of the same kind. */
  readonly version: number
}

/** What the sandbox knows; it remembers the last 200 of each kind and account. */
export function truthOf(sandbox: Pick<Sandbox, 'snapshot'>): Truth {
  return sandbox.snapshot().accounts.flatMap(({ appId, tokens, tickets }) => {
    const lists = [
      ['access_token', [...tokens.classic, ...tokens.stable]],
      ['jsapi', tickets.jsapi],
      ['wx_card', tickets.wx_card],
    ] as const
    return lists.flatMap(([of, list]) => list.map((issued, version) => ({ ...issued, appId, of, version })))
  })
}

/** I1: everything handed out worked at WeChat at some instant between the question and the answer. */
export function checkLiving({ operations }: Pick<History, 'operations'>, truth: Truth): string[] {
  return operations.flatMap((operation) => {
    if (!handsOut(operation)) return []
    const issued = issuedFor(operation, truth)
    if (issued === undefined) return [`${name(operation)} is from nothing that WeChat ever issued`]
    if (issued.issuedAt <= operation.endedAt && operation.invokedAt < issued.endsAt) return []
    return [`${name(operation)} is dead: it ended ${operation.invokedAt - issued.endsAt} ms before`]
  })
}

/** I2: WeChat was asked no more often than allowed; paths without a bound are free. */
export function checkCalls(
  sandbox: Pick<Sandbox, 'snapshot'>,
  bounds: Readonly<Record<string, number>>,
): string[] {
  const counts = sandbox.snapshot().callCounts
  return Object.entries(bounds).flatMap(([path, bound]) => {
    const count = counts[path] ?? 0
    return count <= bound ? [] : [`${path} was called ${count} times, ${bound} allowed`]
  })
}

/**
 * I3: nobody sees an older version after a newer one.
 *
 * With `everyone`, an answer to one client counts for all others that ask after it.
 */
export function checkOrder(
  { operations }: Pick<History, 'operations'>,
  truth: Truth,
  between: 'each client' | 'everyone' = 'each client',
): string[] {
  const groups = new Map<string, { operation: Operation; version: number }[]>()
  for (const operation of operations) {
    const issued = issuedFor(operation, truth)
    if (!handsOut(operation) || issued === undefined) continue
    const key = `${between === 'everyone' ? '' : operation.client}/${issued.appId}/${issued.of}`
    const group = groups.get(key) ?? []
    groups.set(key, group)
    group.push({ operation, version: issued.version })
  }
  return [...groups.values()].flatMap((group) => {
    const byEnd = group.toSorted((one, other) => one.operation.ended - other.operation.ended)
    const byStart = group.toSorted((one, other) => one.operation.invoked - other.operation.invoked)
    let newest = -1
    let ended = 0
    return byStart.flatMap(({ operation, version }) => {
      for (; (byEnd[ended]?.operation.ended ?? Number.POSITIVE_INFINITY) < operation.invoked; ended++)
        newest = Math.max(newest, byEnd[ended]?.version ?? -1)
      return version >= newest ? [] : [`${name(operation)} saw version ${version} after ${newest}`]
    })
  })
}

/** I4: every acknowledged write is there; one whose answer never came is there as it was written, or not at all. */
export function checkWrites(
  { operations }: Pick<History, 'operations'>,
  stored: ReadonlyMap<string, string>,
): string[] {
  return operations.flatMap((operation) => {
    const { act, outcome } = operation
    if (act.kind !== 'write') return []
    const found = stored.get(act.key)
    if (found === undefined) return outcome === 'ok' ? [`${name(operation)} is lost`] : []
    return found === act.value ? [] : [`${name(operation)} is there as something else`]
  })
}

/** I5: what works once was accepted at most once, whoever was asked. */
export function checkOnce({ operations }: Pick<History, 'operations'>): string[] {
  const uses = new Map<string, number>()
  for (const { act, outcome } of operations)
    if (act.kind === 'use' && outcome === 'ok') uses.set(act.key, (uses.get(act.key) ?? 0) + 1)
  return [...uses].flatMap(([key, count]) => (count === 1 ? [] : [`${key} was accepted ${count} times`]))
}

/** I6: nothing secret is in what left the service, by the name of the place. */
export function checkSecrets(places: Readonly<Record<string, string>>, secrets: readonly string[]): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    secrets.flatMap((secret, number) =>
      text.includes(secret) ? [`secret ${number} is in the ${place}`] : [],
    ),
  )
}

const handsOut = ({ act, outcome }: Operation): boolean =>
  outcome === 'ok' && (act.kind === 'sign' || act.kind === 'read')

function issuedFor({ act, seen }: Operation, truth: Truth): Issued | undefined {
  if (act.kind === 'sign' && typeof seen === 'object')
    return truth.find(
      ({ appId, of, value }) => appId === act.appId && of === 'jsapi' && madeWith(value, seen),
    )
  if (act.kind === 'read')
    return truth.find(({ appId, of, value }) => appId === act.appId && of === act.of && value === seen)
  return undefined
}

function madeWith(ticket: string, { signature, timestamp, ...rest }: Signed): boolean {
  return sha1(string1Of({ ...rest, ticket, timestamp: String(timestamp) })) === signature
}

const name = ({ client, act, invoked }: Operation): string => `${client}'s ${act.kind} (${invoked})`
