package wap

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
)

// Files come with a form as multipart/form-data and go on to the API as they come:
// never held as a whole, never written to a disk here. That works because a form
// has its file input behind all its other fields: when the first file arrives,
// everything else has been read, and who isn't signed in can be signed in first.

const (
	maxFiles  = 10
	filesBody = maxFiles*(20<<20) + 1<<20 // bytes of a form with as many files as it may have
)

// attachment is a file of an order, or one that was uploaded and waits in a form that
// was refused.
type attachment struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Size int64  `json:"size,omitempty"`
	Kind string `json:"kind,omitempty"`
}

// fileLinks are files with the path below which they lie, for the template "files".
type fileLinks struct {
	At    string
	Files []attachment
}

// isFiles tells whether a form comes with files.
func isFiles(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// parse reads the form: all of it, or, where it may come with files, what stands
// before the first one.
func (v *visit) parse(files bool) error {
	if !files || !isFiles(v.r) {
		v.r.Body = http.MaxBytesReader(v.w, v.r.Body, bodyLimit)
		return v.r.ParseForm()
	}
	v.w, v.r = web.Slowly(v.w, v.r)
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, filesBody)
	v.r.PostForm = url.Values{}
	var err error
	if v.parts, err = v.r.MultipartReader(); err != nil {
		return err
	}
	v.file, err = v.fields()
	return err
}

// fields reads fields until a file comes, and gives it; nil at the end. What comes with
// no name is no file: the input was left empty.
func (v *visit) fields() (*multipart.Part, error) {
	for left := int64(bodyLimit); ; {
		part, err := v.parts.NextPart()
		if err == io.EOF { // as it is: a form that was cut says so around it
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return part, nil
		}
		b, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return nil, err
		}
		if left -= int64(len(b)); left < 0 {
			return nil, &refusal{Status: http.StatusRequestEntityTooLarge, Detail: v.t("wap.too_much")}
		}
		v.r.PostForm.Add(part.FormName(), string(b))
	}
}

// orderFiles is where the API takes the files of an order, which is there or still
// to come.
func orderFiles(order string) string { return "/orders/" + url.PathEscape(order) + "/attachments/" }

// upload sends the files of the form to where the API takes them. It gives those
// that lie there now, also where a later one was refused.
func (v *visit) upload(at string) (sent []attachment, err error) {
	defer func() { err = v.told(err) }()
	sent = v.kept()
	for v.file != nil && err == nil {
		if len(sent) >= maxFiles {
			return sent, &refusal{Status: http.StatusUnprocessableEntity, Detail: say.Text(v.lang, "fault.too_many_items", map[string]any{"max": maxFiles})}
		}
		a := attachment{ID: id.New().String(), Name: v.file.FileName()}
		if err = v.api.put(at+a.ID, a.Name, v.file); err != nil {
			if r, ok := errors.AsType[*refusal](err); ok && r.Status != http.StatusUnauthorized {
				r.Detail = a.Name + ": " + r.Detail // which of them
			}
			return sent, err
		}
		sent = append(sent, a)
		v.file, err = v.fields()
	}
	return sent, err
}

// kept are the files that a form carries on: uploaded before.
func (v *visit) kept() (list []attachment) {
	for _, k := range v.r.PostForm["kept"] {
		i, name, _ := strings.Cut(k, " ")
		list = append(list, attachment{ID: i, Name: name})
	}
	return list
}

// told makes a refusal of what went wrong with the form itself.
func (v *visit) told(err error) error {
	key, status := "web.cut", http.StatusBadRequest
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		key, status = "fault.too_large", http.StatusRequestEntityTooLarge
	}
	if _, ok := errors.AsType[*refusal](err); ok || err == nil {
		return err
	}
	return &refusal{Status: status, Detail: say.Text(v.lang, key, nil)}
}

// rest reads what is left of a form that was refused, or its sender would not hear
// why. It is bounded like the form.
func (v *visit) rest() {
	if v.parts != nil {
		_, _ = io.Copy(io.Discard, v.r.Body)
	}
}

// naming is what the verbs of the API want to know of files.
func naming(list []attachment) []attachment {
	out := make([]attachment, 0, len(list))
	for _, a := range list {
		out = append(out, attachment{ID: a.ID, Name: a.Name})
	}
	return out
}

// atFiles gives the messages of a refusal by field, those about files together.
func atFiles(errs map[string]string) map[string]string {
	for name, message := range errs {
		if strings.HasPrefix(name, "attachments") {
			errs["files"] = cmp.Or(errs["files"], message)
		}
	}
	return errs
}
