import { textOf } from '../plain-copy.ts'
import type { NativeAnswer, NativeApi } from './api.ts'

const REQUIRED = ['timeStamp', 'nonceStr', 'package', 'paySign'] as const

/** getBrandWCPayRequest: a person pays, changes their mind, or something goes wrong. */
export const getBrandWCPayRequest: NativeApi = async (args, { ui }) =>
  missingIn(args) ?? { status: await ui.pay(questionOf(args)) }

/** getRecevieBizHongBaoRequest (sic): a red packet of an enterprise is opened. */
export const getRecevieBizHongBaoRequest: NativeApi = async (args, { ui }) =>
  missingIn(args) ?? { status: await ui.redPacket(questionOf(args)) }

/** The SDK turns an absent timestamp into the text `undefined`. */
function missingIn(args: Record<string, unknown>): NativeAnswer | undefined {
  const missing = REQUIRED.find((name) => ['', 'undefined'].includes(textOf(args[name])))
  return missing === undefined
    ? undefined
    : { status: 'fail', fields: { err_desc: `missing parameter: ${missing}` } }
}

function questionOf(args: Record<string, unknown>): {
  timeStamp: string
  nonceStr: string
  package: string
  signType: string
} {
  return {
    timeStamp: textOf(args.timeStamp),
    nonceStr: textOf(args.nonceStr),
    package: textOf(args.package),
    signType: textOf(args.signType),
  }
}
