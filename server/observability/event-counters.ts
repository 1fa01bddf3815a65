import { Counter, Gauge, type Registry } from 'prom-client'
import { explainErrcode } from '../wechat/errcodes.ts'
import type { UpstreamCall } from '../wechat/transport.ts'

export interface EventCounters {
  upstream(call: UpstreamCall): void
  /** One step of a login: `started`, `landed`, `access_denied`, `snapshot_user`, `started_over`, or our code. */
  login(appId: string, outcome: string): void
}

/** Adds what WeChat refused, how logins ended, and which build this is. */
export function addEventCounters(registry: Registry, version: string): EventCounters {
  const registers = [registry]
  const refusals = new Counter({
    name: 'wxh5_wechat_errcodes_total',
    help: "WeChat's refusals, by path and errcode; codes without an explanation count as other",
    labelNames: ['path', 'errcode'],
    registers,
  })
  const logins = new Counter({
    name: 'wxh5_auth_info_total',
    help: 'Logins begun and ended, by outcome',
    labelNames: ['app_id', 'outcome'],
    registers,
  })
  new Gauge({
    name: 'wxh5_build_info',
    help: 'Always 1; the labels tell which build answers',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1)
  return {
    upstream({ path, errcode }) {
      if (errcode === undefined) return
      const known = explainErrcode(errcode).name !== 'unknown'
      refusals.inc({ path, errcode: known ? String(errcode) : 'other' })
    },
    login: (appId, outcome) => logins.inc({ app_id: appId, outcome }),
  }
}
