import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import { buildApp } from './app.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config/types.ts'
import { createObtain } from './credentials/obtain.ts'
import { createSqlStore } from './credentials/sql-store.ts'
import { createVault, type RefreshEvent, type Vault } from './credentials/vault.ts'
import { createRateLimit } from './http/rate-limit.ts'
import { readOrigins } from './jsapi/page-url.ts'
import { logRequest } from './observability/access-log.ts'
import { createLogger } from './observability/logger.ts'
import { createMetrics } from './observability/metrics.ts'
import { judgeReadiness } from './observability/readiness.ts'
import { createRandomText, type RandomBytes, systemRandom } from './random.ts'
import { openDatabase } from './storage/open-database.ts'
import { version } from './version.ts'
import { createTransport, type UpstreamCall } from './wechat/transport.ts'

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
const SIGNING_KINDS = ['access_token', 'jsapi'] as const

/**
 * Puts the service together: the only place that knows every part.
 *
 * @throws {StorageError} when the database cannot be used
 */
export async function compose(config: Config, world: World = {}): Promise<Service> {
  const clock = world.clock ?? systemClock
  const random = world.random ?? systemRandom
  const logger = world.logger ?? createLogger()
  const database = await openDatabase(config.database, (error) =>
    logger.warn({ err: error }, 'the connection to the database broke; a new one is made'),
  )
  let draining = false
  let clockAheadMs: number | undefined

  const metrics = createMetrics(() => credentialSamples(config, vault, clock))
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
  const accounts = new Map(config.accounts.map((account) => [account.appId, account]))
  const vault: Vault = createVault({
    obtain: createObtain(transport, accounts, () => vault),
    store: createSqlStore(database),
    clock,
    random,
    onRefresh(event) {
      metrics.refresh(event)
      logRefresh(logger, event)
    },
    onStoreError: (error) =>
      logger.warn(
        { err: error },
        'the credential store failed; memory goes on, a restart would ask WeChat anew',
      ),
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
    const states = config.accounts.map((account) => {
      const { leftMs, failure } = vault.state(account.appId, 'jsapi')
      return {
        appId: account.appId,
        ...(account.name === undefined ? {} : { name: account.name }),
        leftMs,
        failure,
      }
    })
    return judgeReadiness(states, draining, clockAheadMs)
  }

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
      accounts: new Map(
        config.accounts.map(({ appId, pageOrigins }) => [
          appId,
          { appId, pageOrigins: readOrigins(pageOrigins) },
        ]),
      ),
      vault,
      clock,
      newNonce: createRandomText(random),
      rateLimit: createRateLimit(config.rateLimits.signature, 'signature'),
      trustedProxies: config.trustedProxies,
      onSigned: (appId) => metrics.signature(appId, 'jsapi'),
      onRejected(appId, refreshed) {
        metrics.rejected(appId, refreshed)
        logger.warn({ appId, refreshed }, 'a page says WeChat refused our signature')
      },
    },
    observability: { registry: metrics.registry, readiness },
    verifyFiles: new Map(config.accounts.flatMap((account) => Object.entries(account.verifyFiles))),
    prefix: config.publicUrl === undefined ? '' : new URL(config.publicUrl).pathname.replace(/\/$/, ''),
    version,
  })

  return {
    app,
    warm,
    drain() {
      draining = true
    },
    close: () => database.destroy(),
  }
}

function credentialSamples(config: Config, vault: Vault, clock: Clock) {
  return config.accounts.flatMap(({ appId }) =>
    SIGNING_KINDS.flatMap((kind) => {
      const { current, leftMs } = vault.state(appId, kind)
      if (current === undefined) return []
      return [{ appId, kind, ageS: (clock.now() - current.obtainedAt) / 1_000, leftS: leftMs / 1_000 }]
    }),
  )
}

function logRefresh(logger: Logger, event: RefreshEvent): void {
  const { error, durationMs, ...rest } = event
  const record = { ...rest, durationMs: Math.round(durationMs) }
  if (error === undefined) {
    logger.info(record, 'credential refreshed')
  } else {
    const { code, errcode, rid, hint } = error
    logger.error({ ...record, code, errcode, rid, hint }, `credential not refreshed: ${error.message}`)
  }
}

function logUpstream(logger: Logger, call: UpstreamCall): void {
  const { durationMs, clockAheadMs, ...rest } = call
  logger.debug({ ...rest, durationMs: Math.round(durationMs) }, 'asked WeChat')
}
