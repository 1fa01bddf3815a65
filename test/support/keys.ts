import { generateKeyPairSync } from 'node:crypto'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })

/** Every key configured, so that a service of a test makes no file; the configuration's `keys`. */
export const testKeys = {
  ssoToken: [privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
  phone: [Buffer.alloc(32, 1).toString('base64')],
  phoneIndex: Buffer.alloc(32, 2).toString('base64'),
}
