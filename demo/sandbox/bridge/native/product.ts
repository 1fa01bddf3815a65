import { textOf } from '../plain-copy.ts'
import { type NativeApi, ok } from './api.ts'

/** openProductViewWithPid: a page of the account's shop over the page. */
export const openProductViewWithPid: NativeApi = (args, { ui }) => {
  const productId = textOf(args.pid)
  if (productId === '') return { status: 'fail' }
  ui.openProduct({ productId, viewType: textOf(args.view_type) })
  return ok
}
