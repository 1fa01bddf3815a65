import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import { createAccess } from './access/access.ts'
import { createClients } from './access/clients.ts'
import { loadKeys } from './access/key-file.ts'
import { buildApp } from './app.ts'
import { createFlowCookie } from './auth-info/flow-cookie.ts'
import { createFlowStore } from './auth-info/flow-store.ts'
import { identify } from './auth-info/identify.ts'
import { readAllowedRedirects } from './auth-info/redirect-target.ts'
import { issueTicket } from './auth-info/ticket.ts'
import { type Clock, systemClock } from './clock.ts'
import type { AccountConfig, Config } from './config/types.ts'
import { createObtain } from './credentials/obtain.ts'
import { sampleCredentials } from './credentials/samples.ts'
import { createSqlStore } from './credentials/sql-store.ts'
import { createVault, type Vault } from './credentials/vault.ts'
import { createRateLimit } from './http/rate-limit.ts'
import { readOrigins } from './jsapi/page-url.ts'
import { logRequest } from './observability/access-log.ts'
import { describeError } from './observability/describe-error.ts'
import { logRefresh, logUpstream } from './observability/log-events.ts'
import { createLogger } from './observability/logger.ts'
import { createMetrics } from './observability/metrics.ts'
import { judgeReadiness } from './observability/readiness.ts'
import { createPeople } from './people/people.ts'
import { createRandomText, type RandomBytes, systemRandom } from './random.ts'
import { openStorage } from './storage/open-storage.ts'
import { version } from './version.ts'
import { createTransport } from './wechat/transport.ts'

/** What the outside world is made of; every part can be replaced, which is how tests move time. */
export interface World {
  readonly clock?: Clock
  readonly random?: RandomBytes
  readonly fetch?: typeof fetch
  readonly logger?: Logger
}

export interface Service {
  readonly app: OpenAPIHono
  /** Asks WeChat for what every account needs, in the background, so that the first page does not wait. */
  warm(): void
  /** Makes `/readyz` answer 503, so that no new traffic comes. */
  drain(): void
  close(): Promise<void>
}

/** Accounts that are warmed at start; with more, the first page of each fetches its ticket. */
const WARM_LIMIT = 50
const STATE_LENGTH = 32

/**
 * Puts the service together: the only place that knows every part.
 *
 * @throws {StorageError} when the database or the file of our own keys cannot be used
 */
