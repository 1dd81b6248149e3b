// One sample: the reply without contact data, and beside it the score card to fill
// in, or the cards that the viewer may know. What rules noticed are hints: only a
// person marks. Who makes the second check is shown neither card nor dispute (the
// server leaves them out). req: B7.2.4a

import { useState } from 'react'
import { newID } from '../../../shared/ident'
import { useLoad, useName, useVerb, useWhen } from '../app'
import { Button, Checkbox, Input } from '../controls'
import { at, Facts, Field, Heading, onSubmit, Problem, Send, Text, Wait } from '../parts'
import { ReasonDialog } from '../reason'
import { Attachments } from './attachments'
import { AnswerView } from './order'
import * as api from './qualityapi'
import { useWords } from './qualitytexts'

const kinds: Record<api.SampleState, string> = { open: 'waiting', checked: '', disputed: 'warn', differing: 'warn', final: 'good', void: 'closed' }

export function StateMark({ s }: { s: api.Sample }) {
  const t = useWords()
  return <span className={'state ' + kinds[s.state]}>{t(s.state)}</span>
}

export function Result({ s }: { s: api.Sample }) {
  const t = useWords()
  if (!s.result) return null
  return (
    <span className="line">
      {s.result.fatal && <span className="state bad">{t('r_fatal')}</span>}
      {s.result.minor && <span className="state warn">{t('r_minor')}</span>}
      {!s.result.fatal && !s.result.minor && <span className="state good">{t('r_good')}</span>}
    </span>
  )
}

export function SamplePage({ id, back }: { id: string; back: string }) {
  const t = useWords()
  const one = useLoad(['sample', id], () => api.read(id))
  return (
    <>
      <p className="backlink">
        <a href={back}>{t('back')}</a>
      </p>
      <Wait of={one}>{(s) => <View s={s} />}</Wait>
    </>
  )
}

function View({ s }: { s: api.Detail }) {
  const t = useWords()
  const cards = s.checks.length > 0 && <Cards s={s} />
  const deciding = s.state === 'differing' // then one reads what was said before one fills in a card
  return (
    <article data-state={s.state}>
      <Heading>{s.reply.title || s.number}</Heading>
      <p className="line">
        <StateMark s={s} /> <Result s={s} />
      </p>
      <div className="panes two inspect">
        <Reply s={s} />
        <aside className="person-pane" aria-label={t('card')}>
          {deciding && cards}
          {s.can.includes('check') && <ScoreCard key={s.rev} s={s} />}
          {!deciding && cards}
          {s.can.includes('dispute') && <Dispute s={s} />}
        </aside>
      </div>
    </article>
  )
}

