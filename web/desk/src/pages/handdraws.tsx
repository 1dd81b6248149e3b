// Draws of one lawyer by hand: who drew, why, from which days and by which seed; each
// drawn again just now. Quality persons draw. req: B7.2.4a B7.1.4.1b

import { useState } from 'react'
import { newID } from '../../../shared/ident'
import { client, is, useApp, usePages, useVerb, useWhen, words } from '../app'
import { Input } from '../controls'
import { at, Field, onSubmit, PagedTable, Problem, Send, type Column } from '../parts'
import * as api from './qualityapi'

const useWords = words({
  title: ['人工抽样', '人手抽樣', 'Draws by hand'],
  lead: [
    '由您选定律师和期间，工单仍按种子随机抽取，任何人可用同一种子重抽核对。与每晚的随机样本分开统计。抽样人和理由留有记录。',
    '由您選定律師和期間，工單仍按種子隨機抽取，任何人可用同一種子重抽核對。與每晚的隨機樣本分開統計。抽樣人和理由留有紀錄。',
    'You choose the days; the orders are still drawn at random, by a seed with which anybody can draw again. Counted apart from the nightly draws. Who drew, and why, is on record.',
  ],
  from: ['答复日期从', '回覆日期由', 'Answered from'],
  to: ['到', '至', 'to'],
  percent: ['比例（%）', '比例（%）', 'Share (%)'],
  seed: ['种子', '種子', 'Seed'],
  seed_hint: ['字母、数字和连字符，例如公开摇出的号码；不填时由签名记录生成。', '字母、數字和連字號，例如公開搖出的號碼；不填時由簽署紀錄產生。', 'Letters, digits, hyphens, such as a number drawn in public. Empty: made from the signed log.'],
  reason: ['理由', '理由', 'Reason'],
  needed: ['请写明理由。', '請寫明理由。', 'Please give a reason.'],
  draw: ['抽样', '抽樣', 'Draw'],
  at: ['时间', '時間', 'Time'],
  by: ['抽样人', '抽樣人', 'Drawn by'],
  days: ['期间', '期間', 'Days'],
  drawn: ['抽中', '抽中', 'Drawn'],
  of: ['{n} 件中抽中 {d} 件，新列入 {f} 件', '{n} 宗中抽中 {d} 宗，新列入 {f} 宗', '{d} of {n}, {f} new'],
  result: ['重抽核对', '重抽核對', 'Drawn again'],
  same: ['相同', '相同', 'the same'],
  not_same: ['不同', '不同', 'not the same'],
  empty: ['还没有对这位律师做过人工抽样。', '尚未對這位律師做過人手抽樣。', 'Nobody has drawn from this lawyer by hand yet.'],
})

export function HandDraws({ lawyer, month }: { lawyer: string; month: string }) {
  const t = useWords()
  const time = useWhen()
  const { me } = useApp()
  const list = usePages(['hand-draws', lawyer], (cursor) => api.handDraws(lawyer, cursor))
  const day = (x: string) => new Date(x).toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' })
  const columns: Column<api.HandDraw>[] = [
    { key: 'at', title: t('at'), cell: (d) => time(d.at) },
    { key: 'days', title: t('days'), cell: (d) => `${day(d.from)} – ${day(new Date(Date.parse(d.to) - 1).toISOString())}` },
    { key: 'drawn', title: t('drawn'), cell: (d) => t('of', { n: d.population, d: d.orders.length, f: d.fresh }) },
    { key: 'seed', title: t('seed'), cell: (d) => <code className="seed">{d.given ?? d.seed}</code> },
    { key: 'by', title: t('by'), cell: (d) => d.by },
    { key: 'reason', title: t('reason'), cell: (d) => d.reason },
    { key: 'same', title: t('result'), cell: (d) => <span className={d.same ? 'state good' : 'state bad'}>{t(d.same ? 'same' : 'not_same')}</span> },
  ]
  return (
    <section aria-labelledby="hand">
      <h2 id="hand">{t('title')}</h2>
      <p className="hint">{t('lead')}</p>
      {is(me, 'quality') && <Form lawyer={lawyer} month={month} />}
      <PagedTable of={list} empty={t('empty')} label={t('title')} columns={columns} id={(d) => d.id} row={(d) => ({ 'data-draw': d.id })} />
    </section>
  )
}

function Form({ lawyer, month }: { lawyer: string; month: string }) {
  const t = useWords()
  const [y, m] = month.split('-').map(Number)
  const blank = () => ({ id: newID(), from: month + '-01', to: `${month}-${String(new Date(y!, m!, 0).getDate()).padStart(2, '0')}`, percent: 10, seed: '', reason: '' })
  const [d, setD] = useState(blank)
  const [tried, setTried] = useState(false)
  const put = (more: Partial<typeof d>) => setD({ ...d, ...more })
  const send = useVerb(
    () => api.drawByHand({ id: d.id, lawyer, from: d.from, to: d.to, percent: d.percent, ...(d.seed.trim() && { seed: d.seed.trim() }), reason: d.reason.trim() }),
    () => {
      setD(blank())
      setTried(false)
      void client.invalidateQueries({ queryKey: ['hand-draws', lawyer] })
    },
  )
  const submit = () => {
    setTried(true)
    if (d.reason.trim()) send.mutate(undefined)
  }
  return (
    <form className="card" onSubmit={onSubmit(submit)} noValidate>
      <div className="filters">
        <Field id="hd-from" label={t('from')} error={at(send.error, 'from')}>
          {(aria) => <Input {...aria} type="date" value={d.from} onChange={(e) => put({ from: e.target.value })} />}
        </Field>
        <Field id="hd-to" label={t('to')} error={at(send.error, 'to')}>
          {(aria) => <Input {...aria} type="date" value={d.to} onChange={(e) => put({ to: e.target.value })} />}
        </Field>
        <Field id="hd-percent" label={t('percent')} error={at(send.error, 'percent')}>
          {(aria) => <Input {...aria} type="number" min={1} max={100} step={1} value={d.percent} onChange={(e) => put({ percent: e.target.valueAsNumber || 1 })} />}
        </Field>
      </div>
      <Field id="hd-seed" label={t('seed')} hint={t('seed_hint')} error={at(send.error, 'seed')}>
        {(aria) => <Input {...aria} maxLength={64} value={d.seed} onChange={(e) => put({ seed: e.target.value })} />}
      </Field>
      <Field id="hd-reason" label={t('reason')} error={tried && !d.reason.trim() ? t('needed') : at(send.error, 'reason')}>
        {(aria) => <Input.TextArea {...aria} rows={2} value={d.reason} onChange={(e) => put({ reason: e.target.value })} />}
      </Field>
      <Problem error={send.error} />
      <Send pending={send.isPending} data-act="hand-draw">{t('draw')}</Send>
    </form>
  )
}
