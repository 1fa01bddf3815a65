import { describe, expect, it } from 'vitest'
import { candidates, reportedTrial } from '../../../client/candidates.ts'
import { detectEnvironment } from '../../../client/index.ts'
import { withoutFragment } from '../../../client/page.ts'
import { userAgents } from '../../../demo/sandbox/bridge/profiles.ts'
import { createFakePage } from './fake-page.ts'

const landingUrl = 'https://h5.example.com/in?code=1#top'
const current = 'https://h5.example.com/shop#/cart'

const order = (profile: keyof typeof userAgents, preferred?: 'landing' | 'current', href = current) => {
  const { page } = createFakePage({ landingUrl, href })
  if (preferred !== undefined) page.preferred = preferred
  return candidates(page, withoutFragment(href), detectEnvironment({ userAgent: userAgents[profile] }))
}

describe('candidates', () => {
  it('are without fragment, the landing one first on iOS', () => {
    expect(order('ios')).toEqual([
      { candidate: 'landing', url: 'https://h5.example.com/in?code=1' },
      { candidate: 'current', url: 'https://h5.example.com/shop' },
    ])
  })

  it.each(['android', 'harmony', 'windows', 'mac', 'devtools'] as const)(
    'have the current one first on %s',
    (profile) => {
      expect(order(profile).map(({ candidate }) => candidate)).toEqual(['current', 'landing'])
    },
  )

  it('have first what WeChat accepted before', () => {
    expect(order('ios', 'current').map(({ candidate }) => candidate)).toEqual(['current', 'landing'])
    expect(order('android', 'landing').map(({ candidate }) => candidate)).toEqual(['landing', 'current'])
  })

  it('are one when both addresses differ only in the fragment', () => {
    expect(order('ios', undefined, 'https://h5.example.com/in?code=1#/other')).toHaveLength(1)
  })
})

describe('reportedTrial', () => {
  const tried = order('ios')

  it('takes an address of the same origin that was not tried', () => {
    expect(reportedTrial('https://h5.example.com/first?x=1#here', tried, current)).toEqual({
      candidate: 'reported',
      url: 'https://h5.example.com/first?x=1',
    })
  })

  it.each([
    undefined,
    '',
    'https://h5.example.com/shop',
    'https://evil.example.com/first',
    'https://h5.example.com.evil.com/first',
    'https://h5.example.com:8443/first',
    'http://h5.example.com/first',
    'not an address',
    '["https://h5.example.com/first"]',
  ])('leaves %j alone', (realAuthUrl) => {
    expect(reportedTrial(realAuthUrl, tried, current)).toBeUndefined()
  })
})
