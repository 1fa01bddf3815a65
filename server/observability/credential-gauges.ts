import { Gauge, type Registry } from 'prom-client'
import type { FailingCredential } from './failure-episodes.ts'

export interface CredentialUsage {
  readonly appId: string
  readonly kind: string
  readonly callsToday: number
  /** WeChat's daily limit, where it publishes one. */
  readonly dailyLimit?: number
}

export interface AccountCondition {
  readonly appId: string
  readonly ready: boolean
  readonly contested: boolean
}

export interface CredentialConditions {
  readonly failing: () => readonly FailingCredential[]
  readonly usage: () => readonly CredentialUsage[]
  readonly accounts: () => readonly AccountCondition[]
}

/** Adds what an on-call person asks first: which account is ready, which one fails and why, how much quota is left. */
export function addCredentialGauges(registry: Registry, conditions: CredentialConditions): void {
  const registers = [registry]
  const gauges = [
    new Gauge({
      name: 'wxh5_account_ready',
      help: 'Whether pages of the account can be signed: 1 or 0',
      labelNames: ['app_id'],
      registers,
      collect() {
        this.reset()
        for (const { appId, ready } of conditions.accounts()) this.set({ app_id: appId }, Number(ready))
      },
    }),
    new Gauge({
      name: 'wxh5_credential_failing',
      help: 'Refreshes that fail, by our code and the errcode of WeChat: 1 while they do',
      labelNames: ['app_id', 'kind', 'code', 'errcode'],
      registers,
      collect() {
        this.reset()
        for (const { appId, kind, code, errcode } of conditions.failing())
          this.set({ app_id: appId, kind, code, errcode: String(errcode ?? '') }, 1)
      },
    }),
    new Gauge({
      name: 'wxh5_credential_contested',
      help: 'Whether another program refreshes the same account: 1 or 0',
      labelNames: ['app_id'],
      registers,
      collect() {
        this.reset()
        for (const { appId, contested } of conditions.accounts())
          this.set({ app_id: appId }, Number(contested))
      },
    }),
    new Gauge({
      name: 'wxh5_credential_calls_today',
      help: 'Calls to WeChat for the credential since midnight in China, of all replicas that share a store',
      labelNames: ['app_id', 'kind'],
      registers,
      collect() {
        this.reset()
        for (const { appId, kind, callsToday } of conditions.usage())
          this.set({ app_id: appId, kind }, callsToday)
      },
    }),
    new Gauge({
      name: 'wxh5_credential_daily_limit',
      help: 'How many of these calls WeChat grants in a day, where it says so',
      labelNames: ['app_id', 'kind'],
      registers,
      collect() {
        this.reset()
        for (const { appId, kind, dailyLimit } of conditions.usage())
          if (dailyLimit !== undefined) this.set({ app_id: appId, kind }, dailyLimit)
      },
    }),
  ]
  for (const gauge of gauges) gauge.reset()
}
