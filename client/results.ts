import type { Answer } from './answer.ts'
import { publicName } from './api-names.ts'

/** What native code wrote as JSON text on some systems and as a value on others. */
function unpacked(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const records = (value: unknown): Answer[] => {
  const list = unpacked(value)
  return Array.isArray(list) ? list : []
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
    cardList: records(cardList || card_list).map(({ card_id, card_ext, is_succ, ...card }) => ({
      cardId: card_id,
      cardExt: card_ext,
      isSuccess: !!is_succ,
      ...card,
    })),
  }),
  chooseCard: ({ cardList }) => ({
    cardList: records(cardList).map(({ card_id, encrypt_code, app_id }) => ({
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
