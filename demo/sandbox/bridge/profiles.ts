import type { BridgeProfile } from '../bridge-protocol.ts'

/** User agents of the simulated clients, after samples of real ones. */
export const userAgents: Record<BridgeProfile, string> = {
  ios: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x1800323c) NetType/WIFI Language/zh_CN',
  android:
    'Mozilla/5.0 (Linux; Android 13; SM-S9080 Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160117 MMWEBSDK/20240404 MMWEBID/4247 MicroMessenger/8.0.50.2700(0x28003237) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64',
  harmony:
    'Mozilla/5.0 (Phone; OpenHarmony 5.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile MicroMessenger/8.0.10.41(0xf3100a29) Weixin NetType/4G Language/zh_CN MMWEBID/4247 MMWEBSDK/202508070004 XWEB/1140319',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13) UnifiedPCWindowsWechat(0xf2541022) XWEB/16467 Flue',
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36 MicroMessenger/7.0.20.1781(0x6700143B) NetType/WIFI MacWechat/3.8.7(0x13080712) UnifiedPCMacWechat(0xf2641c1d) XWEB/25300',
  devtools:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 wechatdevtools/1.06.2504010 MicroMessenger/8.0.5 Language/zh_CN webview/ sessionid/1',
  'wecom-ios':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh ColorScheme/Light wwmver/3.26.13.714',
}

/** `navigator.platform` of the simulated clients; DevTools is a desktop program. */
export const platforms: Record<BridgeProfile, string> = {
  ios: 'iPhone',
  android: 'Linux aarch64',
  harmony: 'Linux aarch64',
  windows: 'Win32',
  mac: 'MacIntel',
  devtools: 'MacIntel',
  'wecom-ios': 'iPhone',
}

/** How a client writes its answers down. */
export interface AnswerStyle {
  /** Arrays and objects travel as JSON text: Android, and HarmonyOS, where the SDK does not parse them back. */
  readonly jsonText: boolean
  /** A scan result is wrapped in `{"scan_code":{"scan_result":…}}`, as JSON text. */
  readonly wrappedScan: boolean
  /** Results carry a ready `errMsg` with the bridge name instead of `err_msg` with a native prefix. */
  readonly devtools: boolean
  /** Scheme of the local ids that chooseImage gives out. */
  readonly localIds: 'weixin://resourceid/' | 'wxLocalResource://imageid'
  /** `getLocalImgData` gives bare base64 with line breaks instead of a data URL. */
  readonly bareBase64: boolean
}

const text: AnswerStyle = {
  jsonText: true,
  wrappedScan: false,
  devtools: false,
  localIds: 'weixin://resourceid/',
  bareBase64: true,
}
const objects: AnswerStyle = {
  jsonText: false,
  wrappedScan: true,
  devtools: false,
  localIds: 'wxLocalResource://imageid',
  bareBase64: false,
}

/** The answer style of every profile. */
export const answerStyles: Record<BridgeProfile, AnswerStyle> = {
  ios: objects,
  'wecom-ios': objects,
  devtools: { ...objects, devtools: true, localIds: 'weixin://resourceid/' },
  android: text,
  harmony: text,
  windows: { ...objects, wrappedScan: false, localIds: 'weixin://resourceid/' },
  mac: { ...objects, wrappedScan: false, localIds: 'weixin://resourceid/' },
}

/** True for a name of a profile; for settings that come from outside. */
export function isBridgeProfile(name: unknown): name is BridgeProfile {
  return typeof name === 'string' && Object.hasOwn(userAgents, name)
}
