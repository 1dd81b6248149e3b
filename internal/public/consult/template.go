package consult

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// The uniform texts around every answer (B6.2.1.2a, f) are settings: each
// organisation may have its own, each change is a version, and an answer keeps
// which version it was given with.

// wording is one uniform text in the languages of the house.
type wording map[string]string

func (w wording) in(language string) string {
	if s := w[language]; s != "" {
		return s
	}
	return w[say.Hans]
}

// maxTemplate bounds a uniform text, in characters.
const maxTemplate = 1000

func checkWording(w wording) error {
	var bad []fault.Field
	for language := range w {
		if !known(language) {
			bad = append(bad, fault.At("texts", "fault.field_choice"))
		}
	}
	for _, language := range say.Languages {
		s, err := text.Clean(w[language])
		switch {
		case err != nil:
			bad = append(bad, fault.At("texts."+language, "fault.text_refused"))
		case text.Blank(s):
			bad = append(bad, fault.At("texts."+language, "fault.field_required"))
		case text.Length(s) > maxTemplate:
			bad = append(bad, fault.At("texts."+language, "fault.too_long").With("max", maxTemplate))
		}
	}
	if len(bad) > 0 {
		return fault.Bad(bad...)
	}
	return nil
}

func known(language string) bool {
	for _, l := range say.Languages {
		if l == language {
			return true
		}
	}
	return false
}

// templateKeys are the three settings by the name on the wire.
var templateKeys = map[string]setting.Key[wording]{
	"opening": setting.Define("consult.opening", wording{
		say.Hans: "您好，我是值班律师。您的问题我已仔细阅读，现答复如下：",
		say.Hant: "您好，我是當值律師。您的問題我已仔細閱讀，現回覆如下：",
		say.En:   "Hello, I am the duty lawyer. I have read your question carefully; here is my answer.",
	}, checkWording),
	"disclaimer": setting.Define("consult.disclaimer", wording{
		say.Hans: "以上意见根据您提供的情况作出，仅供参考，不作为诉讼或其他程序的依据；情况不同，结论可能不同。",
		say.Hant: "以上意見根據您提供的情況作出，僅供參考，不作為訴訟或其他程序的依據；情況不同，結論可能不同。",
		say.En:   "This opinion rests on what you told us. It is for your information, not a basis for court or other proceedings; with other facts the conclusion may differ.",
	}, checkWording),
	"closing": setting.Define("consult.closing", wording{
		say.Hans: "如还有疑问，可以在本页继续提问。请您对这次答复作出评价，您的评价会帮助我们改进。祝您顺利！",
		say.Hant: "如仍有疑問，可在本頁繼續提問。請您為這次回覆評分，您的評分會幫助我們改進。祝您順利！",
		say.En:   "If something is still unclear, ask again on this page. Please rate this answer; it helps us to do better. We wish you well.",
	}, checkWording),
}

// templateNames in the order of an answer.
var templateNames = []string{"opening", "disclaimer", "closing"}

// templateRef names a version of a uniform text: who set it, and which.
type templateRef string

func refOf(v setting.Value[wording]) templateRef {
	return templateRef(v.Org.String() + "/" + strconv.FormatInt(v.Version, 10))
}

func (r templateRef) version() int64 {
	_, n, _ := strings.Cut(string(r), "/")
	v, _ := strconv.ParseInt(n, 10, 64)
	return v
}

// textOf reads the version again, for showing an old answer.
func (r templateRef) textOf(tx *db.Tx, name, language string) (string, error) {
	org, _, _ := strings.Cut(string(r), "/")
	i, err := id.Parse(org)
	if err != nil {
		return "", fmt.Errorf("version of the text %s: %w", name, err)
	}
	v, err := setting.Exact(tx, templateKeys[name], i, r.version())
	return v.Value.in(language), err
}

// inForce finds the three texts for an order, with their versions.
func inForce(tx *db.Tx, path, language string) (t Templates, refs map[string]templateRef, err error) {
	refs = map[string]templateRef{}
	words := map[string]string{}
	for _, name := range templateNames {
		v, err := setting.Find(tx, templateKeys[name], path, tx.Now())
		if err != nil {
			return t, nil, err
		}
		refs[name], words[name] = refOf(v), v.Value.in(language)
	}
	return Templates{words["opening"], words["disclaimer"], words["closing"]}, refs, nil
}

// Template is a uniform text in force, for administrators.
type Template struct {
	Name    string
	Version int64
	Texts   map[string]string
	From    time.Time
}

// Templates lists the uniform texts in force for the actor's organisation.
func (s *Service) Templates(ctx context.Context, a who.Actor) (out []Template, err error) {
	if err := s.Rules.Need(a, "template.see", access.Object{Org: a.Scope}); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		for _, name := range templateNames {
			v, err := setting.Find(tx, templateKeys[name], a.Scope, tx.Now())
			if err != nil {
				return err
			}
			out = append(out, Template{name, v.Version, v.Value, v.From})
		}
		return nil
	})
	return out, err
}

// SetTemplate gives the actor's organisation a new version of a uniform text,
// from an instant on (zero: now).
func (s *Service) SetTemplate(ctx context.Context, a who.Actor, name string, texts map[string]string, from time.Time) (out Template, err error) {
	key, ok := templateKeys[name]
	if err := s.Rules.Need(a, "template.set", access.Object{Org: a.Scope}); err != nil {
		return out, err
	}
	if !ok {
		return out, fault.NotThere()
	}
	for l, t := range texts {
		if clean, err := text.Clean(t); err == nil {
			texts[l] = clean
		}
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		org, err := s.People.OrgByID(tx, a.Org)
		if err != nil {
			return err
		}
		v, err := setting.Set(tx, key, setting.Owner{Org: org.ID, Path: org.Path}, wording(texts), from)
		out = Template{name, v.Version, v.Value, v.From}
		return err
	})
	return out, err
}
