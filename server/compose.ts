import type { OpenAPIHono } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { createAccess } from './access/access.ts'
import { createClients } from './access/clients.ts'
import { loadKeys } from './access/key-file.ts'
import type { Keys } from './access/keys.ts'
import { buildApp } from './app.ts'
import { createFlowCookie } from './auth-info/flow-cookie.ts'
import { createFlowStore } from './auth-info/flow-store.ts'
import { identify } from './auth-info/identify.ts'
import { readAllowedRedirects } from './auth-info/redirect-target.ts'
import { issueTicket } from './auth-info/ticket.ts'
import { type Clock, systemClock } from './clock.ts'
import type { AccountConfig, Config } from './config/types.ts'
import { announceAccounts } from './credentials/announced-vault.ts'
import type { CredentialKind } from './credentials/credential.ts'
import { createObtain } from './credentials/obtain.ts'
import { createRedisStore } from './credentials/redis-store.ts'
import { refusalLimits } from './credentials/refusal-limits.ts'
import { sampleCredentials } from './credentials/samples.ts'
import { createSqlStore } from './credentials/sql-store.ts'
import { sampleUsage } from './credentials/usage.ts'
import { createVault, type OwnedVault } from './credentials/vault.ts'
import { type ClientErrorAnswer, createClientErrorAnswer } from './http/client-error.ts'
import type { Direct } from './http/direct.ts'
import type { AccessRecord } from './http/endpoint.ts'
import { createGate, type Gate } from './http/gate.ts'
import { createRateLimit } from './http/rate-limit.ts'
import { createReadOrigins } from './jsapi/page-url.ts'
import { logRequest } from './observability/access-log.ts'
import { countShed } from './observability/count-shed.ts'
import { countUncaught, type OnUncaught } from './observability/count-uncaught.ts'
import { addCredentialGauges } from './observability/credential-gauges.ts'
import { describeError } from './observability/describe-error.ts'
import { addEventCounters } from './observability/event-counters.ts'
import { createFailureEpisodes } from './observability/failure-episodes.ts'
import { logContested, logRefresh, logUpstream } from './observability/log-events.ts'
import { createLogger } from './observability/logger.ts'
import { createMetrics } from './observability/metrics.ts'
import { type AccountState, judgeReadiness } from './observability/readiness.ts'
import { addStoreMetrics, type StoreName } from './observability/store-metrics.ts'
import { detectTracing } from './observability/tracing.ts'
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
  /** Answers the busiest routes straight from `node:http`, in front of `app.fetch`; `false` leaves a request to it. */
  readonly direct: Direct
  /** Refuses requests early when there are more than can be answered. */
  readonly gate: Gate
  /** Answers what is not HTTP, or too slow or too big for it. */
  readonly onClientError: ClientErrorAnswer
  /** Told of errors that nobody caught, by whoever owns the process. */
  readonly onUncaught: OnUncaught
  /** Asks WeChat for what every account needs, in the background, so that the first page does not wait. */
  warm(): void
  /** Makes `/readyz` answer 503, so that no new traffic comes. */
  drain(): void
  close(): Promise<void>
}

/** Accounts that are warmed at start; with more, the first page of each fetches its ticket. */
const WARM_LIMIT = 50
/** A turn in the database is a transaction. */
const DATABASE_PATIENCE_MS = 1_000
const TOKEN_RETRY_MS = 60_000
const STATE_LENGTH = 32

/**
 * Puts the service together: the only place that knows every part.
 *
 * @param keysUnderWay keys of our own that are being loaded already; default: they are loaded here
 * @throws {StorageError} when the database or the file of our own keys cannot be used
 */
