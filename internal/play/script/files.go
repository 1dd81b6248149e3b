package script

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
)

// attach uploads files for an order and names them in what is sent.
func (d *day) attach(ctx context.Context, c *client, order string, body map[string]any, kinds []string) error {
	var names []map[string]string
	for _, kind := range kinds {
		id := clientID(d.rng, d.step.Now())
		if _, err := d.do(ctx, c, http.MethodPut, "upload", order, "/orders/"+order+"/attachments/"+id, file(kind, d.rng.IntN(200)), Entry{Of: id}, 200); err != nil {
			return err
		}
		names = append(names, map[string]string{"id": id, "name": "材料." + kind})
	}
	if names != nil {
		body["attachments"] = names
	}
	return nil
}

// file makes a small picture or PDF file; shade makes it a different one.
func file(kind string, shade int) []byte {
	if kind == "pdf" {
		return pdf(fmt.Sprintf("Evidence %d", shade))
	}
	img := image.NewGray(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: uint8(i + shade)}.Y
	}
	b := &bytes.Buffer{}
	_ = png.Encode(b, img) // into memory
	return b.Bytes()
}

// pdf is a file of one page with a line of text.
func pdf(text string) []byte {
	b := &bytes.Buffer{}
	b.WriteString("%PDF-1.4\n")
	page := "BT /F1 18 Tf 72 720 Td (" + text + ") Tj ET"
	var at []int
	for i, object := range []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"} {
		at = append(at, b.Len())
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	begin := b.Len()
	fmt.Fprintf(b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, begin)
	return b.Bytes()
}
