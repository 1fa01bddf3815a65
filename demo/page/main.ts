import { callsCard } from './calls-card.ts'
import { cardsCard } from './cards-card.ts'
import { createConnection } from './connection.ts'
import { el } from './dom.ts'
import { environmentCard } from './environment-card.ts'
import { faultsCard } from './faults-card.ts'
import { footer } from './footer.ts'
import { hero } from './hero.ts'
import { chooseLanguage } from './language.ts'
import { createLog } from './log.ts'
import { logCard } from './log-card.ts'
import { outsideCard } from './outside-card.ts'
import type { Card, Page } from './page.ts'
import { readSettings } from './settings.ts'
import { shareCard } from './share-card.ts'
import { signatureCard } from './signature-card.ts'
import { createWho } from './who.ts'
import { whoCard } from './who-card.ts'

const settings = readSettings()
const log = createLog()
const live = el('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' })
const connection = createConnection(settings, log)
const page: Page = {
  settings,
  log,
  language: chooseLanguage(),
  connection,
  who: createWho(() => connection.weixin, log),
  announce: (text) => {
    live.textContent = text
  },
}

// First, because it takes identity out of the address: cards show that address, and Android verifies it.
void page.who.start()

const top = hero(page)
const bottom = footer(page)
const cards: Card[] = [
  outsideCard(page),
  environmentCard(page),
  signatureCard(page),
  whoCard(page),
  shareCard(page),
  cardsCard(page),
  callsCard(page),
]
// Breaking things needs a WeChat that can be broken: only the sandbox can.
if (settings.sandbox !== null) cards.push(faultsCard(page, settings.sandbox))
cards.push(logCard(page))

// Each card listens to what it shows; only a change of language concerns all of them.
const render = (): void => {
  for (const card of [top, ...cards, bottom]) card.render()
}
page.language.onChange(render)

render()
document
  .querySelector('#app')
  ?.replaceChildren(
    top.element,
    el('main', { class: 'cards' }, ...cards.map((card) => card.element)),
    bottom.element,
    live,
  )
void page.connection.start()
if (page.who.cameBack) document.querySelector('#who')?.scrollIntoView()
