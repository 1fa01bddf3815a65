import { rule } from './rule-text.ts'

const samples = new Set([
  'appsecret',
  'changeme',
  'placeholder',
  'secret',
  'todo',
  'wxappsecret',
  'yourappsecret',
  'yoursecret',
  'yourwxappsecret',
])

/** What is wrong with a secret, or `undefined`: empty, a sample from a manual, an unresolved reference. */
export function secretProblem(value: string): string | undefined {
  const expects = 'must be the real secret'
  if (value.trim() === '')
    return rule(expects, 'it is empty: write it here, or "env:NAME" to take it from the environment')
  if (value.startsWith('env:'))
    return rule(expects, 'it is still an "env:" reference: put the secret into that variable')
  if (value !== value.trim()) return rule(expects, 'remove the white space at its beginning or end')
  if (/[\s\p{Cc}]/u.test(value)) return rule(expects, 'remove the white space inside it')
  const letters = value.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (samples.has(letters) || /^x*$/.test(letters) || /[<>…]/.test(value)) {
    return rule(
      expects,
      'it is a sample value: write the real one, or "env:NAME" to take it from the environment',
    )
  }
  return undefined
}

/** What is wrong with the secret of a client, which may also be written as its hash, or `undefined`. */
export function clientSecretProblem(value: string): string | undefined {
  if (!value.startsWith('sha256:') || /^sha256:[0-9a-f]{64}$/i.test(value)) return secretProblem(value)
  return rule(
    'must be "sha256:" and 64 hexadecimal digits',
    'make them with: printf %s "$SECRET" | sha256sum',
  )
}
