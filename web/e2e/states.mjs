// States that the flows pass by: nothing there, refused, off line, a dialogue or the
// drawer open, the pages of no one's flow. Each is looked at in every language and width.
// req: B5.3e B5.3g

import { codeFor } from './server.mjs'

/** @param {import('./flow.mjs').Flow} flow @param {string} order an order that was complained about */
export async function staffStates(flow, order) {
  const { watch } = flow
  const { admin, bureau, inspector, lawyer, operator } = flow.staff
  const look = async (page, path, wait, n) => {
    await page.goto(`${flow.server.base}/desk/#${path}`) // not open(): what isn't there has no heading
    await page.locator(wait).first().waitFor()
    await watch.screen(page, flow.name(n))
  }
  const shot = async (page, wait, n) => {
    await page.locator(wait).first().waitFor()
    await watch.screen(page, flow.name(n))
  }

  if (flow.width < 500) {
    await flow.open(operator, '/board')
    await operator.locator('.open-menu').click()
    await shot(operator, '.drawer nav a', '80-menu')
    await operator.keyboard.press('Escape')
    await operator.locator('.drawer').waitFor({ state: 'hidden' })
    watch.ok(flow.name('the drawer gives the focus back'), await focused(operator, '.open-menu'))
  } else {
    await flow.open(operator, '/board')
    await operator.locator('.fold').click()
    await shot(operator, '.shell.folded', '80-folded')
    await operator.locator('.fold').click()
  }
  await look(operator, '/nowhere', '.card.empty', '80-not-there')
  await look(operator, '/orders/' + crypto.randomUUID(), '.note.bad', '80-order-not-there')
  await look(operator, '/orders?q=nothing-like-it', '.card.empty', '81-orders-empty')
  await look(operator, '/callbacks?state=done', '.rows .row, .card.empty', '81-callbacks-done')
  await look(operator, '/complaints?overdue=true', '.card.empty, table.stack', '81-complaints-empty')
  await look(operator, '/today?date=2020-01-01', '.card, .note', '81-day-without')
  await flow.open(operator, '/alarms')
  await operator.locator('.choice').first().selectOption({ index: 1 })
  await shot(operator, '.card.empty, table.stack tbody tr', '81-alarms-other')

  // Off line: what was there stays, a page that was not says so.
  await operator.context().setOffline(true)
  await operator.evaluate(() => (location.hash = '/lawyers'))
  await shot(operator, '.note.bad .again, .note.bad button, .note.warn', '82-off-line')
  await operator.context().setOffline(false)

  await flow.open(operator, '/orders/' + order)
  await operator.locator('article .card').first().waitFor()
  await watch.screen(operator, flow.name('83-order'))
  await look(operator, `/orders/${order}/person`, '.person-pane .card', '83-order-person')
  await look(inspector, '/quality/samples', 'table.stack tbody tr, .card.empty', '84-samples')
  await inspector.locator('table.stack tbody a').last().click()
  await shot(inspector, 'article', '84-sample')
  await look(lawyer, '/my-figures/quality', 'table.stack tbody tr, .card.empty', '85-my-checks')
  await look(bureau, '/board', '.figure-card', '85-bureau-board')
  await look(bureau, '/settings', 'table.stack tbody tr', '85-bureau-settings')
  for (const [name, n] of [['quality.card', '86-setting-card'], ['workday.calendar', '86-setting-calendar']]) {
    const row = (await flow.api(admin, '/settings')).items.find((s) => s.name.includes(name.split('.')[0]))
    if (row) await look(admin, '/settings/' + row.name, 'section.card', n)
  }
  await look(admin, '/templates', 'section.card button', '87-templates')
  await admin.locator('section.card button').first().click()
  await shot(admin, 'section.card textarea', '87-template-open')
  await look(admin, '/saved/shared', '#saved-title', '87-saved-shared')
  await admin.locator('form button[type=submit]').click()
  await shot(admin, '#saved-title-error, .error', '87-saved-refused')
  await look(admin, '/erase', '#person', '88-erase')
  await admin.locator('form button[type=submit]').click()
  await watch.screen(admin, flow.name('88-erase-refused'))
  await admin.locator('#person').fill('13800009999')
  await admin.locator('form button[type=submit]').click()
  await shot(admin, '.card.empty', '88-erase-nobody')
  await admin.locator('#person').fill('李')
  await admin.locator('form button[type=submit]').click()
  await admin.locator('.found input').first().check()
  await admin.locator('form[aria-labelledby=confirm] button').click()
  await shot(admin, '#sure-error', '88-erase-found')
  await flow.open(lawyer, '/saved')
  await lawyer.locator('.saved-cards .danger').first().click()
  await shot(lawyer, '.ant-modal .danger', '89-remove')
  await lawyer.keyboard.press('Escape')
  await lawyer.locator('.ant-modal').waitFor({ state: 'hidden' })
  watch.ok(flow.name('a closed dialogue gives the focus back'), await focused(lawyer, '.saved-cards .danger'))
}

