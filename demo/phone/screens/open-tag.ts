import type { OpenTagQuestion } from '../../sandbox/bridge/ui-questions.ts'
import { t } from '../language.ts'
import type { Layer } from '../layer.ts'
import { openDecision } from './decide.ts'

/** What WeChat asks before an open tag leads out of the page: a mini program, an app, a subscription. */
export function openOpenTag(
  screen: HTMLElement,
  { name, attributes }: OpenTagQuestion,
  decide: (answer: 'launch' | 'cancel' | 'error') => void,
): Layer {
  return openDecision<'launch' | 'cancel' | 'error'>(
    screen,
    t('openTagTitle'),
    [['tag', name], ...Object.entries(attributes)],
    [
      { label: 'allow', answer: 'launch' },
      { label: 'cancel', answer: 'cancel' },
      { label: 'makeFail', answer: 'error' },
    ],
    'cancel',
    decide,
  )
}
