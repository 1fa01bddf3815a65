import type { PageWindow } from './page.ts'

const EVERY_MS = 300

/**
 * Calls back when the address may have changed, `isForced` when WeChat may have forgotten the page; the answer ends it.
 *
 * Nothing of `history` is replaced: routers and other libraries do that already, and the last one to do so wins. Web
 * views without the Navigation API tell nobody of `pushState`, so there the address is compared now and then.
 */
export function followRoute(window: PageWindow, onRoute: (isForced: boolean) => void): () => void {
  const { navigation } = window
  let href = window.location.href
  const look = () => {
    if (window.location.href === href) return
    href = window.location.href
    onRoute(false)
  }
  const onPageShow = ({ persisted }: { persisted: boolean }) => {
    if (persisted) onRoute(true)
  }
  const timer = navigation ? undefined : setInterval(look, EVERY_MS)
  navigation?.addEventListener('currententrychange', look)
  window.addEventListener('popstate', look)
  window.addEventListener('hashchange', look)
  window.addEventListener('pageshow', onPageShow)
  return () => {
    clearInterval(timer)
    navigation?.removeEventListener('currententrychange', look)
    window.removeEventListener('popstate', look)
    window.removeEventListener('hashchange', look)
    window.removeEventListener('pageshow', onPageShow)
  }
}
