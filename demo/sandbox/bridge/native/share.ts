import type { ShareTarget } from '../native-names.ts'
import { textOf } from '../plain-copy.ts'
import type { ShareCard } from '../ui.ts'
import { type NativeApi, type NativeContext, ok } from './api.ts'

/** updateAppMessageShareData: remembers the card for friends; nothing is shared yet. */
export const updateAppMessageShareData: NativeApi = (args, context) => {
  context.shareContents.appMessage = cardOf(args, 'share-data', textOf(args.imgUrl))
  context.ui.shareContentsChanged({ ...context.shareContents })
  return ok
}

/** updateTimelineShareData: remembers the card for Moments, which shows no description. */
export const updateTimelineShareData: NativeApi = (args, context) => {
  context.shareContents.timeline = { ...cardOf(args, 'share-data', textOf(args.imgUrl)), desc: '' }
  context.ui.shareContentsChanged({ ...context.shareContents })
  return ok
}

/** sendAppMessage, shareTimeline and the others: the page's answer to a menu event, put before the person. */
export function shareApi(target: ShareTarget): NativeApi {
  return async (args, { ui, doing }) => {
    const favors = target === 'appMessage' && doing.favors
    if (favors) doing.favors = false
    const card = cardOf(args, 'menu-event', textOf(args.img_url))
    return { status: await ui.share({ target, card, ...(favors ? { scene: 'favorite' } : {}) }) }
  }
}

/** The card of a share that the page does not answer itself. */
export function defaultCard(target: ShareTarget, context: NativeContext): ShareCard {
  const contents = context.shareContents
  const set = target === 'timeline' || target === 'qZone' ? contents.timeline : contents.appMessage
  const { title, url } = context.page()
  return set ?? { title: title === '' ? url : title, desc: url, link: url, imgUrl: '', from: 'page' }
}

function cardOf(args: Record<string, unknown>, from: ShareCard['from'], imgUrl: string): ShareCard {
  return {
    title: textOf(args.title),
    desc: textOf(args.desc),
    link: textOf(args.link),
    imgUrl,
    from,
  }
}
