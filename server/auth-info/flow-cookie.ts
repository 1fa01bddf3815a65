/**
 * The cookie that ties a state to the browser it was given to; one per flow, so that two tabs do not take each
 * other's.
 */
export interface FlowCookie {
  /** `Set-Cookie` for a new flow. */
  set(state: string, value: string): string
  /** The value this browser holds for a state. */
  read(header: string | undefined, state: string): string | undefined
}

const MAX_AGE_S = 660

/** @param secure whether our own address is https; then the cookie is `__Host-`, which no sub-domain can set */
export function createFlowCookie(secure: boolean): FlowCookie {
  const nameOf = (state: string): string => `${secure ? '__Host-' : ''}wxh5-${state.slice(0, 12)}`
  return {
    set: (state, value) =>
      `${nameOf(state)}=${value}; Path=/; Max-Age=${MAX_AGE_S}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`,
    read(header, state) {
      const name = `${nameOf(state)}=`
      const pair = (header ?? '').split(/;\s*/).find((each) => each.startsWith(name))
      return pair?.slice(name.length)
    },
  }
}