const focused = (page, selector) => page.waitForFunction((s) => document.activeElement?.matches(s), selector, { timeout: 5_000 }).then(() => true, () => false)

/** Who is new here, who is refused, who has no line. */
export async function citizenStates(flow, { citizen, stranger, phone }) {
  const { watch, server } = flow
  const shot = async (wait, n) => {
    await stranger.locator(wait).first().waitFor()
    await watch.screen(stranger, flow.name(n))
  }
  await stranger.goto(server.base + '/desk/')
  await stranger.locator('#user').fill('nobody')
  await stranger.locator('#password').fill('wrong')
  await stranger.locator('#totp').fill('000000')
  await stranger.locator('form button[type=submit]').click()
  await shot('.note.bad', '90-desk-refused')

  await stranger.goto(server.base + '/#/sign-in')
  await flow.speak(stranger)
  await stranger.locator('#phone').fill(phone)
  const sent = stranger.waitForResponse((r) => r.url().endsWith('/codes'))
  await stranger.locator('form button').first().click()
  await sent
  const code = await codeFor(server.base, phone)
  await stranger.locator('#code').fill(code === '111111' ? '222222' : '111111')
  await stranger.locator('form button.primary').click()
  await shot('.error, .note.bad', '91-wrong-code')
  await stranger.locator('#code').fill(code)
  await stranger.locator('form button.primary').click()
  await stranger.locator('nav a[href="#/inbox"]').waitFor()
  for (const [path, n] of [['orders', '92-records-empty'], ['inbox', '92-inbox-empty'], ['complaints', '92-complaints-empty']]) {
    await stranger.goto(`${server.base}/#/${path}`)
    await shot('.empty', n)
  }
  await stranger.goto(server.base + '/#/nowhere')
  await shot('main a', '93-not-there')
  await stranger.goto(`${server.base}/#/orders/${crypto.randomUUID()}`)
  await shot('.note.bad', '93-order-not-there')
  await stranger.goto(server.base + '/#/sms-screen')
  await shot('.row', '94-sms')
  await stranger.goto(server.base + '/#/complain')
  await stranger.locator('#text').waitFor()
  await stranger.locator('form button.primary').click()
  await shot('#text-error', '95-complain-refused')
  await citizen.context().setOffline(true)
  await citizen.evaluate(() => (location.hash = '/inbox'))
  await citizen.locator('.note.bad').first().waitFor()
  await watch.screen(citizen, flow.name('96-off-line'))
  await citizen.context().setOffline(false)

  for (const [path, n] of [['orders', '97-m-records'], ['inbox', '97-m-inbox'], ['complain', '97-m-complain'], ['complaints', '97-m-complaints'], ['ask', '97-m-place'], ['nowhere', '97-m-not-there']]) {
    if (flow.width > 1000) break
    await stranger.goto(`${server.base}/m/lang/${flow.lang}`)
    await stranger.goto(`${server.base}/m/${path}`)
    await shot('main', n)
  }
  if (flow.width < 1000) {
    await stranger.context().clearCookies()
    await stranger.goto(`${server.base}/m/lang/${flow.lang}`)
    await stranger.goto(`${server.base}/m/sign-in`)
    await shot('form', '97-m-sign-in')
  }
}
