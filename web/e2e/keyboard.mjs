// Without a mouse: each screen of the flow is walked by Tab and back (tabs.mjs), then
// every page of the desk in every role that has it, of the portal, below /m/, and the
// documentation. Which pages there are is read from the program's own lists, so that a
// new one can't be forgotten. Dialogues take the focus, keep it, and give it back.
// A citizen asks, reads and rates with nothing but keys. (The queue and the answer are
// written by keyboard alone in flow.mjs and shift.mjs.)
// req: B5.3g

import { readFileSync } from 'node:fs'
import { names, questions, reply } from './flow.mjs'
import { Keys } from './keys.mjs'
import { codeFor, until } from './server.mjs'
import { Tabs } from './tabs.mjs'
import { plainPages } from './wap.mjs'

const source = (path) => readFileSync(new URL(path, import.meta.url), 'utf8')
const roles = { lawyer: 'lawyer', operator: 'operations', inspector: 'quality', bureau: 'bureau', admin: 'administrator' }

/** The desk's pages as its registry has them: address, roles, the file of the page. */
function registry() {
  const text = source('../desk/src/pages/index.tsx')
  const lists = Object.fromEntries([...text.matchAll(/const (\w+) = (\[.*?\]) as const/g)].map(([, name, list]) => [name, words(list)]))
  const entries = [...text.matchAll(/path: '([^']+)'.*? roles: (.+?), icon: .*?import\('(.+?)'\)(.*)/g)].map(([, path, list, file, rest]) => ({
    path,
    file,
    roles: [...words(list), ...[...list.matchAll(/[a-z]+(?!['a-z])/g)].flatMap(([name]) => lists[name] ?? [])],
    hasParts: /route\.parts\[[12]\]/.test(source(`../desk/src/pages/${file}.tsx`)),
    hidden: rest.includes('hidden'),
  }))
  if (entries.length !== text.match(/\bpath: '/g).length) throw new Error('index.tsx has pages that are written otherwise')
  return entries
}
const words = (list) => [...list.matchAll(/'(\w+)'/g)].map((m) => m[1])

/** The first parts of the portal's addresses. */
const portal = () => ['', ...[...source('../portal/src/main.tsx').matchAll(/case '([^']+)':/g)].map((m) => m[1])]

/** The plain pages that are got, but for the style and the change of language. */
const plain = () => [...source('../../internal/app/wap/wap.go').matchAll(/"GET (\/m\/[^"]+)"/g)].map((m) => m[1]).filter((p) => !/style\.css|\{lang\}|^\/m\/$/.test(p)).map((p) => p.replace('{$}', ''))

const holds = (page, fn, arg) => page.waitForFunction(fn, arg, { timeout: 5_000 }).then(() => true, () => false)

export class Keyboard {
  #tabs = new Map()
  #tried = new Set()
  #walked = new Set()
  /** ms that all this took */
  took = 0

  /** From now on each screen that is looked at is walked, too. */
  constructor(watch, staff) {
    this.watch = watch
    this.who = new Map(Object.entries(staff).map(([who, page]) => [page, roles[who] ?? who]))
    watch.screen = async (page, name) => {
      await Object.getPrototypeOf(watch).screen.call(watch, page, name)
      const began = Date.now()
      await this.screen(page, name, true)
      this.took += Date.now() - began
    }
  }

  /** Screens are looked at as before. */
  rest() {
    delete this.watch.screen
  }

  async on(page) {
    if (!this.#tabs.has(page)) this.#tabs.set(page, await Tabs.on(page))
    return this.#tabs.get(page)
  }

  #came(page) {
    const { pathname, hash } = new URL(page.url())
    const path = hash.startsWith('#/') ? hash.slice(1).split('?')[0] : pathname
    const who = this.who.get(page) ?? 'citizen'
    const first = !this.#walked.has(who)
    this.#walked.add(who).add(`${who} ${path}`)
    return first
  }

  /** unlessAlike: a screen of which the controls were walked before needs no second time. */
  async screen(page, name, unlessAlike = false) {
    const t = await this.on(page)
    await t.ready()
    if (await page.locator('[role=listbox]').filter({ visible: true }).count()) return this.listbox(t, name)
    const like = this.who.get(page) + ' ' + (await page.evaluate(() => tabs.likeness()))
    if (unlessAlike && this.#tried.has(like)) return void this.#came(page)
    this.#tried.add(like)
    const whole = this.#came(page) || !(await page.locator('main').count())
    this.told(name, await t.walk(whole))
    await this.choices(t, name)
    await this.dialogues(t, name)
  }

  told(name, { faults }) {
    this.watch.ok(`${name}: by keyboard`, faults.length === 0, faults.join('\n  '))
  }

  /** With a list open: arrows lead down to each of it and up again, and the one that is meant is in sight. */
  async listbox(t, name) {
    const { page } = t
    const all = await page.locator('[role=option]').filter({ visible: true }).evaluateAll((list) => list.map((e) => e.id))
    let lost = ''
    const meant = (id) => holds(page, (x) => tabs.meant() === x, id).then((yes) => yes || (lost += ' ' + id))
    for (const id of all) {
      await meant(id)
      await t.keys('ArrowDown', 1)
    }
    await t.keys('ArrowUp', all.length)
    await meant(all[0])
    this.watch.ok(`${name}: arrows lead through the list`, lost === '', lost)
  }

  /** Arrows lead from one radio button to the next, round to the first. */
  async choices(t, name) {
    for (const g of await t.page.evaluate(() => tabs.groups())) {
      if (this.#tried.has(g.of)) continue
      this.#tried.add(g.of)
      await t.page.evaluate((n) => tabs.choose(n), g.name)
      await t.keys('ArrowDown', g.n)
      this.watch.ok(`${name}: arrows lead to each of ${g.of}`, await holds(t.page, (n) => tabs.chose(n), g.n))
    }
  }

  /** Each that opens something above the page: Enter opens, the focus is in it, Escape leaves it. */
  async dialogues(t, name) {
    const { page } = t
    for (const opener of await page.evaluate(() => (tabs.dialog() ? [] : tabs.openers()))) {
      if (this.#tried.has(opener)) continue
      this.#tried.add(opener)
      await page.evaluate((o) => tabs.focus(o), opener)
      await t.keys('Enter', 1)
      const opened = await holds(page, () => tabs.opened())
      this.watch.ok(`${name}: ${opener} opens and takes the focus`, opened, await page.evaluate(() => tabs.focused()))
      if (!opened) continue
      const got = await t.walk()
      this.told(`${name}: ${opener}, opened`, got)
      this.watch.ok(`${name}: ${opener}, opened, has something to reach`, got.stops > 0)
      await t.keys('Escape', 1)
      const closed = await holds(page, () => tabs.closed())
      this.watch.ok(`${name}: ${opener}: Escape leaves it, the focus is back`, closed, await page.evaluate(() => tabs.focused()))
    }
  }

  /** The pages that the flow did not come to, and what it did not open. */
  async pages(flow, { citizen, stranger, order, page, phone }) {
    const began = Date.now()
    const desks = Object.entries(roles).map(([who, role]) => this.desk(flow, flow.staff[who], role))
    await Promise.all([...desks, this.citizens(flow, { citizen, stranger, order, page, phone })])
    await this.asking(flow, page, phone.replace(/^138/, '135'))
    await this.answering(flow)
    await this.small(flow)
    this.took += Date.now() - began
    const lost = this.forgotten()
    this.watch.ok(flow.name('every page of the lists was walked'), lost.length === 0, lost.join(' | '))
  }

  async desk(flow, page, role) {
    const mine = registry().filter((e) => e.roles.includes(role))
    await flow.open(page, mine[0].path)
    const shown = await page.locator('nav.nav a').evaluateAll((all) => all.map((a) => a.hash.slice(1)))
    const listed = mine.filter((e) => !e.hidden).map((e) => e.path)
    this.watch.ok(flow.name(`${role}: the pages that are walked are those of the menu`), listed.length > 0 && listed.sort().join() === shown.sort().join(), `${listed} | ${shown}`)
    for (const { path } of mine) if (!this.#walked.has(`${role} ${path}`)) await this.go(flow, page, path, `${role} ${path}`)
  }

  /** To an address of the same application. */
  async go(flow, page, path, name) {
    const t = await this.on(page)
    await t.ready()
    this.watch.ok(flow.name(`${name}: the focus goes to the page`), await t.go(path))
    await this.screen(page, flow.name(name))
  }

  async citizens(flow, { citizen, stranger, order, page, phone }) {
    const { server, lang, tag, watch } = flow
    await citizen.goto(server.base + '/')
    for (const first of portal()) if (!this.#portal(first)) await this.go(flow, citizen, '/' + first, 'portal /' + first)

    const plainPage = await page(`plain ${tag}`, flow.width)
    const cookies = await citizen.context().cookies()
    await plainPage.context().addCookies(cookies)
    const [complaint] = (await flow.api(citizen, '/complaints')).items
    const begun = await flow.begin(citizen)
    const idOf = (path) => (path.includes('complaints') ? complaint.id : path.includes('drafts') ? begun : order)
    for (const path of plain()) {
      const res = await plainPage.goto(server.base + path.replace('{id}', idOf(path)))
      watch.ok(flow.name(`${path} is there`), res.status() === 200, String(res.status()))
      await this.screen(plainPage, flow.name(path))
      this.#walked.add('plain ' + path)
    }
    await plainPage.context().clearCookies()
    // The whole way there, as without script at small widths; nothing but the keys is tried.
    const tried = { ok: (...a) => watch.ok(...a), screen: (p, name) => this.screen(p, name) }
    await plainPages({ server, watch: tried, tag, lang, page: plainPage, phone: phone.replace(/^138/, '136'), cookies, answered: order, question: questions[lang], name: names[lang] })
    await plainPage.context().close()

    await stranger.context().clearCookies()
    await this.planted(flow, stranger)
    for (const path of ['/desk/', '/#/sign-in', '/m/sign-in', '/api/v1/docs']) {
      await stranger.goto('about:blank')
      await stranger.goto(server.base + path)
      await stranger.locator('h1').first().waitFor()
      const t = await this.on(stranger)
      await t.ready()
      this.told(flow.name(`nobody yet, ${path}`), await t.walk(true))
      if (await stranger.locator('.skip').count()) await this.skip(t, flow.name(path))
    }
  }

  /** Faults are planted and must be found, or it would be no check. */
  async planted(flow, page) {
    await page.goto(flow.server.base + '/desk/')
    await page.locator('#password').waitFor()
    const t = await this.on(page)
    await t.ready()
    await page.evaluate(() => {
      document.querySelector('form button').tabIndex = -1
      document.querySelector('#user').style.setProperty('outline', 'none', 'important')
      const back = Object.assign(document.createElement('a'), { href: '#/', textContent: 'x' })
      Object.assign(back.style, { position: 'fixed', top: '4rem', left: '0' })
      document.querySelector('form').append(back)
    })
    const { faults } = await t.walk()
    for (const fault of [/^Tab does not come to: <button/, /^no ring seen: <input id="user"/, /^comes back to: <a /]) {
      this.watch.ok(flow.name(`a planted fault is found: ${fault}`), faults.some((f) => fault.test(f)), faults.join('\n  '))
    }
    await page.evaluate(() => document.querySelector('#password').addEventListener('keydown', (e) => e.key === 'Tab' && e.preventDefault()))
    this.watch.ok(flow.name('a planted trap is found'), (await t.walk()).faults.some((f) => f.startsWith('a trap')))
  }

  /** The first that Tab comes to leads past what stands before the page. */
  async skip(t, name) {
    await t.page.evaluate(() => document.querySelector('.skip').focus())
    await t.keys('Enter', 1)
    await t.keys('Tab', 1)
    this.watch.ok(`${name}: the first link leads to the page itself`, await t.page.evaluate(() => document.body.querySelector('a[href], button') === document.querySelector('.skip') && !!document.activeElement.closest('main')))
  }

  /**
   * A citizen who has a keyboard and nothing else: asks in three steps, sees the order,
   * reads the reply that came meanwhile, asks back, rates.
   * req: B5.2.2 B6.1b B7.1.3.1a
   */
  async asking(flow, page, phone) {
    const { server, watch, lang } = flow
    const tab = await page('citizen by keys', flow.width)
    const keys = await Keys.on(tab)
    /** Goes down a list of the browser's own until what is wanted is chosen. */
    const choose = async (list, wanted) => {
      await keys.to(list)
      await until(`${list} to be filled`, async () => (await keys.count(`${list} option`)) > 1)
      for (let n = await keys.count(`${list} option`); n > 0 && (await keys.value(list)) !== wanted; n--) await keys.press('ArrowDown')
      if ((await keys.value(list)) !== wanted) throw new Error(`the arrows do not come to ${wanted} in ${list}`)
    }
    await keys.address(server.base + '/')
    await keys.go('a.entry.main')
    for (const [list, code] of [['#province', '440000'], ['#city', '440100'], ['#county', '440106']]) await choose(list, code)
    await keys.go('form button.primary')
    await keys.to('#question')
    await keys.write(questions[lang])
    await keys.to('#type')
    await choose('#type', (await keys.attributes('#type option:not([value=""])', 'value'))[0])
    await keys.go('form button.primary')
    await keys.to('#name')
    await keys.write(names[lang])
    await keys.to('#phone')
    await keys.write(phone)
    await keys.press('Tab')
    await keys.press('Enter') // the button that sends the code
    const code = await codeFor(server.base, phone)
    await keys.to('#code')
    await keys.write(code)
    await keys.press('Enter')
    await keys.see('.note.good [role=timer]')
    const [number] = await keys.attributes('main a.primary', 'href')
    await keys.go('main a.primary')
    await keys.see('section[aria-labelledby=q]', questions[lang].slice(0, 20))
    const id = number.split('/').at(-1)

    const { lawyer } = flow.staff
    await flow.give(id, lawyer)
    const status = await lawyer.evaluate(
      async ({ id, text }) => {
        const order = await (await fetch('/api/v1/orders/' + id)).json()
        const body = { judgement: '用人单位应当支付双倍工资差额。', text, basis: [{ law: '中华人民共和国劳动合同法', article: '第八十二条' }], advice: ['保存工资转账记录，申请仲裁。'] }
        return (await fetch(`/api/v1/orders/${id}/answer`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'If-Match': `"${order.rev}"` }, body: JSON.stringify(body) })).status
      },
      { id, text: reply(60) },
    )
    watch.ok(flow.name('by keys: the lawyer has answered'), status < 300, String(status))
    await keys.go('nav a[href="#/orders"]', 'Shift+Tab')
    await keys.go(`main a[href="#/orders/${id}"]`)
    await keys.see('.reply')
    await keys.to('#back')
    await keys.write('仲裁要交钱吗？')
    await keys.go('form:has(#back) > button')
    await keys.see('.talk .citizen', '仲裁要交钱吗')
    await keys.to('.level input')
    await keys.press('ArrowDown') // from the best to the next one
    await until('satisfied to be chosen', async () => (await keys.count('.level input[value=satisfied]:checked')) === 1)
    await keys.to('#comment')
    await keys.write('说得清楚')
    await keys.go('form.rate button.primary')
    await keys.see('#rated')
    watch.ok(flow.name('a citizen asks, reads and rates by keys alone'), keys.pointed === 0, `${keys.pointed} times pointed`)
    await keys.picture(watch, flow.name('98-asked-by-keys'))
    await tab.context().close()
  }

  /** An order that waits for its answer: the form, and the list of saved replies in it. */
  async answering(flow) {
    const { lawyer, operator } = flow.staff
    const [{ id }] = (await flow.api(operator, '/orders?state=assigned')).items
    await flow.give(id, lawyer)
    await this.go(flow, lawyer, '/orders/' + id, 'an order to answer')
    await lawyer.locator('#judgement').focus()
    await lawyer.keyboard.insertText('/')
    await lawyer.locator('[role=option]').filter({ visible: true }).first().waitFor()
    await this.screen(lawyer, flow.name('saved replies to choose from'))
    await lawyer.keyboard.press('Escape')
    await lawyer.locator('[role=option]').filter({ visible: true }).first().waitFor({ state: 'hidden' })
  }

  /** The drawer of small screens, and the ring of the focus in the dark. */
  async small(flow) {
    const { admin, operator } = flow.staff
    await operator.setViewportSize({ width: 360, height: 740 })
    await this.go(flow, operator, '/alarms', 'at 360 px')
    this.watch.ok(flow.name('the drawer was opened'), [...this.#tried].some((o) => o.includes('open-menu')))
    await operator.setViewportSize({ width: flow.width, height: 900 })
    await admin.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await this.go(flow, admin, '/settings/board.limits', 'in the dark')
    await admin.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }

  #portal(first) {
    return [...this.#walked].some((w) => w === `citizen /${first}` || (first && w.startsWith(`citizen /${first}/`)))
  }

  /** What the lists have and nobody walked. */
  forgotten() {
    const all = registry()
    const inside = (e) => all.some((o) => o.file === e.file && [...this.#walked].some((w) => w.includes(` ${o.path}/`)))
    return [
      ...all.flatMap((e) => e.roles.map((r) => `${r} ${e.path}`)).filter((x) => !this.#walked.has(x)),
      ...all.filter((e) => e.hasParts && !inside(e)).map((e) => `one of ${e.path}`),
      ...portal().filter((p) => !this.#portal(p)).map((p) => 'portal /' + p),
      ...plain().filter((p) => !this.#walked.has('plain ' + p)),
    ]
  }
}
