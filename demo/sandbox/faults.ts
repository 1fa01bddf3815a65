import type { Fault, FaultKind } from './types.ts'

/** What each fault does to an answer; `bridge` faults touch only `preVerifyJSAPI`. */
const KINDS = {
  busy: 'replaces',
  invalid_credential: 'replaces',
  token_expired: 'replaces',
  quota: 'replaces',
  ip_not_in_whitelist: 'replaces',
  slow: 'changes',
  hang: 'replaces',
  reset: 'replaces',
  html: 'replaces',
  empty: 'replaces',
  http_500: 'replaces',
  truncated: 'changes',
  expires_in: 'changes',
  wrong_clock: 'changes',
  wrong_ticket: 'bridge',
  domain_not_bound: 'bridge',
} as const satisfies Record<FaultKind, 'replaces' | 'changes' | 'bridge'>

/** Every fault the sandbox knows. */
export const faultKinds: readonly FaultKind[] = Object.keys(KINDS) as FaultKind[]

/** The faults that are switched on, in the order they were added. */
export interface FaultList {
  set(faults: readonly Fault[]): void
  add(fault: Fault): void
  clear(): void
  list(): Fault[]
  /**
   * The faults that hit this request, each used once: everything that changes an answer, and the first one that
   * replaces it.
   */
  takeFor(path: string): Fault[]
  /** The first fault of the bridge, used once. */
  takeForBridge(): Fault | undefined
}

interface Armed {
  readonly fault: Fault
  left: number
}

/** What stands at a WeChat path: an API that answers JSON, or a page that people see. */
type PathKind = 'api' | 'page'

/** What a fault can do to a page; the others are answers of an API. */
const PAGE_KINDS: readonly FaultKind[] = [
  'slow',
  'hang',
  'reset',
  'html',
  'empty',
  'http_500',
  'truncated',
  'wrong_clock',
]

/** `kindOf` tells a WeChat path, so that a fault that could never hit is refused. */
export function createFaultList(kindOf: (path: string) => PathKind | undefined): FaultList {
  let armed: Armed[] = []

  const isFor = ({ path: wanted }: Fault, path: string): boolean =>
    wanted === undefined ? kindOf(path) === 'api' : plainPath(wanted) === path

  const arm = (fault: Fault): Armed => ({
    fault: checkFault(fault, kindOf),
    left: fault.times ?? Number.POSITIVE_INFINITY,
  })

  const use = (hits: readonly Armed[]): Fault[] => {
    for (const hit of hits) hit.left -= 1
    armed = armed.filter(({ left }) => left > 0)
    return hits.map(({ fault }) => fault)
  }

  return {
    set(faults) {
      armed = faults.map(arm)
    },
    add(fault) {
      armed.push(arm(fault))
    },
    clear() {
      armed = []
    },
    list: () =>
      armed.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : { ...fault })),
    takeFor(path) {
      const hits = armed.filter(({ fault }) => KINDS[fault.kind] !== 'bridge' && isFor(fault, path))
      const first = hits.find(({ fault }) => KINDS[fault.kind] === 'replaces')
      return use(hits.filter((hit) => hit === first || KINDS[hit.fault.kind] === 'changes'))
    },
    takeForBridge() {
      const first = armed.find(({ fault }) => KINDS[fault.kind] === 'bridge')
      return first === undefined ? undefined : use([first])[0]
    },
  }
}

function plainPath(path: string): string {
  return path.replace(/^\//, '')
}

function checkFault(fault: Fault, kindOf: (path: string) => PathKind | undefined): Fault {
  if (!Object.hasOwn(KINDS, fault.kind)) {
    throw new TypeError(
      `The sandbox knows no fault ${JSON.stringify(fault.kind)}; use one of ${faultKinds.join(', ')}.`,
    )
  }
  if (fault.times !== undefined && (!Number.isInteger(fault.times) || fault.times < 1)) {
    throw new TypeError(`Fault ${fault.kind} was given times ${fault.times}; use a whole number from 1.`)
  }
  if (fault.path === undefined) return fault
  const kind = kindOf(plainPath(fault.path))
  if (kind === undefined) {
    throw new TypeError(
      `Fault ${fault.kind} was given the path ${fault.path}, where the sandbox plays no WeChat API; write it like cgi-bin/token.`,
    )
  }
  if (kind === 'page' && !PAGE_KINDS.includes(fault.kind)) {
    throw new TypeError(
      `Fault ${fault.kind} cannot hit the page ${fault.path}; for a page use one of ${PAGE_KINDS.join(', ')}.`,
    )
  }
  return fault
}
