/**
 * The address the page had when this module was evaluated.
 *
 * iOS verifies the signature against the address of the first document load, so it has to be read before a router
 * or `history.replaceState` changes it. Empty where there is no page (Node).
 */
export const landingUrl: string = typeof location === 'undefined' ? '' : location.href
