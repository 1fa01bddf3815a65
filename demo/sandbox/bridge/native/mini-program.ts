import { isRecord, textOf } from '../plain-copy.ts'
import { type NativeApi, ok } from './api.ts'

const names = ['navigateBack', 'navigateTo', 'redirectTo', 'switchTab', 'reLaunch', 'postMessage']

/** invokeMiniProgramAPI: only a page inside a mini program has one to ask. */
export const invokeMiniProgramAPI: NativeApi = (args, { ui, inMiniProgram }) => {
  const name = textOf(args.name)
  if (!inMiniProgram || !names.includes(name)) return { status: 'fail' }
  ui.miniProgram({ name, arg: isRecord(args.arg) ? args.arg : {} })
  return ok
}
