import type { JsApiName } from './api-types.ts'

/** Public name → name on the bridge, where they differ. */
const bridgeNames: Partial<Record<string, string>> = {
  onMenuShareTimeline: 'menu:share:timeline',
  onMenuShareAppMessage: 'menu:share:appmessage',
  onMenuShareQQ: 'menu:share:qq',
  onMenuShareWeibo: 'menu:share:weiboApp',
  onMenuShareQZone: 'menu:share:QZone',
  previewImage: 'imagePreview',
  getLocation: 'geoLocation',
  openProductSpecificView: 'openProductViewWithPid',
  addCard: 'batchAddCard',
  openCard: 'batchViewCard',
  chooseWXPay: 'getBrandWCPayRequest',
  openEnterpriseRedPacket: 'getRecevieBizHongBaoRequest',
  startSearchBeacons: 'startMonitoringBeacons',
  stopSearchBeacons: 'stopMonitoringBeacons',
  onSearchBeacons: 'onBeaconsInRange',
  consumeAndShareCard: 'consumedShareCard',
  openAddress: 'editAddress',
} satisfies Partial<Record<JsApiName, string>>

export const bridgeName = (name: string): string => bridgeNames[name] || name

export const publicName = (bridge: string): string =>
  Object.keys(bridgeNames).find((name) => bridgeNames[name] === bridge) || bridge

/** Whether the API answers without a person, a device or an upload; all others get the long limit. */
export const isQuick = (name: string): boolean =>
  /^(check|update|hide|show|close|stop|play|pause|getLocalI|getN|navigate|re|switch|post)/.test(name)

/** Every API of an SDK: what it has besides its own machinery. */
export const apiNamesOf = (sdk: object): JsApiName[] =>
  Object.keys(sdk).filter((name) => !/^(config|ready|error|invoke|on|miniProgram)$/.test(name)) as JsApiName[]
