import { textList } from '../plain-copy.ts'
import type { NativeApi } from './api.ts'

/** closeWindow: the page is answered, then the web view goes away. */
export const closeWindow: NativeApi = (_args, { ui }) => ({ status: 'ok', after: () => ui.closeWindow() })

/** checkJsApi: which of the named functions this client has. */
export const checkJsApi: NativeApi = (args, { knows, style }) => {
  const names = textList(args.jsApiList)
  if (names.length === 0) return { status: 'param is empty' }
  const result = Object.fromEntries(names.map((name) => [name, knows(name)]))
  return { status: 'ok', fields: { checkResult: style.jsonText ? JSON.stringify(result) : result } }
}
