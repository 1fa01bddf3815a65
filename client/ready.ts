import { apiNamesOf } from './api-names.ts'
import { preVerify, waitForBridge } from './bridge.ts'
import type { invokeApi } from './call.ts'
import { candidates, reportedTrial, type Trial } from './candidates.ts'
import type { Note } from './core.ts'
import { detectEnvironment, environmentSource } from './environment.ts'
import { asWeixinError, WeixinError } from './errors.ts'
import { type Page, type PageWindow, withoutFragment } from './page.ts'
import { loadInvoke, loadSdk } from './sdk.ts'
import { type Asked, reportRejected, requestSignature, type Signature } from './service.ts'
import type { Ready, ReadyStep, Timeouts, WeixinOptions, WeixinSdk } from './types.ts'

/** What a page has once it is ready. */
export interface Session {
  ready: Ready
  sdk: WeixinSdk
  invoke: typeof invokeApi
  /** The address the page had when this began. */
  currentUrl: string
}

/** The window, if it is one inside WeChat. */
export function weixinWindow({ window }: Page): PageWindow {
  const { inWeixin, client } = detectEnvironment(environmentSource(window || {}))
  if (window && inWeixin) return window
  throw new WeixinError('not_in_wechat', 'environment', `the client is ${client}`)
}

/** Goes the whole way once: bridge, SDK and first signature side by side, then WeChat's verdict, then `wx.config`. */
export async function becomeReady(
  page: Page,
  options: WeixinOptions,
  timeouts: Timeouts,
  note: (what: Omit<Note, 'at'>) => void,
): Promise<Session> {
  const { onStep, openTagList, debug = false } = options
  const steps: ReadyStep[] = []
  const step = async <T>(
    name: ReadyStep['step'],
    work: () => T | Promise<T>,
    trial?: Partial<Trial>,
    signature?: Signature & Asked,
  ): Promise<T> => {
    const startedAt = page.now()
    const record = (outcome: Pick<ReadyStep, 'ok' | 'code' | 'errMsg'>) => {
      const taken: ReadyStep = { step: name, ...trial, ...outcome, ms: page.now() - startedAt }
      steps.push(taken)
      note({ step: taken, signature })
      // Not called from here, so that a listener that throws is the page's own uncaught error and no step of ours.
      if (onStep) queueMicrotask(() => onStep(taken))
    }
    try {
      const result = await work()
      record({ ok: true })
      return result
    } catch (thrown) {
      const error = asWeixinError(thrown, 'failed', name)
      const { code, errMsg } = error
      record({ ok: false, code, ...(errMsg && { errMsg }) })
      throw Object.assign(
        error,
        { step: name, ...(trial && { url: trial.url }) },
        signature && { requestId: signature.requestId },
      )
    }
  }

  const window = await step('environment', () => weixinWindow(page))
  const currentUrl = withoutFragment(window.location.href)
  const trials = candidates(page, currentUrl, detectEnvironment(environmentSource(window)))
  const sign = (trial: Trial) =>
    step('signature', () => requestSignature(page, options, timeouts, trial.url), trial)

  const [bridge, [sdk, invoke], firstSignature] = await Promise.all([
    step('bridge', () => waitForBridge(window, timeouts)),
    step('sdk', () => Promise.all([loadSdk(page, options.sdk, timeouts), loadInvoke(timeouts)])),
    sign(trials[0]),
  ])
  const jsApiList = [...(options.jsApiList || apiNamesOf(sdk))]

  const tryAll = async (early?: Signature & Asked): Promise<[Trial, Signature & Asked]> => {
    let refused: unknown
    for (const trial of trials) {
      const signature = (!refused && early) || (await sign(trial))
      try {
        await step(
          'verify',
          () => preVerify(bridge, signature, jsApiList, openTagList, timeouts),
          trial,
          signature,
        )
        return [trial, signature]
      } catch (error) {
        const { code, realAuthUrl } = error as WeixinError
        if (code !== 'invalid_signature') throw error
        refused = error
        const reported = reportedTrial(realAuthUrl, trials, currentUrl)
        if (reported) trials.push(reported)
      }
    }
    throw refused
  }

  const [trial, signature] = await tryAll(firstSignature).catch(async (error: WeixinError) => {
    const heals =
      error.code === 'invalid_signature' &&
      (await step('rejected', () => reportRejected(page, options, timeouts, firstSignature), trials[0]).catch(
        () => false,
      ))
    if (!heals) throw error
    return tryAll()
  })

  await step('config', () =>
    sdk.config({ ...signature, debug, check: false, jsApiList, openTagList: [...(openTagList || [])] }),
  )
  if (trial.candidate !== 'reported') page.preferred = trial.candidate
  const environment = detectEnvironment(environmentSource(window))
  return { sdk, invoke, currentUrl, ready: { appId: signature.appId, ...trial, steps, environment } }
}
