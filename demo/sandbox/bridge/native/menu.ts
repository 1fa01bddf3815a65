import { textList } from '../plain-copy.ts'
import { type NativeApi, type NativeContext, ok } from './api.ts'

/** Menu items of the classes "spread" and "protect": the only ones a page may hide. */
const hideableItems: readonly string[] = [
  'menuItem:share:appMessage',
  'menuItem:share:timeline',
  'menuItem:share:qq',
  'menuItem:share:weiboApp',
  'menuItem:favorite',
  'menuItem:share:facebook',
  'menuItem:share:QZone',
  'menuItem:editTag',
  'menuItem:delete',
  'menuItem:copyUrl',
  'menuItem:originPage',
  'menuItem:readMode',
  'menuItem:openWithQQBrowser',
  'menuItem:openWithSafari',
  'menuItem:share:email',
  'menuItem:share:brand',
]

/** hideOptionMenu: the ⋯ button disappears. */
export const hideOptionMenu: NativeApi = (_args, context) => setShown(context, false)

/** showOptionMenu: the ⋯ button is there again. */
export const showOptionMenu: NativeApi = (_args, context) => setShown(context, true)

/** hideMenuItems: base items in the list stay where they are. */
export const hideMenuItems: NativeApi = (args, context) => {
  const items = textList(args.menuList).filter((item) => hideableItems.includes(item))
  return setHidden(context, [...context.menu.hidden, ...items])
}

/** showMenuItems: takes hidden items back. */
export const showMenuItems: NativeApi = (args, context) => {
  const items = textList(args.menuList)
  return setHidden(
    context,
    context.menu.hidden.filter((item) => !items.includes(item)),
  )
}

/** hideAllNonBaseMenuItem: everything a page may hide. */
export const hideAllNonBaseMenuItem: NativeApi = (_args, context) => setHidden(context, [...hideableItems])

/** showAllNonBaseMenuItem: everything is back. */
export const showAllNonBaseMenuItem: NativeApi = (_args, context) => setHidden(context, [])

function setShown(context: NativeContext, shown: boolean): typeof ok {
  context.menu.shown = shown
  context.ui.menuChanged({ ...context.menu })
  return ok
}

function setHidden(context: NativeContext, hidden: string[]): typeof ok {
  context.menu.hidden = [...new Set(hidden)]
  context.ui.menuChanged({ ...context.menu })
  return ok
}
