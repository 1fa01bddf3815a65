import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Count } from '../count.ts'
import type { AccessRecord } from '../http/endpoint.ts'
import type { UpstreamCall } from '../wechat/transport.ts'
import { createTally } from './tally.ts'

export interface CredentialSample {
  readonly appId: string
  readonly kind: string
  readonly ageS: number
  readonly leftS: number
}

export interface RefreshSample {
  readonly appId: string
  readonly kind: string
  readonly reason: string
  readonly result: string
}

export interface Metrics {
  readonly registry: Registry
  request(record: AccessRecord): void
  /** What counts the signatures of an account. */
  signatures(appId: string, kind: string): Count
  rejected(appId: string, refreshed: boolean): void
  refresh(event: RefreshSample): void
  upstream(call: UpstreamCall): void
}

/**
 * Makes the metrics of one service, in a registry of its own.
 *
 * Labels are routes, codes, accounts and kinds, never an address, a person or a value.
 *
 * @param credentials read when Prometheus asks, for the age and the remaining life of each credential
 */
export function createMetrics(credentials: () => readonly CredentialSample[]): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const answered = createTally<'route' | 'status' | 'code'>()
  const signed = createTally<'app_id' | 'kind'>()
  new Counter({
    name: 'wxh5_http_requests_total',
    help: 'Requests answered, by route, status and error code',
    labelNames: ['route', 'status', 'code'],
    registers,
    collect() {
      answered.pourInto(this)
    },
  })
  const durations = new Histogram({
    name: 'wxh5_http_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  new Counter({
    name: 'wxh5_signatures_total',
    help: 'Signatures made, by account and kind',
    labelNames: ['app_id', 'kind'],
    registers,
    collect() {
      signed.pourInto(this)
    },
  })
  const rejections = new Counter({
    name: 'wxh5_signatures_rejected_total',
    help: 'Signatures that pages say WeChat refused, and whether that refreshed the ticket',
    labelNames: ['app_id', 'refreshed'],
    registers,
  })
  const refreshes = new Counter({
    name: 'wxh5_credential_refreshes_total',
    help: 'Refreshes of tokens and tickets, by reason and result',
    labelNames: ['app_id', 'kind', 'reason', 'result'],
    registers,
  })
  const upstream = new Histogram({
    name: 'wxh5_wechat_request_duration_seconds',
    help: 'Time WeChat took to answer, by path, host and result',
    labelNames: ['path', 'host', 'result'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  const age = new Gauge({
    name: 'wxh5_credential_age_seconds',
    help: 'Seconds since WeChat issued the credential in use',
    labelNames: ['app_id', 'kind'],
    registers,
    collect() {
      this.reset()
      for (const { appId, kind, ageS } of credentials()) this.set({ app_id: appId, kind }, ageS)
    },
  })
  const left = new Gauge({
    name: 'wxh5_credential_remaining_seconds',
    help: 'Seconds until the credential in use dies',
    labelNames: ['app_id', 'kind'],
    registers,
    collect() {
      this.reset()
      for (const { appId, kind, leftS } of credentials()) this.set({ app_id: appId, kind }, leftS)
    },
  })
  const ahead = new Gauge({
    name: 'wxh5_clock_ahead_seconds',
    help: "How far this machine's clock is ahead of WeChat's",
    registers,
  })
  age.reset()
  left.reset()

  return {
    registry,
    request({ route, status, code, durationMs }) {
      answered.add(route, code ?? status, () => ({ route, status, code: code ?? '' }))
      durations.observe({ route }, durationMs / 1_000)
    },
    signatures: (appId, kind) => signed.count(appId, kind, () => ({ app_id: appId, kind })),
    rejected: (appId, refreshed) => rejections.inc({ app_id: appId, refreshed: String(refreshed) }),
    refresh: ({ appId, kind, reason, result }) => refreshes.inc({ app_id: appId, kind, reason, result }),
    upstream({ path, host, result, durationMs, clockAheadMs }) {
      upstream.observe({ path, host: new URL(host).host, result }, durationMs / 1_000)
      if (clockAheadMs !== undefined) ahead.set(clockAheadMs / 1_000)
    },
  }
}
