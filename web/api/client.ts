// A client of the HTTP API for programs in TypeScript, typed by what
// openapi-typescript makes of docs/openapi.json (npm run api). It is what an
// integrator would write, and the test beside it shows that it works.

import createClient from 'openapi-fetch'
import type { components, paths } from './schema'

/** A refusal (RFC 9457): look at code and status, show detail. */
export type Problem = components['schemas']['Problem']

/** base is the address of the server, as "http://localhost:8080". */
export const client = (base: string, token?: string, language = 'en') =>
  createClient<paths>({
    baseUrl: base + '/api/v1',
    headers: { 'Accept-Language': language, ...(token ? { Authorization: 'Bearer ' + token } : {}) },
  })
