const paths = {
  back: '<path d="M15 4.5 7.5 12l7.5 7.5"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  more: '<g fill="currentColor" stroke="none"><circle cx="5" cy="12" r="2"/><circle cx="12" cy="12" r="2.4"/><circle cx="19" cy="12" r="2"/></g>',
  reload: '<path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4h-4"/>',
  chat: '<path d="M4 11.2C4 7.2 7.6 4 12 4s8 3.2 8 7.2-3.6 7.2-8 7.2c-.9 0-1.8-.1-2.6-.4L5.6 20l.7-3.3A6.900 6.900 0 0 1 4 11.200z"/><g fill="currentColor" stroke="none"><circle cx="9" cy="11" r="1.1"/><circle cx="15" cy="11" r="1.1"/></g>',
  moments:
    '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.500 15.500 9.400M20.500 12h-7M16.200 19.400 12.700 13.300M7.800 19.400l3.500-6.100M3.500 12h6.900M7.800 4.600l3.500 6"/>',
  qq: '<path d="M12 3.5c3 0 5 2.200 5 5.200 0 .8.2 1.500.6 2.200.9 1.500 1.900 3.200 1.600 4.300-.2.6-.9.2-1.500-.6-.3 1.100-.9 2-1.700 2.700.8.3 1.300.8 1.300 1.400 0 1-1.700 1.800-3.300 1.300-.7-.2-1.300-.500-2-.500s-1.300.3-2 .5c-1.600.500-3.300-.3-3.300-1.300 0-.6.5-1.100 1.300-1.400-.8-.700-1.400-1.600-1.700-2.700-.6.8-1.300 1.200-1.500.600-.3-1.100.700-2.800 1.600-4.300.4-.7.600-1.400.600-2.200 0-3 2-5.200 5-5.200z"/>',
  star: '<path d="m12 3.800 2.500 5.300 5.800.7-4.300 4 1.100 5.700L12 16.700l-5.100 2.800L8 13.800l-4.300-4 5.800-.7z"/>',
  copy: '<path d="M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1"/>',
  browser:
    '<circle cx="12" cy="12" r="8.500"/><path d="M3.500 12h17M12 3.500c5 5 5 12 0 17c-5-5-5-12 0-17z"/>',
  camera:
    '<path d="M4 8.500A1.500 1.500 0 0 1 5.500 7H8l1.500-2.500h5L16 7h2.500A1.500 1.500 0 0 1 20 8.500v9a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 17.500z"/><circle cx="12" cy="12.800" r="3.500"/>',
  pin: '<path d="M12 21s-6.500-6-6.500-11A6.500 6.500 0 0 1 18.500 10c0 5-6.500 11-6.500 11z"/><circle cx="12" cy="10" r="2.300"/>',
  sun: '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M18.400 5.600 17 7M7 17l-1.400 1.400"/>',
  moon: '<path d="M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z"/>',
  tools:
    '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
  warning: '<path d="M12 4 3 19.500h18zM12 10v4.500M12 17v.3"/>',
  check: '<path d="m5 12.500 4.500 4.500L19 7.500"/>',
  lock: '<rect x="5.500" y="10.500" width="13" height="9" rx="2"/><path d="M8.500 10.500V8a3.500 3.500 0 0 1 7 0v2.500"/>',
  wifi: '<path d="M2.500 9.500a14 14 0 0 1 19 0M5.500 13a9.500 9.500 0 0 1 13 0M8.500 16.300a5 5 0 0 1 7 0"/><circle cx="12" cy="19.300" r="1.200" fill="currentColor" stroke="none"/>',
} as const

/** Names of the drawn icons. */
export type IconName = keyof typeof paths

/** An icon of 24 x 24 units in the current colour; hidden from screen readers, so its button needs a label. */
export function icon(name: IconName, size = 24): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const attributes = { viewBox: '0 0 24 24', width: size, height: size, fill: 'none', stroke: 'currentColor' }
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value))
  svg.setAttribute('stroke-width', '1.6')
  svg.setAttribute('stroke-linecap', 'round')
  svg.setAttribute('stroke-linejoin', 'round')
  svg.setAttribute('aria-hidden', 'true')
  svg.innerHTML = paths[name]
  return svg
}
