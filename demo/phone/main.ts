import { createDevice } from './device.ts'
import { el } from './dom.ts'
import { icon } from './icons.ts'
import { language, live, onLanguage, setLanguage, t } from './language.ts'
import { refusalsIn } from './panel/card-explanation.ts'
import { createPanel } from './panel/panel.ts'
import type { PhoneSettings } from './panel/switches.ts'
import { createPhone } from './phone.ts'
import { keepPreferences, readPreferences } from './preferences.ts'
import { type PhoneJson, sandboxApi, type Visitors } from './sandbox-api.ts'
import { openVisitors } from './screens/visitors.ts'
import { createToolbar } from './toolbar.ts'

const query = new URLSearchParams(location.search)
const preferences = readPreferences(location.search, localStorage)
const settings: PhoneSettings = { networkType: 'wifi', denied: new Set(), endings: {}, late: false }
const systemDark = matchMedia('(prefers-color-scheme: dark)')
const api = sandboxApi(location.origin)
let offsetMs = 0

const device = createDevice()
const toolbar = createToolbar({
  profile(profile) {
    preferences.profile = profile
    keep()
    phone.setProfile(profile)
  },
  navigate: (url) => phone.navigate(url),
  reload: () => phone.reload(),
  visitors: () => void chooseVisitor(),
  theme() {
    preferences.theme = scheme() === 'dark' ? 'light' : 'dark'
    keep()
    applyTheme()
  },
  language() {
    preferences.language = language() === 'zh' ? 'en' : 'zh'
    keep()
    setLanguage(preferences.language)
    phone.languageChanged()
  },
  tools: () => showTools(app.dataset.tools !== 'open'),
})
const panel = createPanel(api, settings, {
  phoneChanged: () => phone.switchesChanged(),
  close: () => showTools(false),
  clockMoved(next) {
    offsetMs = next
    showTime()
  },
})
const refusal = el(
  'button',
  { class: 'refusal', type: 'button', hidden: true, onclick: () => showTools(true) },
  icon('warning', 18),
  live(el('span'), 'showWhy'),
)
const app = el(
  'main',
  { class: 'app' },
  toolbar.element,
  el('div', { class: 'stage' }, device.element, refusal),
  panel.element,
)

const phone = createPhone(device, location.origin, settings, {
  opened: () => void showVisitor(),
  url: toolbar.setUrl,
  call: panel.addCall,
  verdict(verdict) {
    panel.explain(verdict)
    refusal.hidden = verdict === undefined
  },
  cards(verdict) {
    panel.explainCards(verdict === undefined ? [] : refusalsIn(verdict))
  },
})

function keep(): void {
  keepPreferences(preferences, localStorage)
}

function scheme(): 'light' | 'dark' {
  return preferences.theme ?? (systemDark.matches ? 'dark' : 'light')
}

function applyTheme(): void {
  document.documentElement.dataset.theme = scheme()
  toolbar.setTheme(scheme())
  phone.setScheme(scheme())
}

function showTools(open: boolean): void {
  app.dataset.tools = open ? 'open' : 'closed'
  if (open) panel.focus()
}

function showTime(): void {
  device.setClock(new Date(Date.now() + offsetMs))
}

async function readVisitors(): Promise<Visitors | undefined> {
  return api.visitors().catch(() => undefined)
}

// An answer that was asked for before somebody else was chosen must not show.
let lookings = 0

async function showVisitor(ask: () => Promise<Visitors | undefined> = readVisitors): Promise<void> {
  lookings += 1
  const mine = lookings
  const list = await ask()
  if (mine === lookings) toolbar.setVisitor(list?.visitors.find(({ id }) => id === lookingId(list)))
}

function lookingId({ current, thisBrowser, visitors }: Visitors): string {
  return visitors.some(({ id }) => id === thisBrowser) ? (thisBrowser ?? current) : current
}

async function chooseVisitor(): Promise<void> {
  const list = await readVisitors()
  if (list === undefined) return
  openVisitors(device.screen, list.visitors, lookingId(list), (id) => {
    void showVisitor(() => api.chooseVisitor(id).catch(readVisitors)).then(phone.reopen)
  })
}

function pageAddress(asked: string | null, given: string | undefined): string | undefined {
  const address = asked ?? given
  return address !== undefined && /^https?:\/\//.test(address) ? address : undefined
}

// 127.0.0.1 and localhost are two sites to a browser: a page on the other one would get no cookies in its frame.
function isElsewhere(sandbox: string | undefined): sandbox is string {
  const isLoopback = (host: string) => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(host)
  if (sandbox === undefined || !URL.canParse(sandbox)) return false
  const { hostname, port } = new URL(sandbox)
  const isSameListener = isLoopback(hostname) && isLoopback(location.hostname) && port === location.port
  return isSameListener && hostname !== location.hostname
}

async function start(): Promise<void> {
  const given: PhoneJson = await api.settings().catch(() => ({}))
  if (isElsewhere(given.sandbox)) {
    location.replace(`${given.sandbox}/${location.search}`)
    return
  }
  const name = given.account?.name
  phone.setAccount(name ?? t('officialAccount'))
  phone.navigate(pageAddress(query.get('page'), given.page))
}

onLanguage(() => {
  document.title = t('appName')
})
setLanguage(preferences.language)
document.querySelector('#app')?.replaceWith(app)
toolbar.setProfile(preferences.profile)
phone.setProfile(preferences.profile)
applyTheme()
systemDark.addEventListener('change', applyTheme)
showTime()
setInterval(showTime, 10_000)
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') showTools(false)
})
void start()
