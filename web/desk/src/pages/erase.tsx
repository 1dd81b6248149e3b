// Erasure of a person by order: he is found by his phone or, a member of staff, by his
// name; shown, so that it is he; then the keys are destroyed.

import { useState } from 'react'
import * as api from '../../../shared/api'
import type { Found } from '../../../shared/types'
import { useName, useSay, useVerb, useWhen } from '../app'
import { Checkbox, Input, Radio } from '../controls'
import { at, Choice, Empty, Field, Heading, onSubmit, Problem, Send } from '../parts'
import { useWords } from './erasetexts'

const reasons = ['request', 'court_order', 'retention', 'mistake', 'other'] as const

export default function ErasePage() {
  const t = useSay()
  const own = useWords()
  const [words, setWords] = useState('')
  const [tried, setTried] = useState(false)
  const [chosen, setChosen] = useState<Found>()
  const [done, setDone] = useState(false)
  const find = useVerb(
    () => api.findPeople(words.trim()),
    ({ items }) => setChosen(items.length === 1 ? items[0] : undefined),
  )
  const look = () => {
    setTried(true)
    setDone(false)
    setChosen(undefined)
    find.reset()
    if (words.trim()) find.mutate(undefined)
  }
  const erased = () => {
    setDone(true)
    setChosen(undefined)
    setWords('')
    setTried(false)
    find.reset()
  }
  const items = find.data?.items
  return (
    <div className="single">
      <Heading>{t('erase_title')}</Heading>
      <p className="note warn">{t('erase_lead')}</p>
      <form className="card" role="search" onSubmit={onSubmit(look)} noValidate>
        <Field id="person" label={own('who')} hint={own('who_hint')} error={tried && !words.trim() ? t('required') : (at(find.error, 'phone') ?? at(find.error, 'name'))}>
          {(aria) => <Input {...aria} value={words} autoComplete="off" onChange={(e) => setWords(e.target.value)} />}
        </Field>
        {!(at(find.error, 'phone') ?? at(find.error, 'name')) && <Problem error={find.error} />}
        <Send pending={find.isPending}>{own('find')}</Send>
      </form>
      {items?.length === 0 && <Empty>{own('nobody')}</Empty>}
      {items && items.length > 0 && <People items={items} chosen={chosen} choose={setChosen} />}
      {chosen && <Confirm key={chosen.id} person={chosen} done={erased} />}
      {done && (
        <p className="note good" role="status">
          {t('erase_done')}
        </p>
      )}
    </div>
  )
}

/** Who was found: one is chosen, or is the only one. */
function People({ items, chosen, choose }: { items: readonly Found[]; chosen: Found | undefined; choose: (p: Found) => void }) {
  const own = useWords()
  return (
    <section className="card found" role="radiogroup" aria-labelledby="found">
      <h2 id="found">{own('found')}</h2>
      {items.map((p) => (
        <Radio key={p.id} name="found" checked={chosen?.id === p.id} onChange={() => choose(p)}>
          <Person p={p} />
        </Radio>
      ))}
    </section>
  )
}

function Person({ p }: { p: Found }) {
  const own = useWords()
  const name = useName()
  const time = useWhen()
  return (
    <>
      <b>{p.name || own('no_name')}</b> {p.phone && <span className="whole">{p.phone}</span>}{' '}
      <small className="hint">
        {p.roles.map((r) => name('r', r)).join(' · ')} · {p.org} · {own('since', { when: time(p.made_at) })}
      </small>
    </>
  )
}

function Confirm({ person, done }: { person: Found; done: () => void }) {
  const t = useSay()
  const own = useWords()
  const name = useName()
  const [reason, setReason] = useState('')
  const [sure, setSure] = useState(false)
  const [tried, setTried] = useState(false)
  const send = useVerb(() => api.erase(person.id, reason), done)
  const submit = () => {
    setTried(true)
    if (reason && sure) send.mutate(undefined)
  }
  const called = [person.name || own('no_name'), person.phone].filter(Boolean).join(' ')
  return (
    <form className="card" aria-labelledby="confirm" onSubmit={onSubmit(submit)} noValidate>
      <h2 id="confirm">{own('confirm', { who: called })}</h2>
      <Field id="erase-reason" label={t('erase_reason')} error={tried && !reason ? t('required') : at(send.error, 'reason')}>
        {(aria) => <Choice {...aria} value={reason} onChange={setReason} options={reasons.map((r) => ({ value: r, label: name('e', r) }))} />}
      </Field>
      <Checkbox id="sure" className="check" checked={sure} aria-invalid={tried && !sure ? true : undefined} aria-describedby={tried && !sure ? 'sure-error' : undefined} onChange={(e) => setSure(e.target.checked)}>
        {own('sure', { who: called })}
      </Checkbox>
      {tried && !sure && (
        <p className="error" id="sure-error" role="alert">
          {t('required')}
        </p>
      )}
      <Problem error={send.error} />
      <Send pending={send.isPending} danger>
        {t('erase_do')}
      </Send>
    </form>
  )
}