export async function compose(
  config: Config,
  world: World = {},
  keysUnderWay?: Promise<Keys>,
): Promise<Service> {
  const clock = world.clock ?? systemClock
  const random = world.random ?? systemRandom
  const logger = world.logger ?? createLogger()
  const warn = (what: string) => (error: unknown) => logger.warn({ err: describeError(error) }, what)
  const tracing = await detectTracing(version)
  const withIds = tracing === undefined ? unchanged : <T>(line: T): T => ({ ...line, ...tracing.ids() })
  const keysLater = keysUnderWay ?? loadKeys(config.keys, random)
  // Looked at when the database is open: the first start makes them meanwhile.
  keysLater.catch(() => undefined)
  const byAppId = new Map(config.accounts.map((account) => [account.appId, account]))
  const metrics = createMetrics(() => sampleCredentials(vault, byAppId.keys(), clock))
  const stores = addStoreMetrics(metrics.registry, clock)
  const events = addEventCounters(metrics.registry, version)
  const failures = createFailureEpisodes<CredentialKind>(
    clock,
    (appId, kind) => vault.state(appId, kind).failure !== undefined,
  )
  const sharedStore: StoreName = config.redis === undefined ? 'database' : 'redis'
  const trouble = (store: StoreName, what: string) => (error: unknown) => {
    stores.failed(store)
    warn(what)(error)
  }
  const storage = await openStorage(config, clock, {
    database: trouble(
      'database',
      'the database does not answer; check "database" (it is tried again) 数据库无响应，请检查 database 配置',
    ),
    redis: trouble(
      'redis',
      'Redis does not answer; check "redis" (it is tried again every second) Redis 无响应，请检查 redis 配置',
    ),
    redisBack: () => logger.info('Redis is back Redis 已恢复'),
    oneTime: trouble(sharedStore, 'a state or ticket could not be stored; the request was refused'),
  })
  const { database, oneTime, shared } = storage
  const keys = await keysLater.catch(async (error: unknown) => {
    await storage.close()
    throw error
  })
  stores.watch('database', () => sql`select 1`.execute(database))
  if (shared !== undefined) stores.watch('redis', () => shared.redis.ping())
  const newRequestId = createRandomText(random, 20)
  const tokenRetriedAt = new Map<string, number>()
  let draining = false
  let clockAheadMs: number | undefined

  const transport = createTransport({
    apiHosts: config.wechat.apiHosts,
    fetch: world.fetch ?? fetch,
    clock,
    random,
    observe(call) {
      clockAheadMs = call.clockAheadMs ?? clockAheadMs
      metrics.upstream(call)
      events.upstream(call)
      logUpstream(logger, withIds(call))
    },
    ...(tracing === undefined ? {} : { around: tracing.call }),
  })
  const obtain = createObtain(transport, byAppId, () => vault)
  const vault: OwnedVault = createVault({
    obtain: tracing === undefined ? obtain : (request) => tracing.refresh(request, () => obtain(request)),
    store:
      shared === undefined
        ? createSqlStore(database, clock)
        : createRedisStore(shared.patientRedis, shared.prefix, random),
    ...(shared === undefined ? { storePatienceMs: DATABASE_PATIENCE_MS } : {}),
    limitsOf: (appId, kind) => refusalLimits(kind, byAppId.get(appId)?.tokenApi ?? 'stable'),
    clock,
    random,
    onRefresh(event) {
      metrics.refresh(event)
      logRefresh(logger, withIds(event), failures.judge(event))
    },
    onContested: (appId) => logContested(logger, appId),
    onStoreLost: trouble(
      sharedStore,
      'the store of credentials does not answer; memory goes on, replicas may ask WeChat each for itself 凭证存储无响应，暂用内存中的凭证',
    ),
    onStoreBack: () => logger.info({ store: sharedStore }, 'the store of credentials is back 凭证存储已恢复'),
  })

  function warm(requestId = newRequestId()): void {
    for (const { appId } of config.accounts.slice(0, WARM_LIMIT)) {
      // A failure is logged by onRefresh and shown by /readyz.
      vault.get(appId, 'jsapi', requestId).catch(() => vault.state(appId, 'jsapi').failure)
      if (mayRetryToken(appId)) {
        vault.get(appId, 'access_token', requestId).catch(() => vault.state(appId, 'access_token').failure)
      }
    }
  }

  /** A token that fails while tickets live would be asked for again only with the next ticket, hours later. */
  function mayRetryToken(appId: string): boolean {
    const now = clock.monotonic()
    const due = now - (tokenRetriedAt.get(appId) ?? Number.NEGATIVE_INFINITY) >= TOKEN_RETRY_MS
    if (!due || vault.state(appId, 'access_token').failure === undefined) return false
    tokenRetriedAt.set(appId, now)
    return true
  }

  function accountState({ appId, name }: AccountConfig): AccountState {
    const { leftMs, failure, contested } = vault.state(appId, 'jsapi')
    const token = vault.state(appId, 'access_token')
    return {
      appId,
      ...(name === undefined ? {} : { name }),
      leftMs,
      failure: failure ?? token.failure,
      contested: contested || token.contested,
    }
  }

  function readiness(requestId?: string) {
    // Without traffic nobody else would find out that WeChat is back.
    if (!draining) warm(requestId)
    return judgeReadiness(config.accounts.map(accountState), draining, clockAheadMs)
  }

  addCredentialGauges(metrics.registry, {
    failing: failures.failing,
    usage: () => sampleUsage(vault, config.accounts),
    accounts: () =>
      config.accounts.map((account) => {
        const { appId, leftMs, contested } = accountState(account)
        return { appId, ready: leftMs > 0, contested: contested === true }
      }),
  })

  const { trustedProxies, rateLimits, publicUrl } = config
  const clients = createClients(config.clients)
  const tokens = { keys: keys.ssoToken, issuer: publicUrl ?? 'wx-h5-kit', clients, clock }
  const access = createAccess(tokens)
  const people = createPeople({ database, clock, random, keys })
  const newState = createRandomText(random, STATE_LENGTH)
  const routeVault = tracing === undefined ? vault : announceAccounts(vault, tracing.account)
  const readOrigins = createReadOrigins()
  const rateLimit = createRateLimit(rateLimits.signature, 'signature', shared, clock)

  const prefix = publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/$/, '')
  function observe(record: AccessRecord): void {
    metrics.request(record)
    logRequest(logger, withIds(record))
  }

  const { app, direct } = buildApp({
    endpoint: {
      clock,
      newRequestId,
      observe,
    },
    ...(tracing === undefined ? {} : { aroundFrame: tracing.frame }),
    jsapi: {
      accounts: accountsWith(config, ({ appId, pageOrigins }) => ({
        appId,
        pageOrigins: readOrigins(pageOrigins),
      })),
      vault: routeVault,
      clock,
      newNonce: createRandomText(random),
      rateLimit,
      trustedProxies,
      countSigned: (appId) => metrics.signatures(appId, 'jsapi'),
      onRejected(appId, refreshed) {
        metrics.rejected(appId, refreshed)
        logger.warn(withIds({ appId, refreshed }), 'a page says WeChat refused our signature')
      },
    },
    cards: {
      accounts: accountsWith(config, ({ appId, pageOrigins, publicCards }) => ({
        appId,
        pageOrigins: readOrigins(pageOrigins),
        publicCards: new Set(publicCards),
      })),
      access,
      vault: routeVault,
      grants: oneTime,
      clock,
      newNonce: createRandomText(random),
      newGrant: newState,
      rateLimit,
      trustedProxies,
      onSigned: (appId) => metrics.signatures(appId, 'card').add(),
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
      identify: (account, code, requestId) =>
        identify({ request: transport, clock, recognise: people.recognise }, account, code, requestId),
      onOutcome(appId, outcome) {
        events.login(appId, outcome)
        tracing?.account(appId)
      },
      issueTicket: (content) => issueTicket(oneTime, newState, content),
      tickets: oneTime,
      authorizeUrl: config.wechat.authorizeUrl,
      stateCookie: config.stateCookie,
      access,
      rateLimit: createRateLimit(rateLimits.authInfo, 'authInfo', shared, clock),
      trustedProxies,
      publicUrl,
    },
    access: {
      ...tokens,
      newTokenId: createRandomText(random, 20),
      rateLimit: createRateLimit(rateLimits.accessToken, 'accessToken', shared, clock),
      trustedProxies,
    },
    credentials: { accounts: byAppId, access, vault: routeVault, clock },
    fans: {
      access,
      people,
      appIds: new Set(byAppId.keys()),
      ports: new Map(config.accounts.flatMap(({ appId, portIds }) => portIds.map((port) => [port, appId]))),
    },
    observability: { registry: metrics.registry, readiness },
    verifyFiles: new Map(config.accounts.flatMap((account) => Object.entries(account.verifyFiles))),
    prefix,
    version,
  })

  return {
    app,
    direct,
    gate: createGate({ newRequestId, onShed: countShed(metrics.registry, logger, clock), prefix }),
    onClientError: createClientErrorAnswer({ newRequestId, observe }),
    onUncaught: countUncaught(metrics.registry, logger),
    warm: () => warm(),
    drain() {
      draining = true
    },
    async close() {
      await vault.close()
      await storage.close()
    },
  }
}

const unchanged = <T>(line: T): T => line

function accountsWith<Account>(
  config: Config,
  pick: (account: AccountConfig) => Account,
): ReadonlyMap<string, Account> {
  return new Map(config.accounts.map((account) => [account.appId, pick(account)]))
}
