import { textList } from '../plain-copy.ts'
import type { NativeApi } from './api.ts'

/** scanQRCode: the text of a code; without `needResult` WeChat opens the code itself and tells the page nothing. */
export const scanQRCode: NativeApi = async (args, { ui, style }) => {
  const needResult = Number(args.needResult) === 1
  const code = await ui.scan({ needResult, scanType: textList(args.scanType, ['qrCode', 'barCode']) })
  if (code === 'cancel') return { status: 'cancel' }
  if (!needResult) return { status: 'ok' }
  const result = code.kind === 'barCode' ? `${code.format ?? 'EAN_13'},${code.text}` : code.text
  const resultStr = style.wrappedScan ? JSON.stringify({ scan_code: { scan_result: result } }) : result
  return { status: 'ok', fields: { resultStr } }
}
