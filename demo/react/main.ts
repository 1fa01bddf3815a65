import { createElement as h, type MouseEvent, type ReactNode, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { isWeixinError } from '../../client/index.ts'
import { useWeixin } from '../../client/react.ts'
import { addressOf, type Dish, dishAt, dishes, shareOf, texts, weixin } from '../frameworks/menu.ts'
import { go, useAddress } from './route.ts'

// In your project: import { useWeixin } from 'wx-h5-kit/react', and JSX.

function Menu(): ReactNode {
  const address = useAddress()
  const dish = dishAt(address)
  const { status, error, environment, verified, shared, ready } = useWeixin(weixin, {
    share: shareOf(dish),
    deps: [address],
  })

  return h(
    'main',
    { className: 'menu' },
    h(
      'header',
      null,
      h('p', { className: 'menu-framework' }, 'wx-h5-kit/react'),
      h('h1', null, texts.title),
      h('p', { className: 'menu-lead' }, texts.lead),
    ),
    h(
      'div',
      { className: 'menu-status', role: 'status', 'data-status': status },
      h('span', null, texts.status[status], error && ` · ${error.code}`),
      error && h('button', { type: 'button', className: 'button button-small', onClick: ready }, texts.retry),
    ),
    h(
      'nav',
      { className: 'menu-dishes' },
      dishes.map((each) => h(DishLink, { key: each.id, dish: each, isHere: each === dish })),
    ),
    h(
      'section',
      { className: 'menu-card' },
      h('h2', null, dish.name, h('span', null, dish.price)),
      h('p', null, dish.about),
      h(ScanButton),
      h(
        'dl',
        null,
        h(Fact, { name: texts.facts.platform, value: environment.platform }),
        verified && h(Fact, { name: texts.facts.verified, value: verified.url }),
        shared && h(Fact, { name: texts.facts.shared, value: shared.link, className: 'menu-shared' }),
      ),
    ),
  )
}

function DishLink({ dish, isHere }: { dish: Dish; isHere: boolean }): ReactNode {
  const onClick = (event: MouseEvent) => {
    event.preventDefault()
    go(addressOf(dish))
  }
  return h(
    'a',
    {
      className: 'menu-dish',
      href: addressOf(dish),
      onClick,
      'aria-current': isHere ? 'page' : undefined,
    },
    h('img', { src: dish.picture, alt: '' }),
    dish.name,
  )
}

function ScanButton(): ReactNode {
  const [scanned, setScanned] = useState('')
  const scan = async () => {
    try {
      const { resultStr = '' } = await weixin.call('scanQRCode', { needResult: 1 })
      setScanned(texts.scanned + resultStr)
    } catch (failed) {
      if (!isWeixinError(failed)) throw failed
      setScanned(failed.code)
    }
  }
  return [
    h('button', { key: 'scan', type: 'button', className: 'button button-wide', onClick: scan }, texts.scan),
    scanned !== '' && h('p', { key: 'scanned', className: 'menu-scanned' }, scanned),
  ]
}

function Fact(fact: { name: string; value: string; className?: string }): ReactNode {
  return h('div', null, h('dt', null, fact.name), h('dd', { className: fact.className }, fact.value))
}

const app = document.querySelector('#app')
if (app) createRoot(app).render(h(StrictMode, null, h(Menu)))
