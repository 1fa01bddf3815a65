import type { AuthInfoOptions } from '../../client/index.ts'

/** What WeChat is asked for. */
export type Scope = NonNullable<AuthInfoOptions['scope']>

const key = 'wx-h5-demo-ask'

/** Loads the page anew and lets that load ask WeChat; where nothing may be stored, it only loads. */
export function askAfterReload(scope: Scope): void {
  remember(scope)
  location.reload()
}

/** What the page load before asked for, once. */
export function takeAskAfterReload(): Scope | undefined {
  try {
    const scope = sessionStorage.getItem(key)
    sessionStorage.removeItem(key)
    return scope === 'snsapi_base' || scope === 'snsapi_userinfo' ? scope : undefined
  } catch {
    return undefined
  }
}

function remember(scope: Scope): void {
  try {
    sessionStorage.setItem(key, scope)
  } catch {
    return
  }
}
