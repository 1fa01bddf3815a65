import { expect, test } from 'vitest'
import { type Ask, type Claim, claim, EMPTY_LEDGER, LEASE_MS } from '../../../server/credentials/ledger.ts'
import { refusalLimits } from '../../../server/credentials/refusal-limits.ts'

const NOW = Date.UTC(2026, 0, 1)
const limits = refusalLimits('access_token', 'stable')

function ask(holder: string, refused = false): Ask {
  return {
    holder,
    generation: 1,
    wants: () => false,
    ...(refused ? { refusal: { ...limits, muchLifeLeft: false } } : {}),
  }
}

/** What the second one hears, whose time was read so long before that of the first one. */
function second(beforeMs: number, refused = false, freed = false): Claim {
  const first = claim(ask('first', refused))(EMPTY_LEDGER, undefined, NOW).answer.ledger
  const seen = freed ? { ...first, holder: '', endsAt: 0 } : first
  return claim(ask('second', refused))(seen, undefined, NOW - beforeMs).answer
}

test('a lease holds for who read the time a moment before it was taken', () => {
  expect(second(4)).toMatchObject({ result: 'held', leftMs: LEASE_MS + 4 })
  expect(second(3_600_000).result).toBe('granted')
})

test('the pause between forced refreshes holds for who read the time a moment before the last one', () => {
  expect(second(4, true, true).result).toBe('spent')
  expect(second(3_600_000, true, true).result).toBe('granted')
})
