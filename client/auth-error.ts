import { WeixinError } from './errors.ts'

// Beside those who throw them, so that only they carry the words.
const hints = {
  auth_info_missing: ['Call weixin.authInfo().', '请调用 weixin.authInfo()。'],
  auth_info_invalid: [
    'Open the page without these parameters, or sign in anew.',
    '请去掉这些参数重新打开，或重新授权。',
  ],
  snapshot_user: [
    'Tap 使用完整服务 (use the full service) at the bottom of the page.',
    '请点击页面底部的“使用完整服务”。',
  ],
  access_denied: [
    'The person refused; say why you ask, and reload.',
    '用户拒绝了授权，请说明用途后刷新重试。',
  ],
  login_loop: [
    'Check portId and appId, and that the service answers with an identity; reload to try again.',
    '请检查 portId、appId 以及服务是否返回了身份；刷新可重试。',
  ],
} as const

/** What keeps a page from knowing who is looking. */
export function authError(code: keyof typeof hints, what: string, given: string): WeixinError {
  const [hint, hintZh] = hints[code]
  return new WeixinError(code, what, given, { hint, hintZh })
}
