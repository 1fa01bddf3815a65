// The client keeps its own prefix per function; the SDK drops it, other callers see it.
const prefixes: Readonly<Record<string, string>> = {
  preVerifyJSAPI: 'pre_verify_jsapi',
  batchAddCard: 'batch_add_card',
  chooseCard: 'choose_card',
  geoLocation: 'geo_location',
  openLocation: 'open_location',
  getNetworkType: 'network_type',
  closeWindow: 'close_window',
  getBrandWCPayRequest: 'get_brand_wcpay_request',
  editAddress: 'edit_address',
  imagePreview: '',
  hideOptionMenu: '',
  showOptionMenu: '',
  openProductViewWithPid: 'open_product_view',
  shareTimeline: 'share_timeline',
  sendAppMessage: 'send_app_msg',
}

/** The prefix in front of `:ok` in the answer to a bridge name, e.g. `geo_location` for `geoLocation`. */
export function nativePrefix(name: string): string {
  return (Object.hasOwn(prefixes, name) ? prefixes[name] : undefined) ?? name
}

/** Share buttons: the event a page may listen to, and the invoke that answers it with a card. */
export const shareInvokes: Readonly<Record<ShareTarget, { event: string; invoke: string }>> = {
  appMessage: { event: 'menu:share:appmessage', invoke: 'sendAppMessage' },
  timeline: { event: 'menu:share:timeline', invoke: 'shareTimeline' },
  qq: { event: 'menu:share:qq', invoke: 'shareQQ' },
  weibo: { event: 'menu:share:weiboApp', invoke: 'shareWeiboApp' },
  qZone: { event: 'menu:share:QZone', invoke: 'shareQZone' },
}

/** Where a person sends the page: a friend, Moments, QQ, Weibo, Qzone. */
export type ShareTarget = 'appMessage' | 'timeline' | 'qq' | 'weibo' | 'qZone'

/** The share target behind an invoke such as `sendAppMessage`; undefined for other names. */
export function shareTargetOf(invoke: string): ShareTarget | undefined {
  const targets = Object.keys(shareInvokes) as ShareTarget[]
  return targets.find((target) => shareInvokes[target].invoke === invoke)
}

/** A button of the ⋯ menu that needs a card. */
export type ShareButton = ShareTarget | 'favorite'

/** The tags a client can verify with `openTagList`. */
export const openTagNames: readonly string[] = [
  'wx-open-launch-weapp',
  'wx-open-launch-app',
  'wx-open-subscribe',
  'wx-open-audio',
]
