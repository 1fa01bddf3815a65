import type { CardVerdict } from '../sandbox/bridge/card-keeper.ts'
import type { BridgeCall, BridgeProfile, MenuState, VerifyAnswer } from '../sandbox/bridge/index.ts'
import type { PhoneNotice, ToBridge, ToPhone } from '../sandbox/bridge/phone-protocol.ts'
import type { Device } from './device.ts'
import { el, fill, hostOf } from './dom.ts'
import { createFrame, type Loaded } from './frame.ts'
import { language, t } from './language.ts'
import type { Layer } from './layer.ts'
import type { PhoneSettings } from './panel/switches.ts'
import { ask } from './questions.ts'
import { closedScreen, emptyScreen } from './screens/closed.ts'
import { type MenuAction, openMenu } from './screens/menu.ts'
import { openMap, openViewer } from './screens/viewer.ts'
import { answeredSheets, openSheet } from './sheets.ts'
import { toast } from './toast.ts'

/** What happens in the phone and is shown outside of it. */
export interface PhoneEvents {
  /** A document has opened. */
  opened(): void
  url(url: string): void
  call(call: BridgeCall): void
  verdict(verdict: VerifyAnswer | undefined): void
  /** What became of the cards of a call; undefined when the page is gone. */
  cards(verdict: CardVerdict | undefined): void
}

/** The phone at work: one page, its bars, and what lies over it. */
export interface Phone {
  navigate(url: string | undefined): void
  reload(): void
  /** Opens the page from its first address, as somebody else would. */
  reopen(): void
  setProfile(profile: BridgeProfile): void
  /** The phone speaks another language: the client does too, from a new load of the page on. */
  languageChanged(): void
  setScheme(scheme: 'light' | 'dark'): void
  setAccount(name: string): void
  switchesChanged(): void
}

/** Puts a page into the device and answers what its bridge asks. */
export function createPhone(
  device: Device,
  sandbox: string,
  settings: PhoneSettings,
  events: PhoneEvents,
): Phone {
  let profile: BridgeProfile = 'ios'
  let address: string | undefined
  let current = ''
  let account = t('officialAccount')
  let canGoBack = false
  let menu: MenuState = { shown: true, hidden: [] }
  let generation = 0
  let greeted = false
  let everGreeted = false
  const layers = new Set<Layer>()

  const openPage = (): void => {
    forget()
    everGreeted = false
    if (address === undefined) {
      frame.close()
      fill(device.page, emptyScreen())
      return
    }
    device.setLoading(true)
    device.setTitle(t('loading'))
    frame.open({
      url: address,
      profile,
      sandbox,
      language: language() === 'zh' ? 'zh_CN' : 'en',
      bridgeDelayMs: settings.late ? 2000 : 0,
    })
    events.url(address)
  }
  const forget = (): void => {
    generation += 1
    greeted = false
    for (const layer of layers) layer.close()
    layers.clear()
    menu = { shown: true, hidden: [] }
    canGoBack = false
    showBars()
    events.verdict(undefined)
    events.cards(undefined)
  }
  const welcome = (): ToBridge => ({
    type: 'welcome',
    switches: { networkType: settings.networkType, denied: [...settings.denied], endings: settings.endings },
    sheets: answeredSheets,
  })
  const showBars = (): void => {
    device.back.hidden = !canGoBack
    device.close.hidden = address === undefined
    device.menu.hidden = !menu.shown || address === undefined
  }
  const closePage = (): void => {
    forget()
    frame.close()
    device.setLoading(false)
    device.setTitle(account)
    device.close.hidden = true
    device.menu.hidden = true
    fill(device.page, closedScreen(account, openPage))
    device.page.querySelector('button')?.focus({ preventScroll: true })
  }

  const notice = (shown: PhoneNotice): void => {
    if (shown.kind === 'preview') openViewer(device.screen, shown.current, shown.urls)
    if (shown.kind === 'map') openMap(device.screen, shown)
    if (shown.kind === 'close') closePage()
    if (shown.kind === 'menu') {
      menu = shown.menu
      showBars()
    }
    if (shown.kind === 'card-verdict') events.cards(shown.verdict)
    if (shown.kind === 'product') toast(device.screen, t('productShown', { id: shown.productId }))
    if (shown.kind === 'mini-program') toast(device.screen, t('miniProgramShown', { name: shown.name }))
    if (shown.kind === 'verdict') events.verdict(/:ok$/.test(shown.answer.errMsg) ? undefined : shown.answer)
  }

  const receive = (message: ToPhone): void => {
    if (message.type === 'hello') {
      forget()
      greeted = true
      everGreeted = true
      frame.send(welcome())
    }
    if (message.type === 'hello' || message.type === 'page') {
      current = message.page.url
      canGoBack = message.page.canGoBack
      device.setTitle(
        message.page.title === '' && message.type === 'hello' ? t('loading') : message.page.title,
      )
      events.url(current)
      showBars()
    }
    if (message.type === 'call') events.call(message.call)
    if (message.type === 'notice') notice(message.notice)
    if (message.type === 'question') {
      const asked = generation
      const { id } = message
      const layer = ask(device.screen, message.question, { url: current, account }, (answer) => {
        layers.delete(layer)
        if (asked === generation) frame.send({ type: 'answer', id, answer })
      })
      layers.add(layer)
    }
    if (message.type === 'sheet') {
      const asked = generation
      const { id } = message
      const layer = openSheet(device.screen, message.sheet, current, (answer) => {
        layers.delete(layer)
        if (asked === generation) frame.send({ type: 'answer', id, answer })
      })
      layers.add(layer)
    }
  }

  const loaded = (document: Loaded): void => {
    device.setLoading(false)
    events.opened()
    if (document.kind === 'page' || address === undefined) return
    forget()
    if (document.kind === 'wechat') {
      current = document.url
      device.setTitle(document.title === '' ? t('loading') : document.title)
      // Nothing of WeChat's own is shared or copied.
      menu = { shown: false, hidden: [] }
      showBars()
      events.url(current)
      return
    }
    current = address
    device.setTitle(hostOf(address))
    if (!everGreeted) device.page.append(el('p', { class: 'hint', role: 'status', text: t('noBridge') }))
  }
  const frame = createFrame(device.page, receive, loaded, () => device.setLoading(true))

  const act = (action: MenuAction): void => {
    if (typeof action === 'object') frame.send({ type: 'share', target: action.share })
    if (action === 'refresh') reload()
    if (action === 'browser') window.open(current, '_blank', 'noopener')
    if (action === 'copy')
      navigator.clipboard.writeText(current).then(
        () => toast(device.screen, t('copied')),
        () => toast(device.screen, current),
      )
  }
  const reload = (): void => {
    if (greeted) {
      device.setLoading(true)
      frame.send({ type: 'reload' })
    } else if (!frame.reloadWechat()) {
      openPage()
    }
  }

  device.back.addEventListener('click', () => frame.send({ type: 'back' }))
  device.close.addEventListener('click', closePage)
  device.menu.addEventListener('click', () => {
    if (address !== undefined) openMenu(device.screen, current, menu, act)
  })

  return {
    reload,
    reopen: openPage,
    navigate(url) {
      address = url
      openPage()
    },
    setProfile(next) {
      profile = next
      device.setProfile(next)
      if (address !== undefined) openPage()
    },
    languageChanged() {
      if (address !== undefined) openPage()
    },
    setScheme: frame.setScheme,
    setAccount(name) {
      account = name
    },
    switchesChanged() {
      frame.send(welcome())
    },
  }
}
