// The later pages of the desk, each used as it is meant to be: a complaint from the
// call to its end, an answer inspected and disputed, a machine's token made and revoked.
// Told by ids and roles of the controls, as in flow.mjs.
// req: B7.1.2.2a B7.1.2.2b B7.1.2.3a B7.1.2.3b B7.1.2.3c B7.1.2.4 B7.1.4.1 B7.2.4a B8.2.2.9

import { pick } from './flow.mjs'

const today = () => new Date().toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' })

/**
 * A caller who speaks of harming himself: taken down, called, registered, acknowledged
 * by the bureau, filed, closed; and found from the order.
 * @param {import('./flow.mjs').Flow} flow
 * @param {string} order of which its citizen has complained
 */
export async function complaints(flow, order) {
  const { watch } = flow
  const { operator, bureau } = flow.staff
  await flow.open(operator, '/complaints/new')
  await operator.locator('form button[type=submit]').click()
  await operator.locator('#c-text-error').waitFor()
  await operator.locator('#c-phone-error').waitFor()
  watch.ok(flow.name('nothing is taken down without words and telephone'), true)
  await operator.locator('#c-text').fill('等了一天没人回电，我不想活了。')
  await operator.locator('#c-name').fill('李先生')
  await operator.locator('#c-phone').fill('13900001234')
  await pick(operator, '#c-province', '440000')
  await pick(operator, '#c-city', '440100')
  await watch.screen(operator, flow.name('40-complaint-new'))
  await operator.locator('form button[type=submit]').click()
  await operator.waitForURL(/complaints\/[0-9a-f-]{36}$/)
  const path = '/complaints/' + /complaints\/([0-9a-f-]{36})/.exec(operator.url())[1]

  await operator.locator('[data-sensitive=suicide]').waitFor()
  watch.ok(flow.name('no register and no end before the call'), !(await operator.locator('#r-reason, .close-complaint').count()))
  await operator.locator('input[name=reached]').first().check()
  await operator.locator('form:has(#call-reason) button').click()
  await operator.locator('#call-reason-error').waitFor()
  await watch.screen(operator, flow.name('41-complaint'))
  await operator.locator('#call-reason').fill('前一天的回电没有排到')
  await operator.locator('form:has(#call-reason) button').click()
  await operator.locator('section[aria-labelledby=calls] .state.good').waitFor()

  await pick(operator, '#r-category')
  for (const k of ['reason', 'measure', 'result']) await operator.locator('#r-' + k).fill('已安抚并转介心理援助，当日回电。')
  await watch.screen(operator, flow.name('42-complaint-register'))
  await operator.locator('form:has(#r-category) button[type=submit]').click()
  await operator.locator('article[data-state=registered]').waitFor()
  watch.ok(flow.name('no end before the filing'), !(await operator.locator('.close-complaint').count()))

  await flow.open(bureau, path)
  await bureau.locator('[data-act=acknowledge]').waitFor()
  await watch.screen(bureau, flow.name('43-complaint-bureau'))
  await bureau.locator('[data-act=acknowledge]').click()
  await bureau.locator('[data-act=acknowledge]').waitFor({ state: 'detached' })

  await operator.reload()
  await operator.locator('details:has(#filing-number) summary').click()
  await operator.locator('#filing-number').fill('备〔2026〕12 号')
  await operator.locator('#filing-date').fill(today())
  await operator.locator('#filing-authority').fill('市司法局')
  await operator.locator('form:has(#filing-number) button').click()
  await operator.locator('.close-complaint').click()
  await operator.locator('article[data-state=closed]').waitFor()
  await watch.screen(operator, flow.name('44-complaint-closed'))

  await flow.open(operator, '/complaints?sensitive=true')
  await operator.locator('tr[data-complaint]').first().waitFor()
  const id = path.split('/')[2]
  watch.ok(flow.name('the list has the sensitive one'), (await operator.locator(`tr[data-complaint="${id}"] [data-sensitive]`).count()) === 1)
  await flow.open(operator, '/complaints')
  await operator.locator('tr[data-complaint]').first().waitFor()
  await watch.screen(operator, flow.name('45-complaints'))
  await flow.open(operator, '/board')
  await operator.locator('[data-figure=complaints_received] .value a').click()
  await operator.locator('tr[data-complaint]').first().waitFor()
  watch.ok(flow.name('the board opens the complaints of the day'), /date=/.test(operator.url()))
  await flow.open(operator, '/orders/' + order)
  await operator.locator('.of-order tbody th a').first().click()
  await operator.waitForURL(/complaints\/[0-9a-f-]{36}$/)
  await operator.locator(`a[href="#/orders/${order}"]`).waitFor()
  watch.ok(flow.name('the order opens its complaint, and back'), true)
}

