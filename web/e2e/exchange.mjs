// Data in and out on the desk: a file with faults is refused row by row, a good one is
// checked and run, what came in goes out again, and the ledgers are downloaded.

import { readFile } from 'node:fs/promises'

const head = '20501 订单标题,20502,20503,20505,20506,20507,20508,20511,20515\r\n'
const row = (title, phone) => `${title},2021-11-20,labour 劳动用工,closed,0 CNY,张三,${phone},PT120M,hotline\r\n`

/** @param {import('./flow.mjs').Flow} flow */
export async function exchange(flow) {
  const { watch } = flow
  const { admin, operator } = flow.staff
  const upload = async (name, text) => {
    await flow.open(admin, '/exchange')
    await admin.locator('#import-input').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from('\ufeff' + text) })
    await admin.locator('form:has(#import-input) button[type=submit]').click()
    await admin.waitForURL(/exchange\/./)
  }

  await flow.open(admin, '/exchange')
  await admin.locator('#rules-title ~ form').waitFor()
  await watch.screen(admin, flow.name('30-exchange'))
  await admin.locator('form:has(#import-input) button[type=submit]').click()
  await admin.locator('#import-file-error').waitFor()

  await upload('有误.csv', head + row('工资拖欠', '138') + row('', '13800138000'))
  await admin.locator('table.stack tbody tr').nth(1).waitFor()
  const faults = await admin.locator('table.stack tbody tr').allInnerTexts()
  watch.ok(flow.name('each fault has its row and column'), faults.length === 2 && /2[\s\S]*20508/.test(faults[0]) && /3[\s\S]*20501/.test(faults[1]), faults.join(' | '))
  await watch.screen(admin, flow.name('31-import-refused'))

  const title = `旧系统 ${flow.tag} =1+1`
  await upload('旧系统.csv', head + row(title, '13800138000') + row(title + ' 二', '13800138001'))
  await admin.locator('section.card button.primary').waitFor()
  await watch.screen(admin, flow.name('32-import-checked'))
  await admin.locator('section.card button.primary').click()
  await admin.locator('.note.good').waitFor()
  await watch.screen(admin, flow.name('33-import-done'))
  await flow.open(admin, '/exchange')
  await admin.locator('table.stack tbody tr').first().waitFor()
  await watch.screen(admin, flow.name('34-imports'))

  const file = async (page, click, type) => {
    const [download] = await Promise.all([page.waitForEvent('download'), click()])
    const bytes = await readFile(await download.path())
    watch.ok(flow.name(`${download.suggestedFilename()} is a file`), type.test(download.suggestedFilename()) && bytes.length > 100, String(bytes.length))
    return bytes
  }
  await file(admin, () => admin.locator('a.primary[download]').click(), /orders.*\.xlsx$/)
  const json = await admin.request.get(flow.server.base + '/api/v1/exports/orders?format=json')
  watch.ok(flow.name('what came in goes out'), (await json.text()).includes(title))

  await flow.open(operator, '/ledgers')
  await operator.locator('#callbacks-title').waitFor()
  await watch.screen(operator, flow.name('35-ledgers'))
  await file(operator, () => operator.locator('section:has(#callbacks-title) a[href*=".xlsx"]').click(), /callbacks.*\.xlsx$/)
  await file(operator, () => operator.locator('section:has(#complaints-title) a[href*=".pdf"]').click(), /complaints.*\.pdf$/)
}
