import type { PhoneAnswers, PhoneQuestion } from '../sandbox/bridge/phone-protocol.ts'
import type { Layer } from './layer.ts'
import { openImages } from './screens/images.ts'
import { openLocationConsent } from './screens/location.ts'
import { openScan } from './screens/scan.ts'
import { openShare } from './screens/share.ts'

/** Puts one question of WeChat on the screen; the answer comes once, when its layer closes. */
export function ask(
  screen: HTMLElement,
  question: PhoneQuestion,
  page: { url: string; account: string },
  answer: (answer: PhoneAnswers[keyof PhoneAnswers]) => void,
): Layer {
  if (question.kind === 'scan') return openScan(screen, question.scanType, page.url, answer)
  if (question.kind === 'images') return openImages(screen, question, answer)
  if (question.kind === 'location') return openLocationConsent(screen, page.url, question.type, answer)
  return openShare(screen, question.target, question.card, page.account, answer)
}
