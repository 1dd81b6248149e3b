// The live board: the day at a glance against Table 1. It asks anew every three
// seconds and says how old its figures are. Every figure opens its records; marks
// are words and signs, colour only adds to them. "wall" is the same for a large
// screen on a wall: no names of persons, nothing to operate.

import CheckCircleOutlined from '@ant-design/icons-svg/es/asn/CheckCircleOutlined'
import CloseCircleOutlined from '@ant-design/icons-svg/es/asn/CloseCircleOutlined'
import ExclamationCircleOutlined from '@ant-design/icons-svg/es/asn/ExclamationCircleOutlined'
import FullscreenOutlined from '@ant-design/icons-svg/es/asn/FullscreenOutlined'
import MinusCircleOutlined from '@ant-design/icons-svg/es/asn/MinusCircleOutlined'
import { useEffect, useRef, useState } from 'react'
import * as api from '../../../shared/api'
import { query } from '../../../shared/api'
import { locales } from '../../../shared/lang'
import { go } from '../../../shared/route'
import type { Board, BoardFigure, BoardMark } from '../../../shared/types'
import { useApp, useLang, useLoad, useNow, useRate } from '../app'
import { Button, Segmented } from '../controls'
import { Icon, type Drawing } from '../icon'
import { Heading, Wait } from '../parts'
import { entriesOf, type PageProps } from '.'
import { Spark, told, valueOf } from './spark'
import { useWords } from './boardtexts'

type Span = 'hours' | 'days'

const groups = ['now', 'day', 'complaints', 'quality', 'lawyers', 'excluded'] as const

export default function BoardPage({ route }: PageProps) {
  const t = useWords()
  const wall = route.parts[1] === 'wall'
  const [span, setSpan] = useState<Span>('days')
  const board = useLoad(['board'], api.board, 3_000)
  const tools = (
    <div className="line">
      {board.data && <Age b={board.data} asking={board.isFetching && !board.isFetchedAfterMount} />}
      <Segmented<Span> size="small" aria-label={t('span')} value={span} onChange={setSpan} options={(['days', 'hours'] as const).map((s) => ({ value: s, label: t(s) }))} />
      <Button href="#/board/wall">{t('wall')}</Button>
    </div>
  )
  if (wall) return <Wait of={board}>{(b) => <Wall b={b} />}</Wait>
  return (
    <div className="board">
      <Heading extra={tools}>{t('title')}</Heading>
      <Wait of={board}>
        {(b) => (
          <>
            {groups.map((g) => (
              <section key={g} aria-labelledby={'g-' + g}>
                <h2 id={'g-' + g}>{t(g)}</h2>
                <div className={'figures ' + g}>
                  {b.figures
                    .filter((f) => f.group === g)
                    .map((f) => (
                      <Card key={f.code} f={f} span={span} />
                    ))}
                </div>
              </section>
            ))}
          </>
        )}
      </Wait>
    </div>
  )
}

/** How old the figures are; more than 15 seconds is a warning, but not while the page that was just opened asks for them. */
function Age({ b, asking = false }: { b: Board; asking?: boolean }) {
  const t = useWords()
  const seconds = Math.max(0, Math.round((useNow() - Date.parse(b.at)) / 1000))
  const old = seconds > 15 && !asking
  return (
    <span className={old ? 'state bad' : 'hint'} data-age={seconds}>
      {t(old ? 'stale' : 'fresh', { n: seconds })}
      {b.behind > 0 && ` · ${t('behind', { n: b.behind })}`}
    </span>
  )
}

const signs: Record<BoardMark, Drawing> = {
  met: CheckCircleOutlined,
  near: ExclamationCircleOutlined,
  missed: CloseCircleOutlined,
  few: MinusCircleOutlined,
  none: MinusCircleOutlined,
}
const kinds: Record<BoardMark, string> = { met: 'good', near: 'warn', missed: 'bad', few: 'closed', none: 'closed' }

/** A word and a sign of its own shape; none where nothing is asked. */
function Mark({ f }: { f: BoardFigure }) {
  const t = useWords()
  if (!f.threshold) return null
  return (
    <span className={'state ' + kinds[f.mark]} data-mark={f.mark}>
      <Icon of={signs[f.mark]} /> {t(f.mark)}
    </span>
  )
}

/** The pages of the desk that show a list of the API, if the reader has them. */
function useOpens(): (o: BoardFigure['opens'][number]) => string | undefined {
  const { me } = useApp()
  const mine = entriesOf(me).map((e) => e.path)
  return ({ path, query: q }) => {
    const page = mine.find((p) => path === p || path.endsWith(p))
    return page && '#' + page + query(q)
  }
}

const zero = (f: BoardFigure) => f.unit === 'count' && f.num === 0 && f.mark !== 'missed'

