import { expect, test } from 'vitest'
import { signJsapi } from '../../../server/jsapi/sign.ts'

// The vector of WeChat's JS-SDK document, appendix 1.
const published = {
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  nonceStr: 'Wm3WZYTPz0wzccnW',
  timestamp: 1414587457,
  url: 'http://mp.weixin.qq.com?params=value',
}

test('reproduces the published vector', () => {
  expect(signJsapi(published)).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed')
})

test('hashes the URL as UTF-8, neither decoded nor encoded', () => {
  const plain = signJsapi({ ...published, url: 'https://h5.example.com/订单?名=值' })
  const encoded = signJsapi({ ...published, url: encodeURI('https://h5.example.com/订单?名=值') })
  // Computed with another implementation of SHA-1.
  expect(plain).toBe('d3ac4b7d71428a27e91253ca04b46d4313f488d0')
  expect(plain).not.toBe(encoded)
})

test.each([
  ['ticket', { ticket: '' }],
  ['nonceStr', { nonceStr: '' }],
  ['url', { url: '' }],
  ['timestamp', { timestamp: Number.NaN }],
  ['timestamp', { timestamp: 1414587457.5 }],
])('refuses to sign without a usable %s', (_name, part) => {
  expect(() => signJsapi({ ...published, ...part })).toThrow(TypeError)
})
