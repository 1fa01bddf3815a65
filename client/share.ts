import type { CallName, JsApiName } from './api-types.ts'
import { WeixinError } from './errors.ts'
import { absolute, shareLink } from './share-link.ts'
import type { ShareContent, ShareReport, ShareStep } from './types.ts'

type Call = (name: CallName, params: object) => Promise<unknown>

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
export function shareData(content: ShareContent, pageUrl: string): Required<ShareContent> {
  const { title, desc = '', link, imgUrl } = content
  if (!title) throw new WeixinError('invalid_argument', 'share', 'title is missing')
  return { title, desc, link: shareLink(link, pageUrl), imgUrl: absolute('imgUrl', imgUrl, pageUrl).href }
}

/** Sets both share targets and reports which API did it. */
export async function setShare(call: Call, share: Required<ShareContent>): Promise<ShareReport> {
  const [[appMessage, failure], [timeline]] = await Promise.all([
    set(call, 'updateAppMessageShareData', 'onMenuShareAppMessage', share),
    set(call, 'updateTimelineShareData', 'onMenuShareTimeline', share),
  ])
  if (failure && !timeline.ok) throw failure
  return { link: share.link, appMessage, timeline }
}