/** One bad rating is enough: an intervention opens with it. */
export async function watchful(flow) {
  const { admin } = flow.staff
  const status = await admin.evaluate(async () => {
    const path = '/api/v1/quality/limits'
    const { $schema, version, from, ...now } = await (await fetch(path)).json()
    if (now.warn_ratings === 1) return 200
    return (await fetch(path, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...now, warn_ratings: 1 }) })).status
  })
  flow.watch.ok(flow.name('the limit of interventions is set'), status === 200, String(status))
}

/**
 * An answer put on the list, inspected, disputed by its lawyer: who made the first
 * check may not make the second. And what stands around it: rates, draws, limits.
 * @param {string} order an answered order of our lawyer
 */
export async function quality(flow, order) {
  const { watch } = flow
  const { inspector, lawyer, operator } = flow.staff
  await flow.open(inspector, '/orders/' + order)
  await inspector.locator('[data-act=add-check]').click()
  await inspector.locator('.ant-modal form button[type=submit]').click()
  await inspector.locator('.ant-modal .error').waitFor()
  await inspector.locator('.ant-modal textarea').fill('当事人评价偏低，复核一下。')
  await inspector.locator('.ant-modal form button[type=submit]').click()
  await inspector.waitForURL(/quality\/samples\/[0-9a-f-]{36}$/)
  const id = /samples\/([0-9a-f-]{36})/.exec(inspector.url())[1]

  await inspector.locator('[data-item=basis_wrong] input').check()
  await inspector.locator('[data-item=wording_errors] input').check()
  await inspector.locator('form.score button[type=submit]').click()
  await inspector.locator('#note-basis_wrong-error').waitFor()
  watch.ok(flow.name('a fatal item needs its words, another none'), !(await inspector.locator('#note-wording_errors-error').count()))
  await watch.screen(inspector, flow.name('50-score-card'))
  await flow.open(inspector, '/quality/samples')
  await inspector.locator(`tr[data-sample="${id}"]`).waitFor()
  await watch.screen(inspector, flow.name('51-my-checks'))
  await inspector.locator(`tr[data-sample="${id}"] a`).click()
  await inspector.locator('[data-item=basis_wrong] input').check()
  await inspector.locator('#note-basis_wrong').fill('引用的条款与案情不符。')
  await inspector.locator('form.score button[type=submit]').click()
  await inspector.locator('article[data-state=checked] [data-round="1"]').waitFor()

  await flow.open(lawyer, '/quality/results')
  await lawyer.locator(`tr[data-sample="${id}"] a`).waitFor()
  await watch.screen(lawyer, flow.name('52-results'))
  await lawyer.locator(`tr[data-sample="${id}"] a`).click()
  await lawyer.locator('[data-act=dispute]').click()
  await lawyer.locator('.ant-modal textarea').fill('第八十二条正适用于未签书面合同的情形。')
  await watch.screen(lawyer, flow.name('53-dispute'))
  await lawyer.locator('.ant-modal form button[type=submit]').click()
  await lawyer.locator('article[data-state=disputed]').waitFor()

  await inspector.reload()
  await inspector.locator('article[data-state=disputed]').waitFor()
  watch.ok(flow.name('who made the first check has no second card'), !(await inspector.locator('form.score').count()))
  await flow.open(inspector, '/quality/samples?mine=false')
  await inspector.locator(`tr[data-sample="${id}"][data-state=disputed]`).waitFor()
  await watch.screen(inspector, flow.name('54-samples'))

  await flow.open(inspector, '/quality/rates')
  const row = inspector.locator('tr[data-lawyer] a').first()
  await row.waitFor()
  await watch.screen(inspector, flow.name('55-rates'))
  await row.click()
  await inspector.locator('.card.empty, table.stack').first().waitFor()
  await watch.screen(inspector, flow.name('56-draws'))
  await flow.open(inspector, '/quality/rules')
  await inspector.locator('[data-fatal=true] li').first().waitFor()
  await watch.screen(inspector, flow.name('57-rules'))
  await flow.open(inspector, '/interventions')
  await inspector.locator('tr[data-intervention] a').first().waitFor()
  await watch.screen(inspector, flow.name('58-interventions'))
  watch.ok(flow.name('operations do not see the samples'), !(await operator.locator('nav a[href="#/quality/samples"]').count()))
  await intervene(flow)
}

