// The plain pages below /m/: ask in three steps, then see the answered order of
// the portal with the same session. Scripts stay switched on for axe alone: that
// no page holds one, and that its policy lets none run, is checked on each.
// req: B5.2.2 B5.2.4 B6.1b

import { png } from './png.mjs'
import { codeFor } from './server.mjs'

export async function plainPages({ server, watch, lang, tag, page, phone, cookies, answered, question, name }) {
  const shot = async (n) => {
    const policy = (await (await page.request.get(page.url())).headers())['content-security-policy'] ?? ''
    const scripts = await page.evaluate(() => document.scripts.length)
    watch.ok(`${tag}-${n}: no script`, scripts === 0 && policy.includes("default-src 'none'") && !policy.includes('script-src'), policy)
    await watch.screen(page, `${tag}-${n}`)
  }
  const go = () => page.locator('main button.main').click()
  await page.goto(`${server.base}/m/lang/${lang}`)
  await page.locator('a.entry').first().waitFor()
  await shot('30-m-home')
  await page.locator('a.entry.main').click()
  // One list after the other until there is none below.
  while (await page.locator('#in').count()) {
    const codes = await page.locator('#in option').evaluateAll((list) => list.map((o) => o.value).filter(Boolean))
    await page.locator('#in').selectOption(codes.find((c) => /^(440000|440100|440106)$/.test(c)) ?? codes[0])
    const before = page.url()
    await go()
    await page.waitForURL((u) => u.href !== before)
    await page.locator('#in, #question').first().waitFor()
  }
  await page.locator('#question').fill(question)
  await shot('31-m-question')
  await go()
  await page.locator('#name').fill(name)
  await page.locator('#phone').fill(phone)
  if (!(await page.locator('#type').inputValue())) await page.locator('#type').selectOption({ index: 1 })
  await go()
  await page.locator('#code').fill(await codeFor(server.base, phone))
  await page.locator('#files').setInputFiles([
    { name: 'wage.png', mimeType: 'image/png', buffer: png(24, 60) },
    { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('this is no picture') },
  ])
  await shot('32-m-contact')
  await go()
  await page.locator('input[name=kept]').waitFor()
  watch.ok(`${tag}: a file that is no picture is refused, the other is kept`, (await page.locator('input[name=kept]').count()) === 1 && (await page.locator('.problem').count()) === 1)
  await shot('32-m-refused-file')
  await go()
  await page.locator('.good').waitFor()
  watch.ok(`${tag}: asked without script`, /\/m\/orders\/[^/]+\?sent=1$/.test(page.url()), page.url())
  watch.ok(`${tag}: its file is there`, (await page.locator('main a.tap', { hasText: 'wage.png' }).count()) === 1)
  await shot('33-m-sent')

  await page.context().clearCookies()
  await page.context().addCookies(cookies)
  await page.goto(`${server.base}/m/lang/${lang}`)
  await page.goto(`${server.base}/m/orders/${answered}`)
  await page.locator('ol li').first().waitFor()
  await shot('34-m-answered')
}
