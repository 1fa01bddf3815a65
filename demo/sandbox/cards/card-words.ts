import type { CardCause, CardText } from '../card-protocol.ts'
import type { Wording } from '../verify/wording.ts'

const OUT: CardText = '已领完(addcard)'
const ARGS: CardText = '参数错误(addcard)'
const SIGNATURE: CardText = '签名错误(addcard)'

/**
 * The text on WeChat's screen for every cause. WeChat documents which text stands for stock, a repeated nonce, a
 * custom code, a missing or superfluous code or openid, and the signature; where it is silent the nearest one is
 * taken: a limit is like the stock, another person's openid and an unknown card are wrong arguments.
 */
const TEXTS: Partial<Record<CardCause, CardText>> = {
  empty_list: ARGS,
  unknown_account: SIGNATURE,
  card_ext_not_text: SIGNATURE,
  card_ext_not_json: SIGNATURE,
  field_not_text: SIGNATURE,
  signature_missing: SIGNATURE,
  signature: SIGNATURE,
  timestamp: SIGNATURE,
  nonce_too_long: ARGS,
  unknown_card: ARGS,
  card_status: ARGS,
  code_missing: ARGS,
  code_unexpected: ARGS,
  code_too_long: ARGS,
  openid_missing: ARGS,
  openid_unexpected: ARGS,
  openid_of_another: ARGS,
  out_of_stock: OUT,
  get_limit: OUT,
  repeated: OUT,
  code_not_deposited: OUT,
  code_taken: OUT,
}

export function nativeTextOf(cause: CardCause): CardText {
  return TEXTS[cause] ?? ARGS
}

/** What the words of a cause mention. */
export interface CardFacts {
  readonly appId: string
  readonly cardId: string
  /** The field, code, openid, status or number the cause is about. */
  readonly what: string
}

/** Every cause but the signature, which has words of its own for every mistake. */
export type PlainCause = Exclude<CardCause, 'signature'>

/** Why, and what to do. */
export function cardWords(cause: PlainCause, facts: CardFacts): Wording {
  const [reason, reasonZh, fix, fixZh] = WORDS[cause](facts)
  return { reason, reasonZh, fix, fixZh }
}

type Words = readonly [reason: string, reasonZh: string, fix: string, fixZh: string]

