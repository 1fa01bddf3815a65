import { waitForBridge } from './bridge.ts'
import { invokeApi } from './call.ts'
import { detectEnvironment, environmentSource } from './environment.ts'
import { asWeixinError } from './errors.ts'
import { cleanAddress } from './identity-names.ts'
import { type Page, withoutFragment } from './page.ts'
import { becomeReady, type Session, weixinWindow } from './ready.ts'
import { load, loadSdk } from './sdk.ts'
import { setShare, shareData } from './share.ts'
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

  // WeChat may have forgotten a page that comes back from the back/forward cache.
  if (window)
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) attempt = undefined
    })

  const isStale = ({ settled }: Attempt) =>
    settled &&
    settled.ready.candidate !== 'landing' &&
    settled.currentUrl !== (window && withoutFragment(window.location.href))

  const session = async (): Promise<Session> => {
    if (!attempt || isStale(attempt)) {
      const mine: Attempt = { session: becomeReady(page, options, timeouts) }
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
    const result = work().catch((error) => {
      throw asWeixinError(error, 'invalid_argument', what)
    })
    result.catch(() => undefined)
    return result
  }

  const call = (name: string, params: object = {}) =>
    observed(name, async () => {
      const copy = JSON.parse(JSON.stringify(params))
      const { listener = () => undefined } = params as { listener?: () => void }
      const invoke = (sdk: Session['sdk']) => invokeApi(sdk, name, copy, listener, timeouts)
      if (name.startsWith('miniProgram.')) {
        await waitForBridge(weixinWindow(page), timeouts)
        return invoke(await loadSdk(page, options.sdk, timeouts))
      }
      const { sdk } = await freshSession()
      const turn = () => invoke(sdk)
      if (name !== 'getLocalImgData') return turn()
      // WeChat reads one local image at a time.
      lastImage = lastImage.then(turn, turn)
      return lastImage
    })

  return {
    get environment() {
      return detectEnvironment(environmentSource(window || {}))
    },
    ready: () => observed('ready', async () => (await session()).ready),
    call: call as Weixin['call'],
    share: (content) =>
      observed('share', async () => {
        const share = shareData(content, weixinWindow(page).location.href)
        await freshSession()
        return setShare(call, share)
      }),
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
