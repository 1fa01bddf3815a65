import type { Redis } from 'ioredis'
import type { RandomBytes } from '../random.ts'
import { createRandomText } from '../random.ts'
import type { Credential, CredentialKind } from './credential.ts'
import { EMPTY_LEDGER, type Ledger } from './ledger.ts'
import { CHANGES, LOOK, TURN, WRITE } from './redis-scripts.ts'
import type { Change, CredentialStore } from './store.ts'

/** How long a key stays after its use: far longer than any process goes without a refresh. */
const KEPT_MS = 7 * 86_400_000
const PORTION = 200
const MAX_TRIES = 20

/**
 * Keeps credentials in Redis, for several replicas.
 *
 * @param prefix of every key, such as `wx-h5:`
 */
export function createRedisStore(
  redis: Pick<Redis, 'get' | 'eval' | 'mget'>,
  prefix: string,
  random: RandomBytes,
): CredentialStore {
  const newRun = createRandomText(random)
  const credentialKey = (member: string): string => `${prefix}credential:${member}`
  const ledgerKey = (member: string): string => `${prefix}credential-ledger:${member}`
  const feedKey = `${prefix}credential-feed`
  const changesKey = `${prefix}credential-changes`
  const keysOf = (member: string): string[] => [credentialKey(member), ledgerKey(member), feedKey, changesKey]

  async function tryTurn<Answer>(
    member: string,
    take: Parameters<CredentialStore['turn']>[2],
  ): Promise<{ answer: Answer } | undefined> {
    const keys = keysOf(member)
    const seen = (await redis.eval(LOOK, keys.length, ...keys)) as [
      string | null,
      string | null,
      string,
      string,
    ]
    const [credential, ledger, seconds, microseconds] = seen
    const now = Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000)
    const turn = take(readLedger(ledger), readCredential(credential), now)
    const answer = turn.answer as Answer
    if (turn.ledger === undefined) return { answer }
    const written = await redis.eval(
      TURN,
      keys.length,
      ...keys,
      credential ?? '',
      ledger ?? '',
      JSON.stringify(turn.ledger),
      KEPT_MS,
      member,
      newRun(),
      KEPT_MS,
    )
    return written === 1 ? { answer } : undefined
  }

  return {
    async read(appId, kind) {
      return readCredential(await redis.get(credentialKey(memberOf(appId, kind))))
    },
    async write(appId, kind, credential) {
      const member = memberOf(appId, kind)
      const keys = keysOf(member)
      const stored = await redis.eval(
        WRITE,
        keys.length,
        ...keys,
        credential.generation,
        JSON.stringify(credential),
        Math.max(0, credential.expiresAt - credential.obtainedAt) + KEPT_MS,
        member,
        newRun(),
        KEPT_MS,
      )
      return readCredential(stored as string) ?? credential
    },
    async turn(appId, kind, take) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const taken = await tryTurn<ReturnType<typeof take>['answer']>(memberOf(appId, kind), take)
        if (taken !== undefined) return taken.answer
      }
      throw new Error(`no turn in ${MAX_TRIES} tries`)
    },
    async changes(cursor) {
      const [run = '', number = ''] = (cursor ?? '').split(' ')
      const [nowRun, nowNumber, found] = (await redis.eval(
        CHANGES,
        2,
        feedKey,
        changesKey,
        run,
        number,
        newRun(),
        PORTION,
      )) as [string, string, string[]]
      const lost = nowRun !== run
      const members = found.filter((_, index) => index % 2 === 0)
      const reached = members.length < PORTION ? nowNumber : (found.at(-1) ?? nowNumber)
      return { cursor: `${nowRun} ${reached}`, lost, changed: await entriesOf(members) }
    },
  }

  async function entriesOf(members: readonly string[]): Promise<Change[]> {
    if (members.length === 0) return []
    const texts = await redis.mget(...members.map(credentialKey), ...members.map(ledgerKey))
    return members.map((member, index) => ({
      ...partsOf(member),
      credential: readCredential(texts[index] ?? null),
      ledger: readLedger(texts[members.length + index] ?? null),
    }))
  }
}

const memberOf = (appId: string, kind: CredentialKind): string => `${kind}:${appId}`

function partsOf(member: string): { appId: string; kind: CredentialKind } {
  const colon = member.indexOf(':')
  return { kind: member.slice(0, colon) as CredentialKind, appId: member.slice(colon + 1) }
}

const readCredential = (text: string | null): Credential | undefined =>
  text === null ? undefined : (JSON.parse(text) as Credential)

// A version that knew fewer fields may have written it.
const readLedger = (text: string | null): Ledger =>
  text === null ? EMPTY_LEDGER : { ...EMPTY_LEDGER, ...(JSON.parse(text) as Partial<Ledger>) }
