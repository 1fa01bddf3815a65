import { getRandomValues } from 'node:crypto'
import { Hono } from 'hono'
import { builtInAccount } from './accounts.ts'
import { answerApi } from './api/answer-api.ts'
import { callerOf } from './api/caller.ts'
import { APIS } from './api/table.ts'
import { createCallLog } from './call-log.ts'
import { verifyAddCard } from './cards/add-card.ts'
import { verifyChooseCard } from './cards/choose-card.ts'
import { verifyViewCard } from './cards/view-card.ts'
import { createClock } from './clock.ts'
import { assertAccounts } from './config/account-schema.ts'
import { assertCards } from './config/card-schema.ts'
import { assertOAuthSwitches, assertVisitors } from './config/oauth-schema.ts'
import { createBridgeLog } from './control/bridge-log.ts'
import { sendBuiltFile } from './control/built-files.ts'
import { controlRoutes } from './control/routes.ts'
import { createWorld } from './create-world.ts'
import { createFaultList } from './faults.ts'
import { createHeldRequests } from './held-requests.ts'
import { PICTURE_PATH, picture } from './oauth/picture.ts'
import { PAGES } from './oauth/table.ts'
import type { VisitorList } from './oauth-types.ts'
import { snapshotAccount } from './snapshot.ts'
import { DEFAULT_LIFE_S } from './truth/issued.ts'
import { identityOf, visitorList } from './truth/visitors.ts'
import type { Sandbox, SandboxAccount, SandboxOptions } from './types.ts'
import { verifyConfig } from './verify/verify-config.ts'
import { builtInVisitors } from './visitors.ts'

/**
 * WeChat in a box: answers like api.weixin.qq.com, knows at every instant which token and ticket is valid, and
 * verifies what a page hands to `wx.config` with the client's own rule. Plays open.weixin.qq.com too: visitors who
 * are sent to `/connect/oauth2/authorize` come back with a code.
 *
 * It needs no network and no account. Reach it through {@link Sandbox.fetch}, through MSW with `mswHandler`, or
 * over HTTP with `serveSandbox`.
 *
 * @throws {TypeError} when an account, a visitor or a switch is malformed; the message names every mistake.
 * @example
 * const sandbox = createSandbox()
 * const { appId, appSecret } = builtInAccount
 * const url = `https://api.weixin.qq.com/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`
 * const answer = await sandbox.fetch(new Request(url))
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const accounts = options.accounts ?? [builtInAccount]
  assertAccounts(accounts)
  const visitors = options.visitors ?? builtInVisitors
  assertVisitors(visitors)
  assertOAuthSwitches(options.oauth ?? {})
  const clock = createClock(options.now ?? (() => Date.now()))
  const random = options.random ?? ((size: number) => getRandomValues(new Uint8Array(size)))
  const faults = createFaultList((path) => {
    if (APIS.has(path)) return 'api'
    return PAGES.has(path) ? 'page' : undefined
  })
  const calls = createCallLog()
  const held = createHeldRequests()
  const log = createBridgeLog(clock.now)
  const accountsById = new Map<string, SandboxAccount>()
  const startAccounts = (): void => {
    for (const account of accounts) accountsById.set(account.appId, account)
  }
  startAccounts()
  const world = createWorld(accountsById, { ...options, visitors }, clock, random)
  const accountOf = (appId: string): SandboxAccount => {
    const account = world.accounts.get(appId)
    if (account !== undefined) return account
    throw new TypeError(
      `The sandbox has no account ${appId}; it has ${[...world.accounts.keys()].join(', ')}.`,
    )
  }
  const known = (appId: string): string => accountOf(appId).appId
  const named = (appId: string | undefined): string => known(appId ?? onlyOf([...world.accounts.keys()]))
  const visitorsNow = (): VisitorList => visitorList(world.visitors, world.accounts.values())

  const controls: Omit<Sandbox, 'app' | 'fetch'> = {
    clock,
    snapshot: () => ({
      now: clock.now(),
      offsetMs: clock.offsetMs,
      accounts: [...world.accounts.values()].map((account) => snapshotAccount(world, account)),
      visitors: visitorsNow(),
      oauth: world.oauth.now(),
      faults: faults.list(),
      callCounts: calls.counts(),
    }),
    reset() {
      const { tokens, tickets, quotas, codes, oauthTokens, consents, oauth, cards } = world
      startAccounts()
      for (const part of [tokens, tickets, quotas, codes, oauthTokens, consents, oauth]) part.clear()
      for (const part of [cards, world.visitors, faults, calls, log]) part.clear()
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
    visitors: visitorsNow,
    putVisitors(list) {
      assertVisitors(list)
      world.visitors.put(list)
    },
    chooseVisitor: (id) => world.visitors.choose(id),
    identityOf(visitorId, appId) {
      const account = accountOf(named(appId))
      return identityOf(account, world.visitors.get(visitorId))
    },
    setOAuth(changes) {
      assertOAuthSwitches(changes)
      world.oauth.change(changes)
    },
    changeAccount(appId, changes) {
      const changed = { ...accountOf(appId), ...changes, appId }
      assertAccounts([changed])
      accountsById.set(appId, changed)
    },
    cards: (appId) => world.cards.snapshot(named(appId)),
    putCards(cards, appId) {
      assertCards(cards)
      world.cards.put(named(appId), cards)
    },
    verifyAddCard: (request) => verifyAddCard(world, request),
    verifyChooseCard: (request) => verifyChooseCard(world, request),
    verifyViewCard: (request) => verifyViewCard(world, request),
    verifyConfig: (request) => verifyConfig(world, faults, request),
    calls: (path) => calls.list(path),
    releaseHeld: () => held.release(),
  }

  const app = new Hono()
  app.route('/__sandbox', controlRoutes(controls, log, options))
  app.get(PICTURE_PATH, (c) => {
    const visitor = world.visitors.find(c.req.param('visitor'))
    return visitor === undefined ? c.notFound() : picture(visitor)
  })
  app.all('*', async (c) => {
    const { method, path } = c.req
    if (
      options.phoneFolder !== undefined &&
      (method === 'GET' || method === 'HEAD') &&
      !isWechat(c.req.raw, path)
    ) {
      const file = await sendBuiltFile(options.phoneFolder, path)
      if (file !== undefined) return file
    }
    const caller = callerOf(c.env, options.callerIp ?? '127.0.0.1')
    return answerApi({ world, faults, calls, held }, c.req.raw, caller)
  })
  app.onError(({ message }, c) => c.text(`wx-h5-kit sandbox: this request failed: ${message}\n`, 500))
  return { ...controls, app, fetch: async (request) => app.fetch(request) }
}

function isWechat(request: Request, path: string): boolean {
  const name = path.slice(1)
  return APIS.has(name) || PAGES.has(name) || new URL(request.url).hostname.endsWith('.weixin.qq.com')
}

function onlyOf(appIds: readonly string[]): string {
  const [only] = appIds
  if (only !== undefined && appIds.length === 1) return only
  throw new TypeError(`The sandbox has ${appIds.length} accounts; name one: ${appIds.join(', ')}.`)
}
