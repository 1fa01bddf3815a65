import type { SheetAnswers, SheetQuestion } from '../sandbox/bridge/phone-protocol.ts'
import type { Layer } from './layer.ts'
import { openAddCard } from './screens/add-card.ts'
import { openAddress } from './screens/address.ts'
import { openChooseCard } from './screens/choose-card.ts'
import { openOpenTag } from './screens/open-tag.ts'
import { openPay } from './screens/pay.ts'
import { openRecordConsent } from './screens/record.ts'
import { openViewCard } from './screens/view-card.ts'

/** Everything this phone has a sheet for. */
export const answeredSheets = [
  'add-card',
  'choose-card',
  'view-card',
  'pay',
  'red-packet',
  'record',
  'address',
  'open-tag',
] as const

/** Puts one sheet of WeChat on the screen; the answer comes once, when its layer closes. */
export function openSheet(
  screen: HTMLElement,
  sheet: SheetQuestion,
  pageUrl: string,
  answer: (answer: SheetAnswers[keyof SheetAnswers]) => void,
): Layer {
  if (sheet.kind === 'add-card') return openAddCard(screen, sheet, answer)
  if (sheet.kind === 'choose-card') return openChooseCard(screen, sheet, answer)
  if (sheet.kind === 'view-card') return openViewCard(screen, sheet, answer)
  if (sheet.kind === 'pay' || sheet.kind === 'red-packet') return openPay(screen, sheet, answer)
  if (sheet.kind === 'record') return openRecordConsent(screen, pageUrl, answer)
  if (sheet.kind === 'address') return openAddress(screen, answer)
  return openOpenTag(screen, sheet, answer)
}