export async function compose(config: Config, world: World = {}): Promise<Service> {
  const clock = world.clock ?? systemClock
  const random = world.random ?? systemRandom
  const logger = world.logger ?? createLogger()
  const warn = (what: string) => (error: unknown) => logger.warn({ err: describeError(error) }, what)
  const keys = await loadKeys(config.keys, random)
  const storage = await openStorage(config, clock, {
    database: warn(
      'the database does not answer; check "database" (it is tried again) 数据库无响应，请检查 database 配置',
    ),
    redis: warn(
      'Redis does not answer; check "redis" (it is tried again every second) Redis 无响应，请检查 redis 配置',
    ),
    oneTime: warn('a state or ticket could not be stored; the request was refused'),
  })
  const { database, oneTime, shared } = storage
  let draining = false
  let clockAheadMs: number | undefined

  const byAppId = new Map(config.accounts.map((account) => [account.appId, account]))
  const metrics = createMetrics(() => sampleCredentials(vault, byAppId.keys(), clock))
  const transport = createTransport({
    apiHosts: config.wechat.apiHosts,
    fetch: world.fetch ?? fetch,
    clock,
    random,
    observe(call) {
      clockAheadMs = call.clockAheadMs ?? clockAheadMs
      metrics.upstream(call)
      logUpstream(logger, call)
    },
  })
  const vault: Vault = createVault({
    obtain: createObtain(transport, byAppId, () => vault),
    store: createSqlStore(database),
    clock,
    random,
    onRefresh(event) {
      metrics.refresh(event)
      logRefresh(logger, event)
    },
    onStoreError: warn('the credential store failed; memory goes on, a restart would ask WeChat anew'),
  })

  function warm(): void {
    for (const { appId } of config.accounts.slice(0, WARM_LIMIT)) {
      // A failure is logged by onRefresh and shown by /readyz.
      vault.get(appId, 'jsapi').catch(() => vault.state(appId, 'jsapi').failure)
    }
  }

  function readiness() {
    // Without traffic nobody else would find out that WeChat is back.
    if (!draining) warm()
    const states = config.accounts.map(({ appId, name }) => {
      const { leftMs, failure } = vault.state(appId, 'jsapi')
      return { appId, ...(name === undefined ? {} : { name }), leftMs, failure }
    })
    return judgeReadiness(states, draining, clockAheadMs)
  }

  const { trustedProxies, rateLimits, publicUrl } = config
  const clients = createClients(config.clients)
  const tokens = { keys: keys.ssoToken, issuer: publicUrl ?? 'wx-h5-kit', clients, clock }
  const access = createAccess(tokens)
  const people = createPeople({ database, clock, random, keys })
  const newState = createRandomText(random, STATE_LENGTH)
  const rateLimit = createRateLimit(rateLimits.signature, 'signature', shared)

  const app = buildApp({
    endpoint: {
      clock,
      newRequestId: createRandomText(random, 20),
      observe(record) {
        metrics.request(record)
        logRequest(logger, record)
      },
    },
    jsapi: {
      accounts: accountsWith(config, ({ appId, pageOrigins }) => ({
        appId,
        pageOrigins: readOrigins(pageOrigins),
      })),
      vault,
      clock,
      newNonce: createRandomText(random),
      rateLimit,
      trustedProxies,
      onSigned: (appId) => metrics.signature(appId, 'jsapi'),
      onRejected(appId, refreshed) {
        metrics.rejected(appId, refreshed)
        logger.warn({ appId, refreshed }, 'a page says WeChat refused our signature')
      },
    },
    cards: {
      accounts: accountsWith(config, ({ appId, pageOrigins, publicCards }) => ({
        appId,
        pageOrigins: readOrigins(pageOrigins),
        publicCards: new Set(publicCards),
      })),
      access,
      vault,
      grants: oneTime,
      clock,
      newNonce: createRandomText(random),
      newGrant: newState,
      rateLimit,
      trustedProxies,
      onSigned: (appId) => metrics.signature(appId, 'card'),
    },
    authInfo: {
      accounts: accountsWith(config, ({ appId, appSecret, portIds, redirects }) => ({
        appId,
        appSecret,
        portIds,
        redirects: readAllowedRedirects(redirects),
      })),
      flows: createFlowStore(oneTime, clock),
      cookie: createFlowCookie(publicUrl?.startsWith('https:') === true),
      newState,
      identify: (account, code) =>
        identify({ request: transport, clock, recognise: people.recognise }, account, code),
      issueTicket: (content) => issueTicket(oneTime, newState, content),
      tickets: oneTime,
      authorizeUrl: config.wechat.authorizeUrl,
      stateCookie: config.stateCookie,
      access,
      rateLimit: createRateLimit(rateLimits.authInfo, 'authInfo', shared),
      trustedProxies,
      publicUrl,
    },
    access: {
      ...tokens,
      newTokenId: createRandomText(random, 20),
      rateLimit: createRateLimit(rateLimits.accessToken, 'accessToken', shared),
      trustedProxies,
    },
    fans: {
      access,
      people,
      appIds: new Set(byAppId.keys()),
      ports: new Map(config.accounts.flatMap(({ appId, portIds }) => portIds.map((port) => [port, appId]))),
    },
    observability: { registry: metrics.registry, readiness },
    verifyFiles: new Map(config.accounts.flatMap((account) => Object.entries(account.verifyFiles))),
    prefix: publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/$/, ''),
    version,
  })

  return {
    app,
    warm,
    drain() {
      draining = true
    },
    close: storage.close,
  }
}

function accountsWith<Account>(
  config: Config,
  pick: (account: AccountConfig) => Account,
): ReadonlyMap<string, Account> {
  return new Map(config.accounts.map((account) => [account.appId, pick(account)]))
}
