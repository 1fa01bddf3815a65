import type { World } from '../world.ts'
import { checkAccessToken } from './checks.ts'
import type { ApiRequest } from './request.ts'

// Addresses reserved for documentation: nobody should open a firewall for the sandbox.
const API_ADDRESSES = ['203.0.113.10', '203.0.113.11', '203.0.113.12']
const CALLBACK_ADDRESSES = ['198.51.100.20', '198.51.100.21']

/** GET cgi-bin/get_api_domain_ip. */
export function getApiDomainIp(world: World, { query }: ApiRequest): object {
  checkAccessToken(world, query)
  return { ip_list: API_ADDRESSES }
}

/** GET cgi-bin/getcallbackip. */
export function getCallbackIp(world: World, { query }: ApiRequest): object {
  checkAccessToken(world, query)
  return { ip_list: CALLBACK_ADDRESSES }
}
