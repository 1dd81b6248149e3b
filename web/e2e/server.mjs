// Starts the program for a run and signs in: addresses and demo accounts are
// read from the JSON lines it prints.

import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * command: [program, ...arguments]; {data} stands for a fresh directory, {port} for a
 * port that nobody has. A port named is what everybody runs: with :0 a program that
 * listens twice would pass.
 */
export async function start(command, logFile) {
  const home = mkdtempSync(join(tmpdir(), 'mingfa-e2e-'))
  const data = join(home, 'data')
  const port = await freePort()
  const [program, ...args] = command.map((a) => a.replace('{data}', data).replace('{port}', port))
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const log = createWriteStream(logFile)
  child.stderr.pipe(log)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const told = {}
  const steps = []
  const ready = new Promise((resolve, reject) => {
    child.once('error', reject)
    void exited.then((code) => reject(new Error(`the server ended with ${code}; see ${logFile}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(line + '\n')
      const said = parse(line)
      Object.assign(told, said)
      if (told.listening && told.demo) resolve()
      if (said.now) steps.shift()?.(said.now)
    })
  })
  await ready
  const base = told.listening.replace(/\/$/, '')
  await until(`${base}/readyz to answer`, async () => (await fetch(base + '/readyz')).status !== 503)
  return {
    base,
    demo: told.demo,
    data,
    now: () => told.now,
    /** Of `mingfa stage`: moves its clock, and waits for all that was due until then. */
    step: (line) =>
      Promise.race([
        new Promise((resolve) => {
          steps.push(resolve)
          child.stdin.write(line + '\n')
        }),
        exited.then((code) => Promise.reject(new Error(`the server ended with ${code} at ${line}; see ${logFile}`))),
      ]),
    /** before: what is done with the data when the server has ended. */
    stop: async (before = async () => {}) => {
      child.kill('SIGTERM')
      await exited
      try {
        await before()
      } finally {
        rmSync(home, { recursive: true, force: true })
      }
    },
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const s = createServer()
    s.once('error', reject)
    s.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (s.address())
      s.close(() => resolve(port))
    })
  })
}

function parse(line) {
  try {
    const o = JSON.parse(line)
    return typeof o === 'object' ? o : {}
  } catch {
    return {}
  }
}

/** Asks again until it holds; gives up after a minute, which is a failure and never a wait. */
export async function until(what, fn) {
  const end = Date.now() + 60_000
  for (;;) {
    const got = await fn()
    if (got) return got
    if (Date.now() > end) throw new Error('waited in vain for ' + what)
    await new Promise((r) => setTimeout(r, 100))
  }
}

/** The newest code sent to the phone, as the demo's SMS screen shows it. */
export function codeFor(base, phone) {
  return until('a code for ' + phone, async () => {
    const { items } = await (await fetch(base + '/api/v1/screen/sms')).json()
    // Newest first; the screen shows numbers with their country code.
    for (const m of items.filter((x) => x.phone.endsWith(phone))) {
      const found = /(?<!\d)\d{6}(?!\d)/.exec(m.text)
      if (found) return found[0]
    }
    return undefined
  })
}

/** RFC 6238, SHA-1, 6 digits, 30 s. */
export function totp(secret, at = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/=+$/, '')].map((c) => alphabet.indexOf(c.toUpperCase()).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => parseInt(b, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const offset = mac[19] & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