/** Cause, measure, conclusion. */
async function intervene(flow) {
  const { inspector } = flow.staff
  await inspector.locator('tr[data-intervention] a').first().click()
  await inspector.locator('article[data-state=open]').waitFor()
  flow.watch.ok(flow.name('no conclusion before cause and measure'), await inspector.locator('[data-act=conclude]').isDisabled())
  await pick(inspector, '#i-category', 'clarity')
  await inspector.locator('#i-cause').fill('法律术语没有解释，当事人看不懂。')
  await inspector.locator('form:has(#i-cause) button').click()
  await inspector.locator('details:has(#i-cause)').waitFor()
  await inspector.locator('#m-words').fill('谈话半小时，逐条讲解如何用白话说明。')
  await inspector.locator('form:has(#m-words) button').click()
  await inspector.locator('section[aria-labelledby=measures] .facts li').first().waitFor()
  await flow.watch.screen(inspector, flow.name('59-intervention'))
  await inspector.locator('[data-act=conclude]').click()
  await inspector.locator('.ant-modal textarea').fill('表达已改进，继续观察一个月。')
  await inspector.locator('.ant-modal form button[type=submit]').click()
  await inspector.locator('article[data-state=closed]').waitFor()
}

/** A token is made, its secret works and is shown once, revoked it works no more. */
export async function tokens(flow) {
  const { watch, server } = flow
  const { admin } = flow.staff
  await flow.open(admin, '/tokens')
  await admin.locator('form button[type=submit]').click()
  await admin.locator('#t-name-error').waitFor()
  await admin.locator('#t-scopes-error').waitFor()
  await admin.locator('#t-name').fill('省平台对接 ' + flow.tag)
  await admin.locator('label', { hasText: 'figures:read' }).locator('input').check()
  await watch.screen(admin, flow.name('60-token-new'))
  await admin.locator('form button[type=submit]').click()
  const secret = await admin.locator('#secret').inputValue()
  await watch.screen(admin, flow.name('61-token-secret'))
  const read = async () => (await fetch(server.base + '/api/v1/figures', { headers: { Authorization: 'Bearer ' + secret } })).status
  watch.ok(flow.name('the token reads what it was made for'), (await read()) === 200)
  await admin.locator('[data-act=done]').click()
  await admin.locator('#secret').waitFor({ state: 'detached' })
  watch.ok(flow.name('the secret is shown once'), !(await admin.content()).includes(secret))
  const row = admin.locator('tr[data-token]', { hasText: flow.tag })
  await watch.screen(admin, flow.name('62-tokens'))
  await row.locator('[data-act=revoke]').click()
  await admin.locator('.ant-modal form button[type=submit]').click()
  await admin.locator('tr[data-token][data-state=revoked]', { hasText: flow.tag }).waitFor()
  watch.ok(flow.name('revoked it reads nothing'), (await read()) === 401)
}
