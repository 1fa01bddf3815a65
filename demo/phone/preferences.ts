import type { BridgeProfile } from '../sandbox/bridge/index.ts'
import { isBridgeProfile } from '../sandbox/bridge/profiles.ts'
import type { Language } from './language.ts'

/** What a person has chosen for this phone; kept in this browser. */
export interface Preferences {
  profile: BridgeProfile
  language: Language
  /** Absent: as the system says. */
  theme?: 'light' | 'dark'
}

const key = 'wx-sandbox-phone'

/** Reads the choices; the address line's `?profile=&language=&theme=` goes before what was kept. */
export function readPreferences(search: string, storage: Storage): Preferences {
  const query = new URLSearchParams(search)
  const kept = parse(storage.getItem(key))
  const profile = query.get('profile') ?? kept.profile
  const language = query.get('language') ?? kept.language ?? navigator.language
  const theme = query.get('theme') ?? kept.theme
  return {
    profile: isBridgeProfile(profile) ? profile : 'ios',
    language: String(language).startsWith('zh') ? 'zh' : 'en',
    ...(theme === 'dark' || theme === 'light' ? { theme } : {}),
  }
}

/** Keeps the choices for the next visit. */
export function keepPreferences(preferences: Preferences, storage: Storage): void {
  storage.setItem(key, JSON.stringify(preferences))
}

function parse(text: string | null): Partial<Record<keyof Preferences, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
