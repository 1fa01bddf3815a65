/** Absolute, because WeChat fetches it from its own servers and not from this page. */
export const shareImage: string = new URL('./assets/share.png', import.meta.url).href
