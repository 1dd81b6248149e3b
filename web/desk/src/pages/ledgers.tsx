// The ledger of call-backs and the register of complaints, as files.

import { useState } from 'react'
import * as api from '../../../shared/api'
import { now } from '../../../shared/api'
import { words } from '../app'
import { Button, Input } from '../controls'
import { Field, Heading } from '../parts'

const useWords = words({
  title: ['台账', '台帳', 'Ledgers'],
  lead: ['含个人信息，每次下载都会留下记录。CSV 和 XLSX 一次最多 5000 条，PDF 最多 500 条；超出时请缩短时间段。', '含個人資料，每次下載都會留下紀錄。CSV 和 XLSX 一次最多 5000 項，PDF 最多 500 項；超出時請縮短時段。', 'They hold personal data; each download is on record. CSV and XLSX hold at most 5,000 entries, PDF 500: choose a shorter period for more.'],
  callbacks: ['回访台账', '回訪台帳', 'Ledger of call-backs'],
  callbacks_hint: ['按评价时间', '按評分時間', 'By the time of the rating'],
  complaints: ['投诉建议登记簿', '投訴及建議登記冊', 'Register of complaints and suggestions'],
  complaints_hint: ['按受理时间', '按受理時間', 'By the time of receipt'],
  from: ['自', '由', 'From'],
  to: ['至', '至', 'To'],
})

const two = (n: number) => String(n).padStart(2, '0')

function firstOfMonth(): string {
  const today = new Date(now())
  return `${today.getFullYear()}-${two(today.getMonth() + 1)}-01`
}

export default function LedgersPage() {
  const t = useWords()
  const [from, setFrom] = useState(firstOfMonth)
  const [to, setTo] = useState('')
  return (
    <>
      <Heading>{t('title')}</Heading>
      <p className="lead hint">{t('lead')}</p>
      <div className="days">
        <Field id="ledger-from" label={t('from')}>
          {(aria) => <Input {...aria} type="date" value={from} max={to || undefined} onChange={(e) => setFrom(e.target.value)} />}
        </Field>
        <Field id="ledger-to" label={t('to')}>
          {(aria) => <Input {...aria} type="date" value={to} min={from || undefined} onChange={(e) => setTo(e.target.value)} />}
        </Field>
      </div>
      <div className="two-cards">
        {(['callbacks', 'complaints'] as const).map((what) => (
          <section key={what} className="card" aria-labelledby={what + '-title'}>
            <h2 id={what + '-title'}>{t(what)}</h2>
            <p className="hint">{t((what + '_hint') as 'callbacks_hint')}</p>
            <p className="actions">
              {['xlsx', 'csv', 'pdf'].map((format) => (
                <Button key={format} href={api.ledgerFile(what, format, { from: from || undefined, to: to || undefined })} download>
                  {format.toUpperCase()}
                </Button>
              ))}
            </p>
          </section>
        ))}
      </div>
    </>
  )
}
