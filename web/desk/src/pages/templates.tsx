// Opening, disclaimer and closing: versioned; a change is a new version.

import { useState } from 'react'
import * as api from '../../../shared/api'
import { langNames, langs } from '../../../shared/lang'
import type { Template } from '../../../shared/types'
import { is, useApp, useLoad, useName, useSay, useVerb, useWhen } from '../app'
import { Button, Input } from '../controls'
import { at, Field, Heading, onSubmit, Problem, Send, Wait } from '../parts'

export default function TemplatesPage() {
  const t = useSay()
  const list = useLoad(['templates'], api.templates)
  return (
    <>
      <Heading>{t('templates_title')}</Heading>
      <p>{t('templates_lead')}</p>
      <Wait of={list}>
        {({ items }) => (
          <>
            {items.map((x) => (
              <One key={x.name + x.version} x={x} />
            ))}
          </>
        )}
      </Wait>
    </>
  )
}

function One({ x }: { x: Template }) {
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const { me } = useApp()
  const [edit, setEdit] = useState(false)
  const [texts, setTexts] = useState(x.texts)
  const save = useVerb(
    () => api.setTemplate(x.name, texts),
    () => setEdit(false),
  )
  return (
    <section className="card" aria-labelledby={'t-' + x.name}>
      <h2 id={'t-' + x.name}>{name('t', x.name)}</h2>
      <p className="hint">
        {x.version ? `${t('version')} ${x.version}` : t('as_brought')} {x.from && `· ${t('in_force')} ${time(x.from)}`}
      </p>
      {edit ? (
        <form onSubmit={onSubmit(() => save.mutate(undefined))}>
          {langs.map((l) => (
            <Field key={l} id={x.name + l} label={langNames[l]} error={at(save.error, 'texts.' + l)}>
              {(aria) => <Input.TextArea {...aria} lang={l} rows={3} required value={texts[l] ?? ''} onChange={(e) => setTexts({ ...texts, [l]: e.target.value })} />}
            </Field>
          ))}
          <Problem error={save.error} />
          <div className="buttons">
            <Send pending={save.isPending}>{t('new_version')}</Send>
            <Button onClick={() => (setTexts(x.texts), setEdit(false))}>
              {t('cancel')}
            </Button>
          </div>
        </form>
      ) : (
        <>
          {langs.map((l) => (
            <div key={l} lang={l}>
              <h3>{langNames[l]}</h3>
              <p className="quote">{x.texts[l]}</p>
            </div>
          ))}
          {is(me, 'administrator') && (
            <Button onClick={() => setEdit(true)}>
              {t('edit')}
            </Button>
          )}
        </>
      )}
    </section>
  )
}
