package setting

import "mingfa/internal/base/say"

// Words are what people read of a setting where they change it.
type Words struct {
	Title, Hint say.Texts
	Fields      map[string]say.Texts // labels of the fields of its value, by their names in JSON
}

// Say registers the words of a setting; the room that defines it calls it while
// its package initialises. Fields of all settings share their names: the same name
// in two rooms panics, since both would show the same label.
func Say(name string, w Words) {
	texts := map[string]say.Texts{TitleKey(name): w.Title, HintKey(name): w.Hint}
	for field, t := range w.Fields {
		texts[FieldKey(field)] = t
	}
	say.Register(texts)
}

// TitleKey is the key of a setting's title.
func TitleKey(name string) string { return "settings.title_" + name }

// HintKey is the key of the sentence below it.
func HintKey(name string) string { return "settings.hint_" + name }

// FieldKey is the key of the label of a field.
func FieldKey(field string) string { return "settings.field_" + field }
