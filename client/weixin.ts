import { waitForBridge } from './bridge.ts'
import type { Core, Note } from './core.ts'
import { detectEnvironment, environmentSource } from './environment.ts'
import { asWeixinError, WeixinError } from './errors.ts'
import { cleanAddress } from './identity-names.ts'
import { loadDebug } from './load-debug.ts'
import { type Page, type PageWindow, withoutFragment } from './page.ts'
import { becomeReady, type Session, weixinWindow } from './ready.ts'
import { load, loadInvoke, loadSdk } from './sdk.ts'
import type { Timeouts, Weixin, WeixinOptions } from './types.ts'

interface Attempt {
  session: Promise<Session>
  settled?: Session
}

/** {@link createWeixin} on a given page. */
export function createWeixinOn(page: Page, options: WeixinOptions): Weixin {
  const timeouts: Timeouts = {
    bridgeMs: 5_000,
    serviceMs: 10_000,
    verifyMs: 10_000,
    callMs: 10_000,
    interactiveMs: 600_000,
    ...options.timeouts,
  }
  const { window } = page
  let attempt: Attempt | undefined
  let lastImage: Promise<unknown> = Promise.resolve()

  // Calls that wait for an answer: WeChat gives none to a document that has gone.
  const open = new Set<() => void>()
  const journal: Note[] = []
  const note = (what: Omit<Note, 'at'>) => {
    journal.push({ ...what, at: page.now() })
    journal.splice(0, journal.length - 100)
    core.onNote?.()
  }

  // WeChat may have forgotten a page that comes back from the back/forward cache.
  if (window) {
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) attempt = undefined
    })
    window.addEventListener('pagehide', () => {
      for (const leave of open) leave()
    })
  }

  const hasMoved = ({ currentUrl }: Session) =>
    currentUrl !== (window && withoutFragment(window.location.href))
  const isStale = ({ settled }: Attempt) =>
    settled && settled.ready.candidate !== 'landing' && hasMoved(settled)

  const session = async (): Promise<Session> => {
    if (!attempt || isStale(attempt)) {
      const mine: Attempt = { session: becomeReady(page, options, timeouts, note) }
      attempt = mine
      mine.session.then(
        (settled) => {
          mine.settled = settled
        },
        () => {
          if (attempt === mine) attempt = undefined
        },
      )
    }
    return attempt.session
  }
  // Asked twice: the address may have changed while WeChat was verifying the old one.
  const freshSession = () => session().then(session)

  // A promise nobody looks at must not become an `unhandledrejection`: pages share in passing, also outside WeChat.
  const observed = <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const result = work().catch((thrown) => {
      const error = asWeixinError(thrown, 'invalid_argument', what)
      note({ error })
      throw error
    })
    result.catch(() => undefined)
    return result
  }

  const call = (name: string, params: object = {}) =>
    observed(name, async () => {
      const copy = JSON.parse(JSON.stringify(params))
      const { listener = () => undefined } = params as { listener?: () => void }
      const ask = ({ sdk, invoke }: Pick<Session, 'sdk' | 'invoke'>) =>
        new Promise((resolve, reject) => {
          const leave = () =>
            reject(
              new WeixinError('page_left', name, 'the page was left while WeChat was asked', {
                hint: 'Call it again once the page is back.',
                hintZh: '请在返回页面后重新调用。',
              }),
            )
          open.add(leave)
          invoke(sdk, name, copy, listener, timeouts)
            .finally(() => open.delete(leave))
            .then(resolve, reject)
        })
      if (name.startsWith('miniProgram.')) {
        await waitForBridge(weixinWindow(page), timeouts)
        const [sdk, invoke] = await Promise.all([loadSdk(page, options.sdk, timeouts), loadInvoke(timeouts)])
        return ask({ sdk, invoke })
      }
      const verified = await freshSession()
      const turn = () =>
        ask(verified).catch(async (error) => {
          // A client that wants the current address although it took the landing one: nobody was asked anything yet.
          if (error.code !== 'not_verified' || !hasMoved(verified)) throw error
          attempt = undefined
          page.preferred = 'current'
          return ask(await freshSession())
        })
      if (name !== 'getLocalImgData') return turn()
      // WeChat reads one local image at a time.
      lastImage = lastImage.then(turn, turn)
      return lastImage
    })

  const core: Core = { page, options, timeouts, journal, call, freshSession }
  // What is given is copied before the code for it has come.
  const late =
    <A extends readonly unknown[], R>(
      what: string,
      from: () => Promise<(core: Core, window: PageWindow, ...given: A) => R | Promise<R>>,
      needsWeixin = true,
    ) =>
    (...given: A) =>
      observed(what, async () => {
        const here = needsWeixin ? weixinWindow(page) : (window as PageWindow)
        const copies = given.map((one) => Object.assign(Array.isArray(one) ? [] : {}, one))
        return (await load(what, from, timeouts))(core, here, ...(copies as unknown as A))
      })
  const cards = () => import('./cards.ts')

  return {
    get environment() {
      return detectEnvironment(environmentSource(window || {}))
    },
    ready: () => observed('ready', async () => (await session()).ready),
    call: call as Weixin['call'],
    share: late('share', async () => (await import('./share.ts')).share) as Weixin['share'],
    addCard: late('addCard', async () => (await cards()).addCard),
    chooseCard: late('chooseCard', async () => (await cards()).chooseCard),
    openCard: late('openCard', async () => (await cards()).openCard),
    debug: late('debug', loadDebug, false),
    onOpenTagError: (listener) => {
      const { document } = window || {}
      const hear = (event: Event) => {
        const { errMsg } = (event as CustomEvent<{ errMsg: string }>).detail
        listener(new WeixinError('not_supported', 'open tags', errMsg, { errMsg }))
      }
      document?.addEventListener('WeixinOpenTagsError', hear)
      return () => document?.removeEventListener('WeixinOpenTagsError', hear)
    },
    authInfo: (request = {}) =>
      observed('authInfo', async () => {
        const here = weixinWindow(page)
        // Ahead of every request, also of the one for the rest of the code.
        if (request.cleanUrl !== false) cleanAddress(here)
        const { authInfo } = await load('authInfo', () => import('./auth-info.ts'), timeouts)
        return authInfo(page, here, options, request)
      }),
  }
}