const WORDS: Record<PlainCause, (facts: CardFacts) => Words> = {
  empty_list: () => [
    'The page handed over no card.',
    '页面没有传入任何卡券。',
    'Give cardList at least one card.',
    'cardList 里至少放一张卡券。',
  ],
  unknown_account: ({ appId }) => [
    `The sandbox has no account ${appId === '' ? '(none)' : appId}.`,
    `沙箱里没有公众号 ${appId === '' ? '（空）' : appId}。`,
    'Configure the page with the appId of an account of the sandbox first.',
    '先用沙箱里公众号的 appId 调用 wx.config。',
  ],
  card_ext_not_text: ({ what }) => [
    `cardExt is ${what}, not a text.`,
    `cardExt 是 ${what}，不是字符串。`,
    'Hand over JSON.stringify(cardExt).',
    '传入 JSON.stringify(cardExt)。',
  ],
  card_ext_not_json: () => [
    'cardExt is a text, but not a JSON object.',
    'cardExt 是字符串，但不是 JSON 对象。',
    'Hand over the cardExt of the signing service unchanged; encode it as JSON once, not twice.',
    '把签名服务返回的 cardExt 原样传入；只做一次 JSON 编码，不要两次。',
  ],
  field_not_text: ({ what }) => [
    `The field ${what} of cardExt is neither a text nor a number.`,
    `cardExt 的字段 ${what} 既不是字符串也不是数字。`,
    `Write ${what} as text, or leave it out.`,
    `把 ${what} 写成字符串，或者不要传。`,
  ],
  signature_missing: ({ what }) => [
    `There is no ${what}.`,
    `没有 ${what}。`,
    `Sign on the server and hand over ${what}.`,
    `在服务器上签名，并传入 ${what}。`,
  ],
  timestamp: ({ what }) => [
    `The timestamp ${what === '' ? '(none)' : what} is not a number of seconds.`,
    `时间戳 ${what === '' ? '（空）' : what} 不是以秒为单位的数字。`,
    'Use whole seconds since 1970, as text.',
    '使用 1970 年以来的整秒数，写成字符串。',
  ],
  nonce_too_long: ({ what }) => [
    `nonce_str has ${what} characters; WeChat takes at most 32.`,
    `nonce_str 有 ${what} 个字符；微信最多接受 32 个。`,
    'Use a random text of at most 32 characters.',
    '使用不超过 32 个字符的随机字符串。',
  ],
  unknown_card: ({ appId, cardId, what }) => [
    what === ''
      ? `${appId} has no card ${cardId === '' ? '(none)' : cardId}.`
      : `The card ${cardId} belongs to another account, ${what}, not to ${appId}.`,
    what === ''
      ? `公众号 ${appId} 没有卡券 ${cardId === '' ? '（空）' : cardId}。`
      : `卡券 ${cardId} 属于另一个公众号 ${what}，不是 ${appId}。`,
    'Use the card_id of a card of this account; GET /__sandbox/cards lists them.',
    '使用本公众号的 card_id；GET /__sandbox/cards 会列出全部卡券。',
  ],
  card_status: ({ cardId, what }) => [
    `The card ${cardId} has the status ${what} and cannot be added.`,
    `卡券 ${cardId} 的状态是 ${what}，不能领取。`,
    'Use a card that was approved (CARD_STATUS_VERIFY_OK).',
    '使用审核通过的卡券（CARD_STATUS_VERIFY_OK）。',
  ],
  code_missing: ({ cardId }) => [
    `The card ${cardId} has codes of the merchant (use_custom_code), but cardExt has no code.`,
    `卡券 ${cardId} 使用自定义 Code（use_custom_code），但 cardExt 里没有 code。`,
    'Put a deposited code into cardExt and sign it.',
    '在 cardExt 里放一个已导入的 code，并把它签进去。',
  ],
  code_unexpected: ({ cardId }) => [
    `WeChat makes the codes of the card ${cardId}, but cardExt has a code.`,
    `卡券 ${cardId} 的 Code 由微信生成，但 cardExt 里带了 code。`,
    'Leave code out of cardExt and of the signature.',
    '从 cardExt 和签名里去掉 code。',
  ],
  code_too_long: ({ what }) => [
    `The code has ${what} characters; WeChat takes at most 20.`,
    `code 有 ${what} 个字符；微信最多接受 20 个。`,
    'Use a code of at most 20 characters.',
    '使用不超过 20 个字符的 code。',
  ],
  openid_missing: ({ cardId }) => [
    `The card ${cardId} is bound to a person (bind_openid), but cardExt has no openid.`,
    `卡券 ${cardId} 指定了领取人（bind_openid），但 cardExt 里没有 openid。`,
    'Let the backend put the openid of the visitor into cardExt and sign it.',
    '由后端把访问者的 openid 放进 cardExt 并签名。',
  ],
  openid_unexpected: ({ cardId }) => [
    `The card ${cardId} is for everybody, but cardExt has an openid.`,
    `卡券 ${cardId} 没有指定领取人，但 cardExt 里带了 openid。`,
    'Leave openid out of cardExt and of the signature.',
    '从 cardExt 和签名里去掉 openid。',
  ],
  openid_of_another: ({ what }) => [
    `cardExt is bound to ${what}, which is not the openid of the person at the phone.`,
    `cardExt 指定的 openid 是 ${what}，不是当前用户。`,
    'Sign with the openid that this visitor has in this account.',
    '用当前访问者在本公众号的 openid 签名。',
  ],
  out_of_stock: ({ cardId }) => [
    `The card ${cardId} is out of stock.`,
    `卡券 ${cardId} 已没有库存。`,
    'Raise quantity with PUT /__sandbox/cards; on WeChat with card/modifystock.',
    '用 PUT /__sandbox/cards 增加 quantity；在微信上用 card/modifystock。',
  ],
  get_limit: ({ cardId, what }) => [
    `This person already has ${what} of the card ${cardId}, as many as one person may have (get_limit).`,
    `该用户已领取 ${what} 张卡券 ${cardId}，达到每人限领数量（get_limit）。`,
    'Raise getLimit, or choose another visitor.',
    '提高 getLimit，或者换一个访问者。',
  ],
  repeated: ({ what }) => [
    `A card was already taken with this nonce_str and timestamp (${what}); each cardExt works once.`,
    `这组 nonce_str 和 timestamp（${what}）已经领过一次；每个 cardExt 只能用一次。`,
    'Sign anew, with a new nonce_str, for every call of wx.addCard; never cache a cardExt.',
    '每次调用 wx.addCard 都用新的 nonce_str 重新签名，不要缓存 cardExt。',
  ],
  code_not_deposited: ({ what }) => [
    `The code ${what} was never deposited for this card.`,
    `code ${what} 没有导入到这张卡券。`,
    'Add it to customCodes; on WeChat with card/code/deposit.',
    '把它加到 customCodes；在微信上用 card/code/deposit。',
  ],
  code_taken: ({ what }) => [
    `Somebody already has the code ${what}.`,
    `code ${what} 已经被领走。`,
    'Give every person a code of their own.',
    '给每个人不同的 code。',
  ],
  nothing_fits: ({ what }) => [
    `The signature is right, but the person has no card that fits ${what === '' ? '(every card)' : what}.`,
    `签名正确，但该用户没有符合条件的卡券：${what === '' ? '（全部卡券）' : what}。`,
    'Add a card first, or ask for less: shopId, cardType and cardId all narrow the list.',
    '先领取卡券，或者放宽条件：shopId、cardType、cardId 都会缩小范围。',
  ],
  not_owned: ({ cardId, what }) => [
    `The person has no card ${cardId} with the code ${what === '' ? '(none)' : what}.`,
    `该用户没有 code 为 ${what === '' ? '（空）' : what} 的卡券 ${cardId}。`,
    'Hand over card_id and plain code of a card the person has; card/code/decrypt gives the code.',
    '传入用户已领取卡券的 card_id 和明文 code；加密的 code 用 card/code/decrypt 解码。',
  ],
  not_consumed: ({ cardId, what }) => [
    `The card ${cardId} with the code ${what} has not been used up yet.`,
    `卡券 ${cardId}（code ${what}）还没有核销。`,
    'Consume it first: card/code/consume.',
    '先核销：card/code/consume。',
  ],
}
