import type { ScannedCode } from '../../sandbox/bridge/index.ts'
import { el } from '../dom.ts'
import { icon } from '../icons.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import type { Word } from '../words.ts'

interface SampleCode extends ScannedCode {
  word: Word
}

/** Opens the camera: pick one of the codes in view, type one, or cancel. */
export function openScan(
  screen: HTMLElement,
  scanType: string[],
  pageUrl: string,
  decide: (answer: ScannedCode | 'cancel') => void,
): Layer {
  let answer: ScannedCode | 'cancel' = 'cancel'
  const pick = (code: ScannedCode): void => {
    answer = code
    layer.close()
  }
  const samples: SampleCode[] = [
    { word: 'codePage', text: pageUrl, kind: 'qrCode' },
    { word: 'codeCoupon', text: 'COUPON-2026-8888', kind: 'qrCode' },
    { word: 'codeProduct', text: '6901234567892', kind: 'barCode', format: 'EAN_13' },
  ]
  const wanted = samples.filter((code) => scanType.includes(code.kind ?? 'qrCode'))
  const input = el('input', {
    type: 'text',
    class: 'scan-input',
    'aria-label': t('scanType'),
    placeholder: t('scanType'),
  })
  const content = el(
    'div',
    { class: 'scan' },
    el(
      'header',
      { class: 'scan-head' },
      el(
        'button',
        { class: 'round-button', type: 'button', 'aria-label': t('cancel'), onclick: () => layer.close() },
        icon('close'),
      ),
      el('h2', { text: t('scan') }),
    ),
    el('div', { class: 'scan-line', 'aria-hidden': 'true' }),
    el(
      'div',
      { class: 'scan-codes' },
      ...wanted.map((code, index) =>
        el(
          'button',
          {
            class: `scan-code ${code.kind}`,
            type: 'button',
            'data-focus': index === 0,
            onclick: () =>
              pick({
                text: code.text,
                kind: code.kind ?? 'qrCode',
                ...(code.format === undefined ? {} : { format: code.format }),
              }),
          },
          code.kind === 'barCode' ? barCode(code.text) : matrix(code.text),
          el('span', { class: 'scan-dot', 'aria-hidden': 'true' }),
          el('span', { class: 'scan-name', text: t(code.word) }),
          el('span', { class: 'scan-text', text: code.text }),
        ),
      ),
    ),
    el('p', { class: 'scan-hint', text: t('scanHint') }),
    el(
      'form',
      {
        class: 'scan-form',
        onsubmit: (event) => {
          event.preventDefault()
          const text = input.value.trim()
          if (text !== '') pick({ text, kind: 'qrCode' })
        },
      },
      input,
      el('button', { class: 'green-button small', type: 'submit', text: t('scanUse') }),
    ),
  )
  const layer = openLayer(screen, 'screen', t('scan'), content, () => decide(answer))
  return layer
}

const size = 21

// A drawing that looks like a code; the corners are right, the middle is a hash of the text.
function matrix(text: string): SVGSVGElement {
  let seed = 7
  for (const letter of text) seed = (seed * 31 + (letter.codePointAt(0) ?? 0)) >>> 0
  let cells = ''
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
      const corner = cornerCell(x, y)
      if (corner ?? seed > 2_200_000_000) cells += `M${x} ${y}h1v1h-1z`
    }
  return drawing(`0 0 ${size} ${size}`, `<path d="${cells}" fill="currentColor"/>`)
}

function cornerCell(x: number, y: number): boolean | undefined {
  const inCorner = (left: number, top: number) => x >= left && x < left + 8 && y >= top && y < top + 8
  const finder = (left: number, top: number) => {
    const ring = Math.max(Math.abs(x - left - 3), Math.abs(y - top - 3))
    return ring === 3 || ring < 2
  }
  if (inCorner(0, 0)) return finder(0, 0)
  if (inCorner(size - 8, 0)) return finder(size - 7, 0)
  if (inCorner(0, size - 8)) return finder(0, size - 7)
  return undefined
}

function barCode(text: string): SVGSVGElement {
  let x = 0
  let bars = ''
  for (const digit of `${text}${text}`) {
    const width = 0.6 + (Number(digit) % 4) * 0.45
    bars += `M${x} 0h${width}v12h-${width}z`
    x += width + 0.7
  }
  return drawing(`0 0 ${x} 12`, `<path d="${bars}" fill="currentColor"/>`)
}

function drawing(viewBox: string, inner: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', viewBox)
  svg.setAttribute('preserveAspectRatio', 'none')
  svg.setAttribute('aria-hidden', 'true')
  svg.innerHTML = inner
  return svg
}
