import { isWeixinError, WeixinError } from './errors.ts'

const hint =
  'WeChat showed why on its own screen: 已领完 (none left, taken before, or this cardExt was used already), ' +
  '参数错误 (code or openid do not fit the card) or 签名错误 (cardExt was changed, or the ticket is of another ' +
  'account or kind).'
const hintZh =
  '原因显示在微信自己的界面上：已领完(无库存、已领过或 cardExt 被重复使用)、参数错误(code/openid 与卡券设置不符)、' +
  '签名错误(cardExt 被改动，或 ticket 的账号、类型不对)。'

/** WeChat tells the page only that it failed; what it may have been is said here. */
export function cardError(error: unknown): unknown {
  if (!isWeixinError(error) || error.code !== 'failed') return error
  const { errMsg = '' } = error
  return new WeixinError('card_failed', 'addCard', errMsg, { errMsg, hint, hintZh, cause: error })
}
