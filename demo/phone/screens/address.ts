import type { PostalAddress } from '../../sandbox/bridge/ui-questions.ts'
import { t } from '../language.ts'
import type { Layer } from '../layer.ts'
import { openDecision } from './decide.ts'

const sample: PostalAddress = {
  userName: '林小满',
  telNumber: '02081167888',
  postalCode: '510000',
  provinceName: '广东省',
  cityName: '广州市',
  countyName: '海珠区',
  detailInfo: '新港中路 397 号',
  nationalCode: '510105',
}

/** WeChat's address book with one address in it. */
export function openAddress(
  screen: HTMLElement,
  decide: (answer: PostalAddress | 'cancel' | 'deny' | 'fail') => void,
): Layer {
  const { userName, telNumber, provinceName, cityName, countyName, detailInfo } = sample
  return openDecision<PostalAddress | 'cancel' | 'deny' | 'fail'>(
    screen,
    t('addressTitle'),
    [
      [userName, telNumber],
      [t('addressTitle'), `${provinceName}${cityName}${countyName}${detailInfo}`],
    ],
    [
      { label: 'addressUse', answer: sample },
      { label: 'cancel', answer: 'cancel' },
      { label: 'deny', answer: 'deny' },
      { label: 'makeFail', answer: 'fail' },
    ],
    'cancel',
    decide,
  )
}
