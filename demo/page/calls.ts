import type { CallParams, HideableMenuItem, JsApiName, Weixin } from '../../client/index.ts'
import type { IconName } from './dom.ts'
import { literal } from './literal.ts'

// What the buttons do. Each is one `weixin.call`, and the snippet shows exactly that call.

export interface DemoCall {
  name: JsApiName
  icon: IconName
  params: unknown
  run(weixin: Weixin): Promise<unknown>
  code: string
}

function demoCall<N extends JsApiName>(
  name: N,
  icon: IconName,
  params: CallParams<N>,
  code: (given: string) => string,
): DemoCall {
  const given = `'${name}'${Object.keys(params).length === 0 ? '' : `, ${literal(params, '  ', name.length + 24)}`}`
  return {
    name,
    icon,
    params,
    run: (weixin) => weixin.call(name, params),
    code: code(`weixin.call(${given})`),
  }
}

const hidden: readonly HideableMenuItem[] = ['menuItem:share:timeline', 'menuItem:copyUrl']

export const calls: readonly DemoCall[] = [
  demoCall(
    'scanQRCode',
    'scan',
    { needResult: 1, scanType: ['qrCode', 'barCode'] },
    (call) => `const { resultStr } =
  await ${call}`,
  ),
  demoCall(
    'chooseImage',
    'picture',
    { count: 3, sizeType: ['compressed'] },
    (call) => `const { localIds } =
  await ${call}
// Android shows a localId as it is;
// iOS needs its bytes:
const { localData } =
  await weixin.call('getLocalImgData', {
    localId: localIds[0],
  })`,
  ),
  demoCall(
    'getNetworkType',
    'network',
    {},
    (call) => `const { networkType } =
  await ${call}`,
  ),
  demoCall(
    'getLocation',
    'pin',
    { type: 'gcj02' },
    (call) => `const { latitude, longitude } =
  await ${call}`,
  ),
  demoCall('hideMenuItems', 'hide', { menuList: hidden }, (call) => `await ${call}`),
  demoCall('showMenuItems', 'show', { menuList: hidden }, (call) => `await ${call}`),
  demoCall(
    'checkJsApi',
    'check',
    { jsApiList: ['scanQRCode', 'getLocation', 'openAddress'] },
    (call) => `const { checkResult } =
  await ${call}`,
  ),
  demoCall('closeWindow', 'close', {}, (call) => `await ${call}`),
]
