import type { Clock } from '../../server/clock.ts'
import { createObtain } from '../../server/credentials/obtain.ts'
import { refusalLimits } from '../../server/credentials/refusal-limits.ts'
import type { CredentialStore } from '../../server/credentials/store.ts'
import { createVault, type OwnedVault, type VaultOptions } from '../../server/credentials/vault.ts'
import type { ServiceError } from '../../server/errors.ts'
import type { JsonObject } from '../../server/wechat/read-answer.ts'
import { refusal } from '../../server/wechat/refusal.ts'
import type { WechatTransport } from '../../server/wechat/transport.ts'

interface Issued {
  readonly value: string
  readonly issuedAt: number
  endsAt: number
}

/**
 * The rules of WeChat's tokens and tickets without HTTP, for thousands of runs: what it has issued and what of it is
 * valid at this instant. Everything else goes through the sandbox.
 */
export interface TruthfulWechat {
  readonly request: WechatTransport
  readonly calls: { path: string; at: number; force: boolean }[]
  /** The number of a value in the order of issue. */
  order(value: string): number
  isValid(value: string): boolean
  /** What another program does that asks for a classic token. */
  takeOver(): void
  /** Ends the living token at once. */
  revoke(): void
  failure: ServiceError | undefined
  /** Awaited before a call is answered. */
  before: (path: string) => Promise<void>
}

const LIFE_MS = 7_200_000
const OVERLAP_MS = 300_000

export function createTruthfulWechat(clock: Pick<Clock, 'now'>): TruthfulWechat {
  const everything: Issued[] = []
  const latest = new Map<string, Issued>()

  const isLive = (issued: Issued | undefined): issued is Issued =>
    issued !== undefined && clock.now() < issued.endsAt

  function issue(line: string): Issued {
    const former = latest.get(line)
    if (former !== undefined) former.endsAt = Math.min(former.endsAt, clock.now() + OVERLAP_MS)
    const issued = {
      value: `${line} ${everything.length}`,
      issuedAt: clock.now(),
      endsAt: clock.now() + LIFE_MS,
    }
    everything.push(issued)
    latest.set(line, issued)
    return issued
  }

  function kept(line: string): Issued {
    const former = latest.get(line)
    const stays = isLive(former) && former.issuedAt + LIFE_MS - clock.now() >= OVERLAP_MS
    return stays ? former : issue(line)
  }

  const find = (value: string) => everything.find((issued) => issued.value === value)
  const lifeOf = ({ issuedAt }: Issued) => Math.floor((issuedAt + LIFE_MS - clock.now()) / 1_000)

  function answer(path: string, query: Readonly<Record<string, string>>, force: boolean): JsonObject {
    if (path === 'cgi-bin/token') {
      const issued = issue('classic')
      return { access_token: issued.value, expires_in: lifeOf(issued) }
    }
    if (path === 'cgi-bin/stable_token') {
      const issued = force ? issue('stable') : kept('stable')
      return { access_token: issued.value, expires_in: lifeOf(issued) }
    }
    const token = find(query.access_token ?? '')
    if (!isLive(token)) throw refusal(path, 40_001, 'invalid credential')
    const issued = kept(query.type ?? '')
    return { ticket: issued.value, expires_in: lifeOf(issued) }
  }

  const wechat: TruthfulWechat = {
    calls: [],
    failure: undefined,
    before: async () => undefined,
    order: (value) => everything.findIndex((issued) => issued.value === value),
    isValid: (value) => isLive(find(value)),
    takeOver: () => void issue('classic'),
    revoke() {
      for (const line of ['classic', 'stable']) {
        const token = latest.get(line)
        if (token !== undefined) token.endsAt = clock.now()
      }
    },
    async request({ path, query = {}, body }) {
      const force = body?.force_refresh === true
      wechat.calls.push({ path, at: clock.now(), force })
      await wechat.before(path)
      if (wechat.failure !== undefined) throw wechat.failure
      return answer(path, query, force)
    },
  }
  return wechat
}

export const APP = 'wx0123456789abcdef'

/** A vault as the service has it, with its own randomness, in front of that WeChat. */
export function vaultOn(
  wechat: TruthfulWechat,
  store: CredentialStore,
  clock: Clock,
  options: Partial<VaultOptions> & { tokenApi?: 'stable' | 'classic' } = {},
): OwnedVault {
  const { tokenApi = 'stable', ...rest } = options
  const accounts = new Map([[APP, { appId: APP, appSecret: 'none', tokenApi }]])
  const vault: OwnedVault = createVault({
    obtain: createObtain(wechat.request, accounts, () => vault),
    store,
    clock,
    random: pseudoRandom(),
    limitsOf: (_, kind) => refusalLimits(kind, tokenApi),
    ...rest,
  })
  return vault
}

let seed = 1

/** Numbers that differ between vaults and are the same in every run. */
function pseudoRandom(): (size: number) => Uint8Array {
  let state = seed++
  return (size) =>
    Uint8Array.from({ length: size }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 24
    })
}