function Card({ f, span }: { f: BoardFigure; span: Span }) {
  const t = useWords()
  const to = useOpens()
  const text = useRate()(f.text)
  const counted = f.opens[0] && to(f.opens[0])
  const id = 'f-' + f.code
  return (
    <article className={`card figure-card mark-${f.threshold ? kinds[f.mark] : 'none'}${zero(f) ? ' zero' : ''}`} data-figure={f.code} data-value={f.num} aria-labelledby={id}>
      <h3 id={id}>{f.name}</h3>
      <p className="value">
        {counted ? (
          <a href={counted} aria-label={`${f.name} ${text}`}>
            {text}
          </a>
        ) : (
          <b>{text}</b>
        )}{' '}
        {f.unit === 'percent' && f.den ? <small className="hint">{`${f.num} / ${f.den}`}</small> : null}
      </p>
      {f.threshold && (
        <p className="line">
          <Mark f={f} /> <small className="hint">{t('target', { t: f.threshold.text })}</small>
        </p>
      )}
      <Trend f={f} span={span} />
      <details>
        <summary>{t('more')}</summary>
        <p className="hint">
          {f.formula} · {f.requirement}
        </p>
        <ul className="opens">
          {f.opens.map((o) => {
            const href = to(o)
            return href && f.opens.length > 1 ? (
              <li key={o.what}>
                <a href={href}>{t(`opens_${o.what}`, { n: o.count })}</a>
              </li>
            ) : null
          })}
        </ul>
        <Numbers f={f} span={span} />
      </details>
    </article>
  )
}

function Trend({ f, span }: { f: BoardFigure; span: Span }) {
  return <Spark points={f[span].length > 0 ? f[span] : f.days} rate={f.unit === 'percent'} />
}

/** The numbers of the trend, for who can't see or does not trust the line. */
function Numbers({ f, span }: { f: BoardFigure; span: Span }) {
  const t = useWords()
  const lang = useLang()
  const said = useRate()
  const rate = f.unit === 'percent'
  const points = f[span].length > 0 ? f[span] : f.days
  if (points.length === 0) return null
  const hourly = span === 'hours' && f.hours.length > 0
  const months = !hourly && f.group === 'quality'
  const when = new Intl.DateTimeFormat(locales[lang], hourly ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : months ? { year: 'numeric', month: '2-digit' } : { month: '2-digit', day: '2-digit' })
  return (
    <table className="numbers">
      <thead>
        <tr>
          <th scope="col">{t('period')}</th>
          <th scope="col">{t('value')}</th>
          {rate && <th scope="col">{t('parts')}</th>}
        </tr>
      </thead>
      <tbody>
        {points.map((p) => (
          <tr key={p.at}>
            <th scope="row">{when.format(new Date(p.at))}</th>
            <td>{said(told(valueOf(p, rate), rate))}</td>
            {rate && <td>{`${p.num} / ${p.den ?? 0}`}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const onWall = ['waiting', 'oldest_waiting', 'clock_90', 'clock_110', 'clock_120', 'callbacks_open', 'consultations', 'timely_answer_rate', 'participation', 'satisfaction', 'callback_rate', 'complaints_open', 'fatal_error_rate', 'non_fatal_error_rate', 'lawyers_online', 'lawyers_busy']

/** The wallboard: covers everything, large, without names of persons. */
function Wall({ b }: { b: Board }) {
  const t = useWords()
  const lang = useLang()
  const ref = useRef<HTMLDivElement>(null)
  const rate = useRate()
  const time = new Intl.DateTimeFormat(locales[lang], { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: b.zone }).format(useNow())
  useEffect(() => {
    const leave = (e: KeyboardEvent) => {
      if (e.key === 'Escape' && !document.fullscreenElement) go('/board')
    }
    addEventListener('keydown', leave)
    return () => removeEventListener('keydown', leave)
  }, [])
  const figures = onWall.map((code) => b.figures.find((f) => f.code === code)).filter((f) => f !== undefined)
  return (
    <div className="wall" ref={ref}>
      <header>
        <Heading>{`${b.org.name} · ${t('title')}`}</Heading>
        <span>{time}</span>
        <Age b={b} />
        <span className="gap" />
        {document.fullscreenEnabled && (
          <Button icon={<Icon of={FullscreenOutlined} />} onClick={() => void ref.current?.requestFullscreen().catch(() => undefined)}>
            {t('full')}
          </Button>
        )}
        <Button href="#/board">{t('leave')}</Button>
      </header>
      <div className="tiles">
        {figures.map((f) => (
          <section key={f.code} className={`tile mark-${f.threshold ? kinds[f.mark] : 'none'}`} aria-labelledby={'w-' + f.code} data-figure={f.code}>
            <h2 id={'w-' + f.code}>{f.name}</h2>
            <b>{rate(f.text)}</b>
            <Mark f={f} />
          </section>
        ))}
      </div>
    </div>
  )
}
