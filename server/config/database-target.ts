import type { z } from 'zod'
import { rule } from './rule-text.ts'
import type { DatabaseTarget } from './types.ts'

const EXPECTS = 'must be "sqlite:PATH", "postgres://…", "sqlite::memory:" or "memory"'
const nowhere: DatabaseTarget = { kind: 'sqlite', file: ':memory:' }

/** Reads the key `database`; a broken rule becomes an issue of the schema. */
export function readDatabase(value: unknown, context: z.RefinementCtx): DatabaseTarget {
  if (value === 'memory') return nowhere
  if (
    typeof value === 'string' &&
    /^postgres(ql)?:\/\/[^/\s]+\/[^/\s]+$/.test(value) &&
    URL.canParse(value)
  ) {
    return { kind: 'postgres', url: value }
  }
  const file = typeof value === 'string' && value.startsWith('sqlite:') ? value.slice('sqlite:'.length) : ''
  if (file !== '' && !/\p{Cc}/u.test(file) && !/^\/\/[^/]/.test(file)) {
    return { kind: 'sqlite', file: file.replace(/^\/\/(?=\/)/, '') }
  }
  context.addIssue({ code: 'custom', message: rule(EXPECTS, remedyFor(value)) })
  return nowhere
}

function remedyFor(value: unknown): string {
  if (typeof value === 'string' && /^postgres(ql)?:/i.test(value)) {
    return 'write "postgres://user:password@host:5432/database", best as "env:DATABASE_URL"'
  }
  if (typeof value === 'string' && value.startsWith('sqlite://')) {
    return 'write one path right after "sqlite:", for example "sqlite:.data/wx-h5.db" or "sqlite:/var/lib/wx-h5.db"'
  }
  return 'write for example "sqlite:.data/wx-h5.db"'
}
