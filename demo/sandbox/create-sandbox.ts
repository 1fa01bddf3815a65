import { getRandomValues } from 'node:crypto'
import { Hono } from 'hono'
import { builtInAccount } from './accounts.ts'
import { answerApi } from './api/answer-api.ts'
import { callerOf } from './api/caller.ts'
import { APIS } from './api/table.ts'
import { createCallLog } from './call-log.ts'
import { createClock } from './clock.ts'
import { assertAccounts } from './config/account-schema.ts'
import { createBridgeLog } from './control/bridge-log.ts'
import { sendPhoneFile } from './control/built-files.ts'
import { controlRoutes } from './control/routes.ts'
import { createFaultList } from './faults.ts'
import { createHeldRequests } from './held-requests.ts'
import { snapshotAccount } from './snapshot.ts'
import { createAccessTokens } from './truth/access-tokens.ts'
import { DEFAULT_LIFE_S } from './truth/issued.ts'
import { createQuotas } from './truth/quotas.ts'
import { createTickets } from './truth/tickets.ts'
import type { Sandbox, SandboxOptions } from './types.ts'
import { verifyConfig } from './verify/verify-config.ts'
import type { World } from './world.ts'

const FORMER_TICKET_S = 300

/**
 * WeChat in a box: answers like api.weixin.qq.com, knows at every instant which token and ticket is valid, and
 * verifies what a page hands to `wx.config` with the client's own rule.
 *
 * It needs no network and no account. Reach it through {@link Sandbox.fetch}, through MSW with `mswHandler`, or
 * over HTTP with `serveSandbox`.
 *
 * @throws {TypeError} when an account is malformed or listed twice; the message names every mistake.
 * @example
 * const sandbox = createSandbox()
 * const { appId, appSecret } = builtInAccount
 * const url = `https://api.weixin.qq.com/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`
 * const answer = await sandbox.fetch(new Request(url))
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const accounts = options.accounts ?? [builtInAccount]
  assertAccounts(accounts)
  const clock = createClock(options.now ?? (() => Date.now()))
  const random = options.random ?? ((size: number) => getRandomValues(new Uint8Array(size)))
  const faults = createFaultList((path) => APIS.has(path))
  const calls = createCallLog()
  const held = createHeldRequests()
  const log = createBridgeLog(clock.now)
  const world: World = {
    accounts: new Map(accounts.map((account) => [account.appId, account])),
    options,
    tokens: createAccessTokens(clock.now, random),
    tickets: createTickets(clock.now, random, {
      rotation: options.ticketRotation ?? 'kept',
      formerTicketS: options.formerTicketS ?? FORMER_TICKET_S,
    }),
    quotas: createQuotas(clock.now),
    now: clock.now,
    random,
  }
  const known = (appId: string): string => {
    if (world.accounts.has(appId)) return appId
    throw new TypeError(
      `The sandbox has no account ${appId}; it has ${[...world.accounts.keys()].join(', ')}.`,
    )
  }

  const controls: Omit<Sandbox, 'app' | 'fetch'> = {
    clock,
    snapshot: () => ({
      now: clock.now(),
      offsetMs: clock.offsetMs,
      accounts: [...world.accounts.values()].map((account) => snapshotAccount(world, account)),
      faults: faults.list(),
      callCounts: calls.counts(),
    }),
    reset() {
      for (const part of [world.tokens, world.tickets, world.quotas, faults, calls, log]) part.clear()
      clock.advance(-clock.offsetMs)
      held.release()
    },
    setFaults: (list) => faults.set(list),
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    rotateTicket: (appId, type = 'jsapi') => world.tickets.rotate(known(appId), type),
    revokeTokens: (appId) => world.tokens.revoke(known(appId)),
    seedTicket: (appId, type, ticket, expiresInS = DEFAULT_LIFE_S) =>
      world.tickets.seed(known(appId), type, ticket, expiresInS),
    seedToken: (appId, kind, token, expiresInS = DEFAULT_LIFE_S) =>
      world.tokens.seed(known(appId), kind, token, expiresInS),
    verifyConfig: (request) => verifyConfig(world, faults, request),
    calls: (path) => calls.list(path),
    releaseHeld: () => held.release(),
  }

  const app = new Hono()
  app.route('/__sandbox', controlRoutes(controls, log, options))
  app.all('*', async (c) => {
    const { method, path } = c.req
    if (
      options.phoneFolder !== undefined &&
      (method === 'GET' || method === 'HEAD') &&
      !isWechat(c.req.raw, path)
    ) {
      const file = await sendPhoneFile(options.phoneFolder, path)
      if (file !== undefined) return file
    }
    const caller = callerOf(c.env, options.callerIp ?? '127.0.0.1')
    return answerApi({ world, faults, calls, held }, c.req.raw, caller)
  })
  app.onError(({ message }, c) => c.text(`wx-h5-kit sandbox: this request failed: ${message}\n`, 500))
  return { ...controls, app, fetch: async (request) => app.fetch(request) }
}

function isWechat(request: Request, path: string): boolean {
  return APIS.has(path.slice(1)) || new URL(request.url).hostname.endsWith('.weixin.qq.com')
}
