// The whole flow in a real browser, in three languages, at 360 and 1440 px.
//
//   node e2e/run.mjs [--only en | --only en-360] [--jobs 3] [--server PROGRAM ARG...]
//   node e2e/run.mjs --shift      a whole shift instead (shift.mjs), by bin/mingfa
//   node e2e/run.mjs --keyboard   zh-Hans-1440, each screen walked by Tab, too (keyboard.mjs)
//
// The last two may be said together. Pictures are left in e2e/out. The last line is
// "N passed, N failed".
// req: B5.2.2 B5.2.4 B5.3g B6.1b B6.2.1.2a-f B7.1.3.1a B7.1.3.2 B8.2.2.6

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { cards } from './cards.mjs'
import { docsPage } from './docs.mjs'
import { exchange } from './exchange.mjs'
import { Flow, names, questions, signInStaff } from './flow.mjs'
import { Keyboard } from './keyboard.mjs'
import { complaints, quality, tokens, watchful } from './pages.mjs'
import { resume } from './resume.mjs'
import { start } from './server.mjs'
import { shift } from './shift.mjs'
import { citizenStates, staffStates } from './states.mjs'
import { plainPages } from './wap.mjs'
import { Watch } from './watch.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = join(here, 'out')
const args = process.argv.slice(2)
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
const command = args.includes('--server')
  ? args.slice(args.indexOf('--server') + 1)
  : [join(here, '../../bin/mingfa'), 'serve', '--demo', '--data', '{data}', '--listen', '127.0.0.1:{port}', '--talk-opens', '2099-03-01']

const langs = ['zh-Hans', 'zh-Hant-HK', 'en']
const widths = [360, 1440]
/** The variant that is looked at at 200 %, too: that of the longest words. */
const zoomed = 'en-1440'
/** The variant that is walked by Tab, too, if that was asked for. */
const walked = 'zh-Hans-1440'
const byKeys = args.includes('--keyboard')
/** How many variants run at a time, each with a server of its own. */
const jobs = Number(option('--jobs') ?? 3)
const size = (width) => ({ width, height: width < 500 ? 740 : 900 })

async function main() {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const todo = langs.flatMap((lang) => widths.map((width) => ({ lang, width, tag: `${lang}-${width}` }))).map((v, i) => ({ ...v, phone: '1380000' + String(1001 + i) }))
  todo.unshift(...todo.splice(todo.findIndex((v) => v.tag === zoomed), 1)) // it takes longest
  const only = byKeys ? walked : option('--only')
  if (only) todo.splice(0, todo.length, ...todo.filter((v) => v.tag.startsWith(only)))
  const runs = []
  if (args.includes('--shift')) runs.push(shift({ program: join(here, '../../bin/mingfa'), out, browser }))
  if (byKeys || !runs.length) for (let i = 1; i <= Math.min(jobs, todo.length); i++) runs.push(flows(browser, todo, `server${i}.log`))
  const watches = await Promise.all(runs).finally(() => browser.close())
  const passed = watches.reduce((n, w) => n + w.passed, 0)
  const failed = watches.reduce((n, w) => n + w.failures.length, 0)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0
}

/** Takes variants until none is left. */
async function flows(browser, todo, log) {
  const server = await start(command, join(out, log))
  const watch = new Watch(server.base, out)
  const page = async (who, width) => {
    const context = await browser.newContext({ viewport: size(width), locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
    context.setDefaultTimeout(20_000)
    return watch.listen(await context.newPage(), who)
  }
  const staff = {}
  try {
    for (const [who, user] of [['lawyer', 'lawyer1'], ['second', 'lawyer2'], ['operator', 'operator1'], ['admin', 'admin1'], ['inspector', 'quality1'], ['bureau', 'bureau1']]) {
      staff[who] = await page(user, 1440)
      await signInStaff(staff[who], server, user)
    }
    for (let next = todo.shift(); next; next = todo.shift()) {
      const began = Date.now()
      watch.zoom = next.tag === zoomed
      await one({ server, watch, staff, page, ...next })
      console.log(`${next.tag}: ${Math.round((Date.now() - began) / 1000)} s, ${watch.passed} passed, ${watch.failures.length} failed so far`)
    }
  } finally {
    for (const p of Object.values(staff)) await p.context().close()
    await server.stop()
  }
  return watch
}

/** One language at one width. A step that throws fails the run; the next one goes on. */
async function one({ server, watch, lang, width, staff, page, phone }) {
  const flow = new Flow({ server, watch, lang, width, staff })
  const citizen = await page(`citizen ${flow.tag}`, width)
  const stranger = await page(`stranger ${flow.tag}`, width)
  const keyboard = byKeys ? new Keyboard(watch, staff) : undefined
  try {
    for (const p of Object.values(staff)) {
      await p.setViewportSize(size(width))
      await flow.speak(p)
    }
    await stranger.goto(server.base + '/desk/')
    await flow.speak(stranger)
    await stranger.locator('#user').waitFor()
    await watch.screen(stranger, flow.name('00-desk-sign-in'))
    await stranger.goto(server.base + '/#/orders')
    await stranger.locator('#phone').waitFor()
    await watch.screen(stranger, flow.name('00-sign-in'))
    if (width < 1000) await docsPage({ server, watch, lang, tag: flow.tag, page: stranger })

    await flow.duty('away')
    const id = await flow.ask(citizen, phone)
    await flow.warned()
    await flow.passOn(id)
    await flow.toOurLawyer(id)
    await flow.save()
    await flow.answer(id)
    const order = await flow.read(citizen, id)
    if (width > 1000) await flow.askBack(citizen, id)
    else {
      const plain = await page(`plain ${flow.tag}`, width)
      const cookies = await citizen.context().cookies()
      const who = { lang, tag: flow.tag, page: plain, phone: phone.replace(/^138/, '139'), question: questions[lang], name: names[lang] }
      await plainPages({ server, watch, cookies, answered: id, ...who })
      await plain.context().close()
    }
    await watchful(flow)
    await flow.rate(citizen)
    await flow.complain(citizen, id)
    await flow.callBack(order)
    await flow.board()
    await flow.others(id)
    await exchange(flow)
    await complaints(flow, id)
    await quality(flow, id)
    await tokens(flow)
    await cards(flow, citizen)
    await staffStates(flow, id)
    await citizenStates(flow, { citizen, stranger, phone: phone.replace(/^138/, '137') })
    if (width < 1000 || flow.tag === zoomed) await resume(flow, { page, phone: phone.replace(/^138/, '136'), question: questions[lang] })
    await keyboard?.pages(flow, { citizen, stranger, order: id, page, phone })
    if (keyboard) console.log(`${flow.tag}: the keys took ${Math.round(keyboard.took / 1000)} s of it`)
    watch.ok(flow.name('the flow is complete'), true)
  } catch (e) {
    watch.ok(flow.name('the flow is complete'), false, e.stack)
    const pages = { citizen, stranger, ...staff }
    for (const [who, p] of Object.entries(pages)) await p.screenshot({ path: join(out, `${flow.tag}-failed-${who}.png`) }).catch(() => {})
  } finally {
    keyboard?.rest()
    await citizen.context().close()
    await stranger.context().close()
  }
}

process.exit((await main()) ? 0 : 1)
