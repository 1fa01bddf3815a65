import type { JsApiName } from './api-types.ts'
import type { Core } from './core.ts'
import { isWeixinError, WeixinError } from './errors.ts'
import { followRoute } from './follow-route.ts'
import type { PageWindow } from './page.ts'
import { absolute, shareLink } from './share-link.ts'
import type { FollowedShare, ShareContent, ShareOptions, ShareReport, ShareStep } from './types.ts'

type Call = Core['call']

async function set(
  call: Call,
  modern: JsApiName,
  old: JsApiName,
  params: object,
): Promise<[ShareStep, unknown?]> {
  let api = modern
  try {
    await call(modern, params).catch((error: WeixinError) => {
      if (error.code !== 'not_supported') throw error
      api = old
      return call(old, params)
    })
    return [{ ok: true, api }]
  } catch (error) {
    const { code, errMsg } = error as WeixinError
    return [{ ok: false, api, code, ...(errMsg && { errMsg }) }, error]
  }
}

/** What will be set, checked: nothing is sent to WeChat when it is wrong. */
function shareData(content: ShareContent, pageUrl: string): Required<ShareContent> {
  const { title, desc = '', link, imgUrl } = content
  if (!title) throw new WeixinError('invalid_argument', 'share', 'title is missing')
  return { title, desc, link: shareLink(link, pageUrl), imgUrl: absolute('imgUrl', imgUrl, pageUrl).href }
}

/** Sets both share targets and reports which API did it. */
async function setShare(call: Call, share: Required<ShareContent>): Promise<ShareReport> {
  const [[appMessage, failure], [timeline]] = await Promise.all([
    set(call, 'updateAppMessageShareData', 'onMenuShareAppMessage', share),
    set(call, 'updateTimelineShareData', 'onMenuShareTimeline', share),
  ])
  if (failure && !timeline.ok) throw failure
  return { link: share.link, appMessage, timeline }
}

/** Sets what is shared; see `Weixin.share`. */
export async function share(
  core: Core,
  window: PageWindow,
  content: ShareContent,
  { followRoute: follows, onFollowed }: ShareOptions = {},
): Promise<ShareReport | FollowedShare> {
  const copy = { ...content }
  if (follows && copy.link !== undefined)
    throw new WeixinError('invalid_argument', 'share', 'link is given, but followRoute makes it')
  const current = () => shareData(copy, window.location.href)
  const first = current()
  core.unfollow?.()

  let last = ''
  let stopped = !follows
  const apply = async (next: Required<ShareContent>) => {
    last = next.link
    await core.freshSession()
    return setShare(core.call, next)
  }
  let turn: Promise<unknown> = Promise.resolve()
  const again = (isForced: boolean) => {
    // One after the other, so that the newest address has the last word.
    turn = turn.then(async () => {
      const next = current()
      if (stopped || (next.link === last && !isForced)) return
      const outcome = await apply(next).catch((error: WeixinError) => error)
      // What could not be set is not there: the next change tries again, also one back to this address.
      if (isWeixinError(outcome)) last = ''
      if (onFollowed) queueMicrotask(() => onFollowed(outcome))
    })
  }
  const release = follows ? followRoute(window, again) : () => undefined
  const stop = () => {
    stopped = true
    release()
  }
  core.unfollow = stop
  try {
    const report = apply(first)
    turn = report.catch(() => undefined)
    return { ...(await report), ...(follows && { stop }) }
  } catch (error) {
    stop()
    throw error
  }
}
