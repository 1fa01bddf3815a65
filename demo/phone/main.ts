import { createDevice } from './device.ts'
import { el } from './dom.ts'
import { icon } from './icons.ts'
import { language, live, onLanguage, setLanguage, t } from './language.ts'
import { createPanel } from './panel/panel.ts'
import type { PhoneSettings } from './panel/switches.ts'
import { createPhone } from './phone.ts'
import { keepPreferences, readPreferences } from './preferences.ts'
import { type PhoneJson, sandboxApi } from './sandbox-api.ts'
import { createToolbar } from './toolbar.ts'

const query = new URLSearchParams(location.search)
const preferences = readPreferences(location.search, localStorage)
const settings: PhoneSettings = { networkType: 'wifi', denied: new Set(), late: false }
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
  url: toolbar.setUrl,
  call: panel.addCall,
  verdict(verdict) {
    panel.explain(verdict)
    refusal.hidden = verdict === undefined
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

function pageAddress(asked: string | null, given: string | undefined): string | undefined {
  const address = asked ?? given
  return address !== undefined && /^https?:\/\//.test(address) ? address : undefined
}

async function start(): Promise<void> {
  const given: PhoneJson = await api.settings().catch(() => ({}))
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
