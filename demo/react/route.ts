import { useSyncExternalStore } from 'react'

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('popstate', listener)
  return () => window.removeEventListener('popstate', listener)
}

/** The address, as a router would give it: in your project this is `useLocation()`. */
export const useAddress = (): string => useSyncExternalStore(subscribe, () => location.href)

export function go(to: string): void {
  history.pushState({}, '', to)
  window.dispatchEvent(new PopStateEvent('popstate'))
}