function Reply({ s }: { s: api.Detail }) {
  const t = useWords()
  const name = useName()
  const time = useWhen()
  const r = s.reply
  if (r.erased) return <p className="note">{t('erased')}</p>
  return (
    <div>
      <section className="card" aria-label={t('number')}>
        <Facts
          rows={[
            [t('number'), <span className="whole">{s.number}</span>],
            [t('lawyer'), s.lawyer && [s.lawyer.name, s.lawyer.firm].filter(Boolean).join(' · ')],
            [t('problem'), s.problem],
            [t('source'), t(s.drawn ? 'drawn' : 'added')],
            [t('why_added'), s.reason],
            [t('asked'), <>{time(r.asked_at)} {r.late && <span className="state bad">{t('late')}</span>}</>],
            [t('rating'), r.rating && name('l', r.rating)],
            [t('comment'), r.comment],
            [t('due'), time(s.due_at)],
          ]}
        />
      </section>
      <section className="card question" aria-labelledby="q">
        <h2 id="q">{t('question')}</h2>
        <Text>{r.question}</Text>
        <Attachments order={s.order} list={r.question_attachments} at={(f) => api.fileOf(s.id, f)} />
      </section>
      <section className="card" aria-labelledby="a">
        <h2 id="a">{t('answer')}</h2>
        <AnswerView a={{ opening: r.opening, ...r.answer, basis: r.answer.basis.map((b, i) => ({ ...b, checked: r.basis_known[i] === true })), disclaimer: r.disclaimer, closing: r.closing, at: r.answered_at, attachments: [] }} />
        <Attachments order={s.order} list={r.answer_attachments} at={(f) => api.fileOf(s.id, f)} />
      </section>
      {r.messages.length > 0 && (
        <section aria-labelledby="talk">
          <h2 id="talk">{t('talk')}</h2>
          <ol className="talk">
            {r.messages.map((m, i) => (
              <li key={i} className={'card ' + m.role}>
                <p className="hint">
                  <b>{name('r', m.role)}</b> · {time(m.at)}
                </p>
                <Text>{m.text}</Text>
                <Attachments order={s.order} list={m.attachments} at={(f) => api.fileOf(s.id, f)} />
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  )
}

/** Marks by item: a note for each that is wrong. */
type Marks = Record<string, string>

function ScoreCard({ s }: { s: api.Detail }) {
  const t = useWords()
  const [id] = useState(newID)
  const [marks, setMarks] = useState<Marks>({})
  const [summary, setSummary] = useState('')
  const [tried, setTried] = useState(false)
  const list = s.items.filter((x) => x.code in marks)
  const send = useVerb(() =>
    api.check(s, {
      id,
      marks: list.map((x) => ({ item: x.code, ...(marks[x.code]!.trim() && { note: marks[x.code]!.trim() }) })),
      ...(summary.trim() && { summary: summary.trim() }),
    }),
  )
  const turn = (code: string, on: boolean) => {
    const { [code]: _, ...rest } = marks
    setMarks(on ? { ...rest, [code]: '' } : rest)
  }
  const submit = () => {
    setTried(true)
    if (list.every((x) => !x.fatal || marks[x.code]!.trim())) send.mutate(undefined)
  }
  return (
    <form className="card score" onSubmit={onSubmit(submit)} noValidate aria-labelledby="score">
      <h2 id="score">{t('card')}</h2>
      {s.state === 'disputed' && <p className="note">{t('blind')}</p>}
      {s.state === 'differing' && <p className="note">{t('decide')}</p>}
      <h3>{t('hints')}</h3>
      {s.hints.length === 0 && <p className="hint">{t('hints_none')}</p>}
      <ul className="facts">
        {s.hints.map((h, i) => (
          <li key={i}>
            {h.text}{' '}
            {h.item &&
              (h.item in marks ? (
                <span className="state warn">{t('confirmed')}</span>
              ) : (
                <Button size="small" onClick={() => turn(h.item!, true)}>
                  {t('confirm')}
                </Button>
              ))}
          </li>
        ))}
      </ul>
      {[true, false].map((fatal) => (
        <fieldset key={String(fatal)}>
          <legend>{t(fatal ? 'fatal_items' : 'minor_items')}</legend>
          {s.items
            .filter((x) => x.fatal === fatal)
            .map((x) => (
              <div key={x.code} data-item={x.code}>
                <Checkbox className="check" checked={x.code in marks} onChange={(e) => turn(x.code, e.target.checked)}>
                  {x.text}
                </Checkbox>
                {x.code in marks && (
                  <Field id={'note-' + x.code} label={t(fatal ? 'note_fatal' : 'note_minor')} error={tried && fatal && !marks[x.code]!.trim() ? t('required') : at(send.error, `marks[${list.indexOf(x)}].note`)}>
                    {(aria) => <Input.TextArea {...aria} rows={2} maxLength={1000} value={marks[x.code]} onChange={(e) => setMarks({ ...marks, [x.code]: e.target.value })} />}
                  </Field>
                )}
              </div>
            ))}
        </fieldset>
      ))}
      <Field id="summary" label={t('summary')} error={at(send.error, 'summary')}>
        {(aria) => <Input.TextArea {...aria} rows={2} maxLength={1000} value={summary} onChange={(e) => setSummary(e.target.value)} />}
      </Field>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{list.length ? t('submit_n', { n: list.length }) : t('submit_none')}</Send>
    </form>
  )
}

function Cards({ s }: { s: api.Detail }) {
  const t = useWords()
  const time = useWhen()
  const item = (code: string) => s.items.find((x) => x.code === code)
  return (
    <section className="card" aria-labelledby="cards">
      <h2 id="cards">{t('cards')}</h2>
      {s.checks.map((c) => (
        <div key={c.round} data-round={c.round}>
          <h3>
            {t('round', { n: c.round })} <small className="hint">{time(c.at)}</small>
          </h3>
          {c.marks.length === 0 && <p>{t('no_marks')}</p>}
          <ul className="facts">
            {c.marks.map((m) => (
              <li key={m.item}>
                <span className={item(m.item)?.fatal ? 'state bad' : 'state warn'}>{t(item(m.item)?.fatal ? 'r_fatal' : 'r_minor')}</span> {item(m.item)?.text ?? m.item}
                {m.note && <p className="quote">{m.note}</p>}
              </li>
            ))}
          </ul>
          {c.summary && <p>{c.summary}</p>}
        </div>
      ))}
      {s.dispute && (
        <>
          <h3>{t('dispute_words')}</h3>
          <p className="quote">{s.dispute}</p>
        </>
      )}
    </section>
  )
}

function Dispute({ s }: { s: api.Detail }) {
  const t = useWords()
  const time = useWhen()
  const [open, setOpen] = useState(false)
  const send = useVerb(
    (words: string) => api.dispute(s, words),
    () => setOpen(false),
  )
  return (
    <section className="card">
      <p className="hint">{t('dispute_lead')}</p>
      <p>
        <span className="hint">{t('dispute_by')}</span> {time(s.due_at)}
      </p>
      <Button data-act="dispute" aria-haspopup="dialog" onClick={() => (send.reset(), setOpen(true))}>
        {t('dispute')}
      </Button>
      {open && <ReasonDialog title={t('dispute')} lead={t('dispute_lead')} label={t('dispute_why')} confirm={t('dispute')} pending={send.isPending} error={send.error} onConfirm={(w) => send.mutate(w)} onClose={() => setOpen(false)} />}
    </section>
  )
}
