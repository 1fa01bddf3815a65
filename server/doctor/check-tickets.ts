import type { AccountConfig } from '../config/types.ts'
import { isServiceError } from '../errors.ts'
import { describeFailure, hintOf } from './describe-failure.ts'
import type { FindTicket } from './living-ticket.ts'
import { type Finding, failed, passed, skipped, warning } from './step.ts'

export interface TicketParts {
  readonly findTicket: FindTicket
  /** Whether WeChat has accepted the secret a moment ago. */
  readonly accepted: boolean
}

/** Whether there is a living ticket for pages: the one in the store, or a new one. */
export function checkPageTicket(parts: TicketParts, account: AccountConfig): Promise<Finding> {
  return checkTicket(parts, account, 'jsapi', describeFailure)
}

/** The same for cards, which most accounts cannot have: that is wrong only where cards are to be signed. */
export function checkCardTicket(parts: TicketParts, account: AccountConfig): Promise<Finding> {
  return checkTicket(parts, account, 'wx_card', (error) =>
    isServiceError(error) && error.errcode === NO_RIGHT
      ? withoutRight(account.publicCards.length > 0, hintOf(error))
      : describeFailure(error),
  )
}

const NO_RIGHT = 48001

async function checkTicket(
  { findTicket, accepted }: TicketParts,
  { appId }: AccountConfig,
  kind: 'jsapi' | 'wx_card',
  explain: (error: unknown) => Finding,
): Promise<Finding> {
  try {
    const { leftMs, stored } = await findTicket(appId, kind)
    const left = `${Math.floor(leftMs / 60_000)} more minutes`
    return passed(stored ? `The store has one for ${left}.` : `WeChat gives one, for ${left}.`)
  } catch (error) {
    return accepted
      ? explain(error)
      : skipped('None is stored, and WeChat gives none until it accepts the AppSecret.')
  }
}

function withoutRight(needed: boolean, hint: { readonly en: string; readonly zh: string }): Finding {
  const detail =
    'WeChat gives this account no ticket for cards (48001 api_unauthorized): cards cannot be signed.'
  const zh = '该账号没有卡券权限，无法为卡券签名。'
  return needed
    ? failed(
        detail,
        `${hint.en} Or empty accounts[].publicCards.`,
        `${zh}${hint.zh}或清空 accounts[].publicCards。`,
      )
    : warning(
        detail,
        'Nothing to do unless you want to sign cards; pages are not affected.',
        `${zh}不使用卡券时无需处理，页面签名不受影响。`,
      )
}
