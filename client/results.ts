import type { Answer } from './answer.ts'
import { publicName } from './api-names.ts'
import { WeixinError } from './errors.ts'

/** What native code wrote as JSON text on some systems and as a value on others. */
function unpacked(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function records(name: string, value: unknown): Answer[] {
  const list = unpacked(value)
  // Not taken for an empty list: the person may well have a card now.
  if (Array.isArray(list) && list.every((item) => Object(item) === item)) return list
  throw new WeixinError('bad_native_answer', name, `${JSON.stringify(value)}`, {
    hint: 'Do not offer the card again at once: ask your backend what became of it.',
    hintZh: '请先向后端核实卡券状态，再重新领取。',
  })
}

// weixin-js-sdk does this by the user agent, so HarmonyOS and unexpected answers come through untouched.
const tidied: Record<string, (answer: Answer) => Answer> = {
  chooseImage: ({ localIds }) => ({ localIds: unpacked(localIds) }),
  openBusinessView: ({ extraData }) => ({ extraData: unpacked(extraData) }),
  checkJsApi: ({ checkResult }) => ({
    checkResult: Object.fromEntries(
      Object.entries((unpacked(checkResult) || {}) as object).map(([name, can]) => [publicName(name), !!can]),
    ),
  }),
  scanQRCode: ({ resultStr }) => {
    const { scan_code } = Object(unpacked(resultStr))
    return resultStr ? { resultStr: Object(scan_code).scan_result || resultStr } : {}
  },
  addCard: ({ cardList, card_list }) => ({
    card_list: undefined,
    cardList: records('addCard', cardList || card_list).map(({ card_id, card_ext, is_succ, ...card }) => ({
      cardId: card_id,
      cardExt: card_ext,
      isSuccess: !!is_succ,
      ...card,
    })),
  }),
  chooseCard: ({ cardList }) => ({
    cardList: records('chooseCard', cardList).map(({ card_id, encrypt_code, app_id }) => ({
      cardId: card_id,
      encryptCode: encrypt_code,
      ...(app_id ? { appId: app_id } : {}),
    })),
  }),
}

/** The answer of an API in the shape its type promises, on every system. */
export const tidy = (name: string, answer: Answer): Answer => ({
  ...answer,
  ...(tidied[name] || Object)(answer),
})
