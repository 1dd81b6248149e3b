// The TypeScript client against the running program.
// req: B8.3.1b, B8.3.1c, B8.3.1d

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { codeFor, start, totp, type Server } from '../e2e/server.mjs'
import { client, type Problem } from './client'

const program = fileURLToPath(new URL('../../bin/mingfa', import.meta.url))
let server: Server
let logs: string

beforeAll(async () => {
  logs = mkdtempSync(join(tmpdir(), 'mingfa-client-'))
  server = await start([program, 'serve', '--demo', '--data', '{data}', '--listen', '127.0.0.1:0'], join(logs, 'server.log'))
})
afterAll(async () => {
  await server?.stop()
  rmSync(logs, { recursive: true, force: true })
})

/** A UUID of version 7, as whoever creates something makes it. */
function uuid7(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + '7' + crypto.randomUUID().replaceAll('-', '').slice(13)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

async function citizen(phone: string) {
  const anybody = client(server.base)
  const sent = await anybody.POST('/codes', { body: { phone } })
  expect(sent.response.status).toBe(202)
  const code = await codeFor(server.base, phone)
  const { data } = await anybody.POST('/sessions', { body: { phone, code, bearer: true } })
  return client(server.base, data!.token)
}

test('a citizen signs in, asks, asks again with the same ID, and reads', async () => {
  const api = await citizen('13800007001')
  const body = { id: uuid7(), region: '440304', question: '公司拖欠三个月工资，应该怎么办？', problem_type: 'labour', contact: { name: '陈女士' } }
  const asked = await api.POST('/orders', { body })
  expect(asked.error).toBeUndefined()
  expect(asked.data?.question).toBe(body.question)
  expectTypeOf(asked.data!.state).toEqualTypeOf<'waiting' | 'assigned' | 'answered' | 'closed' | 'excluded'>()

  const again = await api.POST('/orders', { body })
  expect(again.data?.id).toBe(body.id)
  const mine = await api.GET('/orders', { params: { query: { limit: 10 } } })
  expect(mine.data?.items.map((o) => o.id)).toEqual([body.id])

  const one = await api.GET('/orders/{id}', { params: { path: { id: body.id } } })
  expect(one.data?.number).toBe(asked.data?.number)
  expect(one.response.headers.get('ETag')).toBe(`"${one.data?.rev}"`)
  expect(Number(one.response.headers.get('RateLimit-Remaining'))).toBeGreaterThan(0)
})

test('a refusal is a Problem with the fields that are wrong', async () => {
  const api = await citizen('13800007002')
  const { data, error, response } = await api.POST('/orders', { body: { id: uuid7(), region: '999999', question: ' ', contact: { name: '' } } })
  expect(data).toBeUndefined()
  expectTypeOf(error!).toEqualTypeOf<Problem>()
  expect(response.status).toBe(422)
  expect(response.headers.get('Content-Type')).toBe('application/problem+json')
  expect(error).toMatchObject({ status: 422, code: 'fault.invalid' })
  expect(error!.errors!.map((e) => e.field).sort()).toEqual(['contact.name', 'question', 'region'])

  const stranger = await client(server.base).GET('/orders')
  expect(stranger.error).toMatchObject({ status: 401, code: 'fault.unknown' })
  const other = await api.GET('/orders/{id}', { params: { path: { id: uuid7() } } })
  expect(other.error).toMatchObject({ status: 404, code: 'fault.absent' })
})

test("a machine's token reads what its scope holds and nothing else", async () => {
  const { data: session } = await client(server.base).POST('/staff-sessions', {
    body: { user: 'admin1', password: server.demo.password, totp: totp(server.demo.totp_secret), bearer: true },
  })
  const admin = client(server.base, session!.token)
  const expires = new Date(Date.now() + 86_400_000).toISOString()
  const made = await admin.POST('/tokens', { body: { id: uuid7(), name: 'dashboard', scopes: ['figures:read'], expires_at: expires } })
  expect(made.error).toBeUndefined()
  const machine = client(server.base, made.data!.token)
  const figures = await machine.GET('/figures')
  expect(figures.data?.live).toBe(true)
  const report = await machine.GET('/reports')
  expect(report.error).toMatchObject({ status: 404, code: 'fault.absent' })
  const orders = await machine.GET('/orders')
  expect(orders.error).toMatchObject({ status: 404, code: 'fault.absent' })
  const inbox = await machine.GET('/inbox')
  expect(inbox.error).toMatchObject({ status: 404, code: 'fault.absent' })
})
